"""The last step before a delivery leaves: whom, which words, what cost; its identity is kept (decisions 21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import PARIS, now
from gruppetto.registry.people.models import Channel, Person
from gruppetto.service.messages import costs, sms
from gruppetto.service.messages.hours import leaving
from gruppetto.service.messages.models import Delivery, Message
from gruppetto.service.messages.ports import Outgoing
from gruppetto.service.messages.routing import reroute, trace, tried
from gruppetto.service.messages.ways import ways_of

State = Delivery.State


@dataclass(frozen=True)
class Words:
    """What a delivery says, all its messages together."""

    title: str
    text: str


@verb
def claim(delivery_id: UUID, at: datetime | None = None) -> Outgoing | None:
    """Freeze a delivery that is due and commit its identity: what to hand to the carrier, None when it may not leave.

    Its coordinate and consent are looked at again; during quiet hours it waits, beyond the budget it is held, by a way
    that closed meanwhile it takes the next one. Another worker may have been first: then nothing happens.
    """
    at = at or now()
    delivery = due(at).filter(pk=delivery_id).select_for_update(skip_locked=True).first()
    if delivery is None or not freeze(delivery, at):
        return None
    delivery.key = delivery.key or key_of(delivery)
    begin(delivery, at)
    return Outgoing(delivery.key, delivery.recipient, delivery.text, delivery.title)


def due(at: datetime) -> QuerySet[Delivery]:
    """The deliveries that may leave at ``at``, those waiting longest first."""
    return Delivery.objects.filter(state=State.QUEUED, due_at__lte=at).order_by("due_at", "id")


def freeze(delivery: Delivery, at: datetime) -> bool:
    """Resolve whom and which words; False when it does not leave now (it was moved, held, rerouted or dropped)."""
    messages = list(
        Message.objects.filter(delivery_id=delivery.pk, state=Message.State.QUEUED).order_by(
            "prepared_at", "id"
        )
    )
    person = Person.objects.filter(pk=delivery.subject_id).first()
    if not messages or person is None:
        return _stop(delivery, State.DROPPED, "by-hand", at)
    if (later := leaving(at, delivery.channel)) > at:
        Delivery.objects.filter(pk=delivery.pk).update(due_at=later)
        return False
    gone = tried(delivery) - {(delivery.channel, delivery.recipient)}
    ways = [way for way in ways_of(person, delivery.channel) if way.channel == delivery.channel]
    way = next((way for way in ways if (way.channel, way.recipient) not in gone), None)
    words = put_together(messages, delivery.channel)
    if way is None:
        return _try_another(
            delivery, messages, "changed-meanwhile" if person.died_on is None else "person-died", at
        )
    if delivery.channel == Channel.SMS and sms.parts(words.text).count > sms.MOST_PARTS:
        return _try_another(delivery, messages, "too-long", at)
    delivery.recipient, delivery.title, delivery.text = way.recipient, words.title, words.text
    return _afford(delivery, at)


def begin(delivery: Delivery, at: datetime) -> None:
    """Keep that the delivery begins to leave, under its identity."""
    delivery.state, delivery.begun_at, delivery.why = State.SENDING, at, ""
    delivery.attempts += 1
    # When to ask what became of it, should nobody say.
    delivery.due_at = at + GIVEN_UP
    delivery.save(
        update_fields=[
            "state", "begun_at", "why", "attempts", "due_at", "key", "recipient", "title", "text", "parts", "mills",
            "batch_id",
        ]
    )  # fmt: skip


GIVEN_UP = timedelta(minutes=5)
"""A sending without an end after this long was cut: no carrier is waited for so long."""


def key_of(delivery: Delivery, again: int = 0) -> str:
    """The identity of a delivery on the other side: a Message-ID, or the reference given to the operator."""
    name = f"{delivery.pk}.{again}" if again else str(delivery.pk)
    return f"<{name}@{settings.GRUPPETTO_MAIL_DOMAIN}>" if delivery.channel == Channel.EMAIL else name


def put_together(messages: list[Message], channel: str) -> Words:
    """One text for one or several messages: greeted once, signed once."""
    if channel == Channel.SMS:
        said = "\n".join(one.short for one in messages)
        call = _(" Une question ? %(phone)s") % {"phone": settings.GRUPPETTO_PHONE_SHOWN}
        ending = call if settings.GRUPPETTO_PHONE_SHOWN else ""
        return Words("", sms.plain(f"{settings.GRUPPETTO_NAME} : {said}{ending}"))
    if len(messages) == 1:
        return Words(messages[0].title, messages[0].text)
    greeting = messages[0].text.split("\n", 1)[0]
    bodies = [
        one.text.split("\n", 1)[1].strip() if one.text.startswith(greeting) else one.text for one in messages
    ]
    rest = "\n\n— — —\n\n".join(bodies)
    return Words(_("Vos %(count)d messages de %(house)s") % {"count": len(messages), "house": settings.GRUPPETTO_NAME},
                 f"{greeting}\n\n{rest}")  # fmt: skip


def _afford(delivery: Delivery, at: datetime) -> bool:
    """Count the cost, once for a delivery however often it is tried; hold it beyond the budget."""
    if delivery.parts:
        return True
    parts = sms.parts(delivery.text).count if delivery.channel == Channel.SMS else 1
    mills = parts * costs.price(delivery.channel, at.astimezone(PARIS).date())
    if delivery.decided_by is None and not costs.affordable(delivery, mills, at):
        return _stop(delivery, State.HELD, "budget", at)
    delivery.parts, delivery.mills = parts, mills
    costs.count(delivery.team_id, delivery.department, at, delivery.channel, parts, mills)
    return True


def give_back(delivery: Delivery) -> None:
    """What was counted for a delivery that did not leave is taken back, in the month where it was counted."""
    if delivery.parts and delivery.begun_at and delivery.sent_at is None:
        costs.count(
            delivery.team_id,
            delivery.department,
            delivery.begun_at,
            delivery.channel,
            -delivery.parts,
            -delivery.mills,
            -1,
        )
        delivery.parts = delivery.mills = 0


def _try_another(delivery: Delivery, messages: list[Message], why: str, at: datetime) -> bool:
    _stop(delivery, State.FAILED, why, at)
    trace("delivery.failed", delivery, why=why)
    reroute(delivery, messages, at)
    return False


def _stop(delivery: Delivery, state: str, why: str, at: datetime) -> bool:
    give_back(delivery)
    delivery.state, delivery.why = state, why
    delivery.ended_at = None if state == State.HELD else at
    delivery.save(update_fields=["state", "why", "ended_at", "parts", "mills"])
    return False
