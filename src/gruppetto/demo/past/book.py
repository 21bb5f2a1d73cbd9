"""Rows of the past, gathered story by story and written by COPY, table by table, as the owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import models, transaction

from gruppetto.demo.tables import Table
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.identifiers import shelf_of
from gruppetto.kernel.journal import declared
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.journal.writing import canonical, commitment
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.people.models import Address, Consent, IdentityCheck, Need, Person, Phone, Relative
from gruppetto.service.complaints.models import Complaint, Step
from gruppetto.service.contacts.models import (
    CallBack,
    Contact,
    ContactReason,
    LineCall,
    ProtectedRecord,
    TelephonyEvent,
)
from gruppetto.service.interventions.models import Attempt, Intervention, Move, Note, Paper, TimeSpent
from gruppetto.service.messages.models import DeadEnd, Delivery, Message

# What a row points to is written before it.
TABLES: tuple[type[models.Model], ...] = (
    *(Person, Phone, Address, Consent, Need, Relative, Placement),
    *(Contact, LineCall, TelephonyEvent, ContactReason, CallBack, ProtectedRecord, IdentityCheck),
    *(Intervention, Move, Note, Paper, TimeSpent, Attempt, Message, Delivery, DeadEnd),
    *(Complaint, Step),
    *(Entry, Body),
)
Row = dict[str, Any]
NOTHING: Row = {}
OWNER = Actor.command("demo")


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, as the journal names them."""

    name: str
    account: UUID | None = None

    @classmethod
    def human(cls, account: UUID) -> By:
        """Somebody at a desk."""
        return cls(f"account:{account}", account)

    @classmethod
    def job(cls, name: str) -> By:
        """A job of the worker."""
        return cls(f"job:{name}")


class Book:
    """Rows not yet written. ``journal_since``: acts and looks older than that are not told (benches); None: all."""

    def __init__(self, chance: Random, *, journal_since: datetime | None = None) -> None:
        self.chance = chance
        self.journal_since = journal_since
        self.rows: dict[type[models.Model], list[Row]] = {model: [] for model in TABLES}
        self.tables: dict[type[models.Model], Table] = {}
        self.written = self.last = self.same = 0

    def key(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) of that moment; of two of the same millisecond, the second is the greater.

        The other half of such keys is for echoes.
        """
        milliseconds = int(at.timestamp() * 1000)
        self.same = (self.same + 1) % 4096 if milliseconds == self.last else 0
        self.last = milliseconds
        tail = self.chance.getrandbits(61)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | self.same << 64 | 0b10 << 62 | tail)

    def add(self, model: type[models.Model], made: datetime, /, **values: Any) -> Row:
        """A new row of ``model`` made at ``made``; it may still be changed until ``flush``."""
        values.setdefault("id", None)
        values["id"] = values["id"] or self.key(made)
        return self.put(model, values)

    def put(self, model: type[models.Model], row: Row) -> Row:
        """A row complete as it is."""
        self.rows[model].append(row)
        return row

    def add_on_its_own_shelf(self, model: type[models.Model], made: datetime, /, **values: Any) -> Row:
        """As ``add``, for a row that exists before anybody knows whom it is about."""
        key = self.key(made)
        return self.add(model, made, id=key, shelf=shelf_of(key), **values)

    def act(
        self,
        verb: str,
        at: datetime,
        by: By,
        *,
        subject: tuple[str, UUID | None] = ("", None),
        person: UUID | None = None,
        portfolio: int | None = None,
        body: Row = NOTHING,
        kind: str = "act",
    ) -> None:
        """Tell an act, as ``kernel.journal.act`` would have. Raises ``ValueError`` for an undeclared verb or key."""
        known = declared().get(verb)
        if known is None or not known.body.issuperset(body):
            raise ValueError(f"verb {verb} with {sorted(body)} is not declared")
        if self.journal_since is not None and at < self.journal_since:
            return
        key, salt, data = self.key(at), self.chance.randbytes(16), canonical(body) if body else "{}"
        self.rows[Entry].append(
            {
                "id": key,
                "recorded_at": at,
                "happened_at": at,
                "kind": kind,
                "verb": verb,
                "actor": by.name,
                "account_id": by.account,
                "subject": subject[0],
                "subject_id": subject[1],
                "person_id": person,
                "portfolio_id": portfolio,
                "commitment": commitment(salt, data),
            }
        )
        self.rows[Body].append({"entry_id": key, "salt": salt, "data": data})

    def look(self, verb: str, at: datetime, by: By, **about: Any) -> None:
        """Tell a look, as ``kernel.journal.look`` would have."""
        self.act(verb, at, by, kind="look", **about)

    def flush(self) -> int:
        """Write all that was gathered, in one transaction of its own; returns how many rows."""
        count = 0
        with acting(OWNER), transaction.atomic():
            for model, rows in self.rows.items():
                if rows:
                    table = self.tables.get(model) or self.tables.setdefault(model, Table(model))
                    count += table.write(rows)
                    rows.clear()
        self.written += count
        return count
