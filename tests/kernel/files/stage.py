"""The stage of the files' tests: whom they belong to, an antivirus of straw, the worker's place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from gruppetto.gateways.antivirus.fake import EICAR
from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.files.models import File
from gruppetto.kernel.files.ports import Finding, Verdict
from gruppetto.kernel.files.verbs import receive
from tests.kernel.files.samples import PDF
from tests.support.actors import Staff
from tests.support.database import as_owner

PORTFOLIO = 7


@dataclass
class Straw:
    """Finds the agreed threat; or says ``verdict`` whatever it sees. Remembers what it was shown."""

    verdict: Verdict | None = None
    shown: list[bytes] = field(default_factory=list)

    def scan(self, content: bytes) -> Finding:
        self.shown.append(content)
        verdict = self.verdict or (Verdict.INFECTED if EICAR in content else Verdict.CLEAN)
        return Finding(verdict, "Eicar-Test-Signature" if verdict is Verdict.INFECTED else "")


def may_see(who: Staff, *, portfolio_id: int | None = None, person_id: UUID | None = None) -> None:
    """Grant ``who`` a portfolio or a person."""
    with as_owner():
        Grant.objects.create(
            account=who.account, portfolio_id=portfolio_id, person_id=person_id, source="test:1", why="test"
        )


@contextmanager
def as_worker(name: str = "files.test") -> Iterator[None]:
    """As the worker, who sees all files and alone says that one is clean."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("SET LOCAL ROLE gruppetto_worker")
    try:
        with acting(Actor.job(name)):
            yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {before}")


def given_by(who: Staff, person_id: UUID | None, content: bytes = PDF, name: str = "facture.pdf") -> File:
    """A file that ``who`` has just received."""
    with acting(who.actor):
        return receive(name, [content], person_id, portfolio_id=PORTFOLIO if person_id else 0)
