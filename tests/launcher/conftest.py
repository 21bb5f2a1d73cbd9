"""Servers of both ages: the wheel's and the machine's own (the floor is PostgreSQL 15)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gruppetto.launcher import LauncherError, Server, ensure, prepare
from gruppetto.launcher.binaries import choose

DATABASE = "gruppetto"


def installed_folder() -> Path:
    """Folder of the programs of an installed server; skips where the machine has none."""
    try:
        found = choose("installed")
    except LauncherError:
        found = None
    if found is None or found.wheel:
        pytest.skip("no PostgreSQL server is installed on this machine")
    return found.folder


@pytest.fixture(scope="session", params=["embedded", "installed"])
def prefer(request: pytest.FixtureRequest) -> str | Path:
    """Each kind of binaries in turn."""
    return installed_folder() if request.param == "installed" else "embedded"


@pytest.fixture(scope="session")
def server(prefer: str | Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with the prepared database; for tests that leave it running."""
    folder = tmp_path_factory.mktemp("server")
    made = ensure(folder, durable=False, prefer=prefer, die_with_parent=True)
    prepare(made, DATABASE)
    yield made
    made.destroy()
