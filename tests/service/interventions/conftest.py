"""Jobs of this room run inside the test's own transaction."""

from __future__ import annotations

import pytest

from gruppetto.kernel.jobs import queue


@pytest.fixture(autouse=True)
def jobs_keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker drops stale connections before each job; the test's only one holds its transaction."""
    monkeypatch.setattr(queue, "close_old_connections", lambda: None)
