"""A journal on stage: entries really committed, sealed by the sealer's own login, then spoilt by a superuser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.journal import act, declare, keys
from gruppetto.kernel.journal.exporting import export
from gruppetto.kernel.journal.keys import SealKey
from gruppetto.kernel.journal.sealing import seal, sealer
from gruppetto.kernel.journal.verifier import Report, check_export
from gruppetto.launcher import Server
from gruppetto.launcher.sealing import seal_key

KEPT = [
    f"journal_{table}" for table in ("entry", "body", "forgotten", "pending", "leaf", "head", "key", "origin")
]
declare("test.staged", "a joué un rôle", ("what",))


def new_key(place: Path) -> SealKey:
    """A key of its own, in that file."""
    assert seal_key(place)
    return keys.read(place)


@dataclass
class Stage:
    """``name``: a throw-away database; ``folder``: where exports go."""

    server: Server
    name: str
    folder: Path
    key: SealKey

    def write(self, count: int) -> list[UUID]:
        """So many entries, an act each, as a visitor's page would."""
        written = []
        for rank in range(count):
            with acting(Actor.visitor("test")):
                written.append(act("test.staged", body={"what": f"le nº {rank}\u2028\t{{"}))
        return written

    def seal(self, *, most: int = 1_000, key: SealKey | None = None) -> list[int]:
        """Seal until nothing waits; how many each time."""
        with sealer(self.address) as connection:
            return list(iter(lambda: seal(connection, key or self.key, most), 0))

    @property
    def address(self) -> str:
        """The sealer's."""
        return self.server.sealer_url(self.name)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """Above every rule: triggers do not see it."""
        with psycopg.connect(self.server.superuser_url(self.name), autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            yield admin

    def ask(self, query: str, *values: object) -> list[Any]:
        """What the superuser reads: one column, or rows."""
        with self.superuser() as admin:
            rows = admin.execute(query, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def spoil(self, statement: str, *values: object) -> None:
        """What nobody should do."""
        with self.superuser() as admin:
            assert admin.execute(statement, values).rowcount > 0

    def export(self, name: str = "export", *, bodies: bool = True) -> Path:
        """An export as it is now."""
        with sealer(self.address) as connection:
            export(connection, self.folder / name, bodies=bodies)
        return self.folder / name

    def heads(self) -> list[str]:
        """The lines of the heads, as somebody would have kept them."""
        name = f"heads-{len(list(self.folder.iterdir()))}"
        return (self.export(name) / "heads.txt").read_text().splitlines()

    def verify(self, name: str = "verified", **compared: Any) -> Report:
        """What the verifier says of the journal as it is now."""
        report = Report()
        check_export(self.export(name), report, **compared)
        return report


def words(report: Report) -> dict[str, int]:
    """How many rows of each word, without those that have none."""
    return {word: count for word, count in report.rows.items() if count}


VERIFIER = Path(sys.modules["gruppetto.kernel.journal.verifier"].__file__ or "")
