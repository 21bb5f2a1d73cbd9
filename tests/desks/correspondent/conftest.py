"""The cast of the trade, at the correspondent's desk."""

from __future__ import annotations

from tests.service.conftest import cast as cast
