"""Jobs of these tests run on the test's own connection."""

from __future__ import annotations

import pytest

from gruppetto.kernel.jobs import queue


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "close_old_connections", lambda: None)
