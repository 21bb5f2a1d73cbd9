"""Stages for the sealer, whose entries are really committed: an empty journal, and one that was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gruppetto.launcher import Server
from tests.kernel.journal.staging import KEPT, Stage, new_key
from tests.support import database
from tests.support.races import connected_to


@pytest.fixture(scope="session")
def sealed_once(
    server: Server, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One database for all of these tests: twelve entries under heads of 4, 8 and 12, kept beside their tables."""
    folder = tmp_path_factory.mktemp("sealed")
    with django_db_blocker.unblock(), database.copy(server, "sealed") as name:
        made = Stage(server, name, folder, new_key(folder / "journal.key"))
        with connected_to(server.web_url(name)):
            for _ in range(3):
                made.write(4)
                made.seal()
        with made.superuser() as admin:
            for table in KEPT:
                admin.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        yield made


@pytest.fixture
def stage(sealed_once: Stage, tmp_path: Path, django_db_blocker: Any) -> Iterator[Stage]:
    """A journal where nothing was ever written, with a key of its own."""
    with sealed_once.superuser() as admin:
        admin.execute(f"TRUNCATE {', '.join(KEPT)}")
    made = Stage(sealed_once.server, sealed_once.name, tmp_path, new_key(tmp_path / "journal.key"))
    with django_db_blocker.unblock(), connected_to(made.server.web_url(made.name)):
        yield made


@pytest.fixture
def journal(sealed_once: Stage, tmp_path: Path, django_db_blocker: Any) -> Iterator[Stage]:
    """Twelve entries under heads of 4, 8 and 12, whatever the test before did to them."""
    with sealed_once.superuser() as admin:
        admin.execute(f"TRUNCATE {', '.join(KEPT)}")
        for table in KEPT:
            admin.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
    made = Stage(sealed_once.server, sealed_once.name, tmp_path, sealed_once.key)
    with django_db_blocker.unblock(), connected_to(made.server.web_url(made.name)):
        yield made
