"""Which way a message takes: the one preferred and consented to that still answers; several at once make one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.registry.people.models import Channel, Person
from gruppetto.service.messages import events, sms
from gruppetto.service.messages.costs import team_of
from gruppetto.service.messages.hours import leaving
from gruppetto.service.messages.models import Delivery, Message
from gruppetto.service.messages.texts import TEXTS
from gruppetto.service.messages.ways import Way, ways_of

WINDOW = timedelta(minutes=3)
"""What is said to one person within it leaves as one message: three requests of one call, one acknowledgement."""
OPEN = (Message.State.PREPARED, Message.State.QUEUED)


@verb
def route(message_id: UUID) -> Delivery | None:
    """Give a prepared message its delivery, shared with what else is about to leave to the same person.

    None when no way is open: a human hands it over, as the list of prepared messages says. Twice changes nothing.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None or message.state != Message.State.PREPARED:
        return None
    # One at a time for each person, so that two messages find each other.
    person = Person.objects.select_for_update(no_key=True).filter(pk=message.subject_id).first()
    if person is None:
        return None
    at = now()
    for way in ways_of(person, message.channel):
        if fits(message, way.channel):
            delivery = _about_to_leave(message, way, at) or _open(
                person, message, way.channel, at, at + WINDOW
            )
            _put(message, delivery)
            return delivery
    return None


def reroute(failed: Delivery, messages: Iterable[Message], at: datetime) -> Delivery | None:
    """Try the next way for what ``failed`` did not carry; without one, the messages wait for a human."""
    waiting, gone = list(messages), tried(failed)
    person = Person.objects.filter(pk=failed.subject_id).first()
    if person is not None and waiting:
        unresolved = {channel for channel, recipient in gone if not recipient}
        for way in ways_of(person, failed.channel):
            used = way.channel in unresolved or (way.channel, way.recipient) in gone
            if not used and all(fits(one, way.channel) for one in waiting):
                # What failed has waited long enough: no window.
                replacement = _open(person, waiting[0], way.channel, at, at, replaces=failed)
                for one in waiting:
                    _put(one, replacement)
                return replacement
    for one in waiting:
        _give_to_a_human(one)
    return None


def fits(message: Message, channel: str) -> bool:
    """May this message be said by that channel: an SMS has its own short words, and is short?"""
    if channel != Channel.SMS:
        return True
    return bool(message.short) and sms.parts(sms.plain(message.short)).count <= sms.MOST_PARTS


def _about_to_leave(message: Message, way: Way, at: datetime) -> Delivery | None:
    """The delivery of the same person by the same way that has not begun to leave."""
    return (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(
            subject_id=message.subject_id,
            channel=way.channel,
            urgent=TEXTS[message.kind].urgent,
            state=Delivery.State.QUEUED,
            attempts=0,
            replaces_id=None,
        )
        .order_by("queued_at")
        .first()
    )


def _open(
    person: Person,
    message: Message,
    channel: str,
    at: datetime,
    soonest: datetime,
    *,
    replaces: Delivery | None = None,
) -> Delivery:
    return Delivery.objects.create(
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        person_id=person.pk,
        team_id=team_of(person.portfolio_id),
        channel=channel,
        urgent=TEXTS[message.kind].urgent,
        queued_at=at,
        due_at=leaving(soonest, channel),
        replaces_id=replaces.pk if replaces else None,
    )


def _put(message: Message, delivery: Delivery) -> None:
    written = Message.objects.filter(pk=message.pk, state__in=[*OPEN, Message.State.SENT]).update(
        state=Message.State.QUEUED,
        channel=delivery.channel,
        delivery_id=delivery.pk,
        sent_at=None,
        sent_by=None,
    )
    if written:
        outbox.publish(events.MOVED, message.pk, portfolio_id=message.portfolio_id)
        tell_request(message)


def _give_to_a_human(message: Message) -> None:
    Message.objects.filter(pk=message.pk).exclude(state=Message.State.DROPPED).update(
        state=Message.State.PREPARED, sent_at=None, sent_by=None
    )
    outbox.publish(events.MOVED, message.pk, portfolio_id=message.portfolio_id)
    tell_request(message)


def tell_request(message: Message) -> None:
    """Tell the pages of the request that a message is about, if it is about one: prepared, on its way, sent."""
    if message.intervention_id:
        outbox.publish(events.TOLD, message.intervention_id, portfolio_id=message.portfolio_id)


def tried(failed: Delivery) -> set[tuple[str, str]]:
    """Where the messages of ``failed`` have gone so far; a channel that never had a recipient is tried as a whole."""
    gone, one = set[tuple[str, str]](), failed
    while True:
        gone.add((one.channel, one.recipient))
        before = Delivery.objects.filter(pk=one.replaces_id).first() if one.replaces_id else None
        if before is None:
            return gone
        one = before


def trace(name: str, delivery: Delivery, **body: object) -> None:
    """Write an act on a delivery to the journal, and tell the pages that show it."""
    journal.act(
        name,
        subject=("service_messages.delivery", delivery.pk),
        person_id=delivery.subject_id,
        portfolio_id=delivery.portfolio_id,
        body={"channel": delivery.channel, **body},
    )
    outbox.publish(events.MOVED, delivery.pk, portfolio_id=delivery.portfolio_id)
