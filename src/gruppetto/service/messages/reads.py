"""Questions about messages, each with a fixed number of queries, within what the one who asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from gruppetto.service.messages.models import Delivery, Message

SHOWN = 20


@dataclass(frozen=True)
class Sent:
    """A message, and the delivery that carries it if a carrier does."""

    message: Message
    delivery: Delivery | None


def to_decide() -> QuerySet[Delivery]:
    """The deliveries that wait for a human: uncertain, or held by a budget."""
    return Delivery.objects.filter(state__in=[Delivery.State.HELD, Delivery.State.UNKNOWN]).defer("text")


def of_intervention(intervention_id: UUID) -> list[Sent]:
    """What was said about a request, newest first (2 queries)."""
    return _with_deliveries(
        Message.objects.filter(intervention_id=intervention_id).order_by("-prepared_at", "-id")
    )


def of_person(person_id: UUID) -> list[Sent]:
    """What was said to a person, newest first (2 queries)."""
    return _with_deliveries(Message.objects.filter(subject_id=person_id).order_by("-prepared_at", "-id"))


def _with_deliveries(messages: QuerySet[Message]) -> list[Sent]:
    rows = list(messages.defer("text", "short")[:SHOWN])
    keys = {row.delivery_id for row in rows if row.delivery_id}
    known = Delivery.objects.defer("text").in_bulk(keys) if keys else {}
    return [Sent(row, known.get(row.delivery_id) if row.delivery_id else None) for row in rows]
