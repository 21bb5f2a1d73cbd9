"""A person who may be reached, a carrier whose behaviour is chosen, a worker that acts as its own database role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.people.models import Consent, Person
from gruppetto.service.messages.models import Delivery, Message
from gruppetto.service.messages.ports import Lost, Never, NotNow, Outgoing
from gruppetto.service.messages.routing import route
from gruppetto.service.messages.verbs import prepare
from tests.support.database import as_owner
from tests.support.factories import same_rows

MOBILE, OTHER_MOBILE, LANDLINE = "+33639980001", "+33639980002", "+33561000001"
FACTS = {
    "reference": "I-4K7Q-M2X9",
    "title": "renouveler la carte",
    "worker": "Claire",
    "delay": "avant jeudi",
}
# A Tuesday: shortly before noon, at night, in Paris.
NOON, NIGHT = (
    datetime.fromisoformat("2026-05-05T11:00+02:00"),
    datetime.fromisoformat("2026-05-05T23:30+02:00"),
)


@contextmanager
def worker() -> Iterator[None]:
    """As the worker: its grants, every row. Whoever runs opens its own ``acting``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("SET ROLE gruppetto_worker")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {before}")


@contextmanager
def job() -> Iterator[None]:
    """As a job of the worker, in its one transaction."""
    with worker(), acting(Actor.job("messages.test")):
        yield


def consents(of: Person, *purposes: str) -> None:
    """What the person agrees to receive."""
    with as_owner():
        for purpose in purposes:
            Consent.objects.create(
                person=of, purpose=purpose, source="visite", given_on=date(2026, 1, 12), **same_rows(of)
            )


def said(to: Person, kind: str = "acknowledgement", *, key: str = "one", **more: Any) -> Message:
    """A message prepared and given its way, as the outbox has it done."""
    with job():
        message = prepare(to.pk, kind=kind, key=key, facts={**FACTS, **more.pop("facts", {})}, **more)
        route(message.pk)
        message.refresh_from_db()
    return message


def delivery_of(message: Message) -> Delivery:
    with as_owner():
        message.refresh_from_db()
        assert message.delivery_id is not None
        return Delivery.objects.get(pk=message.delivery_id)


def deliveries() -> list[Delivery]:
    with as_owner():
        return list(Delivery.objects.order_by("queued_at", "id"))


def state_of(message: Message) -> str:
    with as_owner():
        message.refresh_from_db()
    return message.state


@dataclass
class FakeCarrier:
    """Takes what it is given, unless told otherwise by ``mood``: "away", "refuses", "wrong", "cut", "cut-before"."""

    mood: str = ""
    remembers: bool = False
    taken: list[Outgoing] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> str:
        match self.mood:
            case "away":
                raise NotNow
            case "refuses":
                raise Never("carrier-refused")
            case "wrong":
                raise Never("wrong-number", wrong_address=True)
            case "cut-before":
                raise Lost
        self.taken.append(outgoing)
        if self.mood == "cut":
            raise Lost
        return f"receipt-{len(self.taken)}"

    def find(self, key: str) -> str | None:
        if self.mood == "away":
            raise NotNow
        return next((f"found-{one.key}" for one in self.taken if one.key == key), None)

    @property
    def texts(self) -> Sequence[str]:
        return [one.text for one in self.taken]


def ids(rows: Sequence[Any]) -> set[UUID]:
    return {row.pk for row in rows}
