"""The cast of the trade."""

from __future__ import annotations

from tests.service.conftest import cast as cast
