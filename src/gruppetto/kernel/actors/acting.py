"""One short transaction per act, opened with its actor and its scope (decisions 1).

``SET LOCAL`` lives as long as its transaction, so the actor is set where the transaction is opened, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors.lines import write
from gruppetto.kernel.actors.memory import forget
from gruppetto.kernel.actors.sentences import in_words
from gruppetto.kernel.errors import NotYours, Refused


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in session, a service of the platform, a job, a command, or a visitor nobody knows.

    ``key`` opens the database's own view of who this is; ``name`` is only believed where there is no key
    and the database role is not the web's (a visitor excepted).
    """

    name: str
    key: str = ""
    account_id: UUID | None = None
    role: str = ""
    request: UUID | None = None
    # Only looks: a crash may lose the last half second of them, nobody waits for the disk (decisions 16).
    reading: bool = False
    refusals: list[Refused] = field(default_factory=list, compare=False, repr=False)

    @property
    def settings(self) -> list[str]:
        """What the database is told: key, name, request, and whether the commit waits for the disk."""
        return [self.key, self.name, str(self.request or ""), "off" if self.reading else "on"]

    @classmethod
    def session(
        cls,
        key: str,
        account_id: UUID,
        role: str,
        request: UUID | None = None,
        *,
        reading: bool = False,
    ) -> Actor:
        """A person at a desk, known by the key of their session; ``reading``: a page that only shows."""
        return cls(f"account:{account_id}", key, account_id, role, request, reading)

    @classmethod
    def service(cls, name: str, key: str, request: UUID | None = None) -> Actor:
        """A gateway of the platform inside the web process (telephony), known by the service key."""
        return cls(name=f"service:{name}", key=key, role="service", request=request)

    @classmethod
    def visitor(cls, what: str, request: UUID | None = None) -> Actor:
        """Nobody we know, doing ``what`` (signing in): may write only where visitors may."""
        return cls(name=f"visitor:{what}", request=request)

    @classmethod
    def job(cls, name: str) -> Actor:
        """A job of the worker."""
        return cls(name=f"job:{name}", role="service")

    @classmethod
    def command(cls, name: str) -> Actor:
        """A command typed by an operator."""
        return cls(name=f"command:{name}", role="service")


NOBODY = Actor(name="")

_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    """The actor of this act.

    Raises ``RuntimeError`` outside ``acting()``: a write without an actor is a fault of ours, not of the user's.
    """
    actor = _current.get()
    if actor is None:
        raise RuntimeError("nobody is acting: open acting(...) first")
    return actor


def human() -> UUID:
    """The account of the person who acts. Raises ``NotYours`` (needs-a-human) for a job, a command or a visitor."""
    account_id = current_actor().account_id
    if account_id is None:
        raise NotYours(_("Seule une personne connectée peut faire cela."), code="needs-a-human")
    return account_id


def introduce(actor: Actor) -> Actor:
    """Tell the database who acts, until the end of the transaction (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('gruppetto.session', %s, true), set_config('gruppetto.actor', %s, true),"
            " set_config('gruppetto.request', %s, true), set_config('synchronous_commit', %s, true)",
            actor.settings,
        )
    return actor


@contextmanager
def acting(actor: Actor, introduced_by: Callable[[Actor], Actor] = introduce) -> Iterator[Actor]:
    """Open the transaction of one act of ``actor``; commit at the end, roll back on any exception.

    Its lines in the journal and the outbox are written last; those of an act around it first, under its own name.
    What the domain refused on the way is written to the journal in a second transaction, whether the first
    was kept or not: a refusal leaves a trace even though it changes nothing. ``introduced_by`` tells the database
    who acts, and comes back with what is known of them from then on.
    """
    outer = _current.get()
    token = _current.set(actor)
    try:
        try:
            if outer is not None:
                write()
            with transaction.atomic():
                forget()
                actor = introduced_by(actor)
                _current.set(actor)
                yield actor
                if not connection.needs_rollback:
                    with in_words(actor.refusals, "acting"):
                        write()
        finally:
            if actor.refusals and outer is not actor:
                _journal_refusals(actor)
            # Inside another transaction (an outer act, a test) the settings would outlive this act.
            if connection.in_atomic_block and not connection.needs_rollback:
                forget()
                introduce(outer or NOBODY)
    finally:
        _current.reset(token)


def _journal_refusals(actor: Actor) -> None:
    from gruppetto.kernel.journal.writing import (
        refusals,
    )  # the journal stands above the actors

    found, actor.refusals[:] = list(actor.refusals), []
    with transaction.atomic():
        introduce(actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT access.actor()")
            if cursor.fetchone()[0] is None:
                # A key that opens nothing (closed, forged): the trace says so rather than being lost.
                introduce(Actor.visitor("unknown-session", actor.request))
        refusals(found)
        write()
