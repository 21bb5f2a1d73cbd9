"""Stages for the sealer: one whose entries are really committed, one sealed once and put right after each harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gruppetto.launcher import Server
from tests.kernel.journal.staging import KEPT, Stage, new_key
from tests.support import database
from tests.support.races import connected_to


@pytest.fixture
def stage(committed: str, server: Server, tmp_path: Path) -> Stage:
    return Stage(server, committed, tmp_path, new_key(tmp_path / "journal.key"))


@pytest.fixture(scope="module")
def sealed_journal(
    server: Server, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Twelve entries under heads of 4, 8 and 12."""
    folder = tmp_path_factory.mktemp("sealed")
    with (
        django_db_blocker.unblock(),
        database.copy(server, "sealed") as name,
        connected_to(server.web_url(name)),
    ):
        made = Stage(server, name, folder, new_key(folder / "journal.key"))
        for _ in range(3):
            made.write(4)
            made.seal()
        with made.superuser() as admin:
            for table in KEPT:
                admin.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        yield made


@pytest.fixture
def journal(sealed_journal: Stage, tmp_path: Path) -> Iterator[Stage]:
    """The same for each test, whatever the one before did to it."""
    sealed_journal.folder = tmp_path
    yield sealed_journal
    with sealed_journal.superuser() as admin:
        for table in KEPT:
            admin.execute(f"TRUNCATE {table}")
            admin.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
