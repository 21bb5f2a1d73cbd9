"""The cast of the trade, and what they did."""

from __future__ import annotations

from tests.service.conftest import cast as cast
