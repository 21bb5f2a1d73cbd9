"""What came of handing a delivery over. Each step is its own transaction: a kill between two shows, never doubles."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import Actor, acting, verb
from gruppetto.kernel.clock import now
from gruppetto.registry.people.models import Channel
from gruppetto.service.messages import events
from gruppetto.service.messages.leaving import claim, due, give_back
from gruppetto.service.messages.models import DeadEnd, Delivery, Message
from gruppetto.service.messages.ports import Lost, Never, NotNow, carrier
from gruppetto.service.messages.routing import reroute, tell_request, trace

State = Delivery.State
ACTOR = Actor.job("messages.send")
CHUNK = 200
PATIENCE = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
# A carrier that has just taken a thing may not find it yet.
BEFORE_ASKING = timedelta(minutes=2)
SENT_BY_US = (Channel.SMS, Channel.EMAIL)


def send_what_is_due(at: datetime | None = None) -> int:
    """Hand over what is due by SMS and courriel, one commit before and one after each; how many were handed over."""
    at, done = at or now(), 0
    with acting(ACTOR):
        keys = list(due(at).filter(channel__in=SENT_BY_US).values_list("pk", "channel")[:CHUNK])
    away: set[str] = set()
    for key, channel in keys:
        if channel not in away and carrier(channel) is not None:
            done += _send(key, channel, away)
    return done


def _send(delivery_id: UUID, channel: str, away: set[str]) -> bool:
    """One delivery: claim, commit, hand over, commit. A carrier out of reach is not asked again in this round."""
    one = carrier(channel)
    with acting(ACTOR):
        outgoing = claim(delivery_id)
    if outgoing is None or one is None:
        return False
    try:
        receipt = one.send(outgoing)
    except NotNow as refusal:
        away.add(channel)
        with acting(ACTOR):
            wait(delivery_id, refusal.why)
    except Never as refusal:
        with acting(ACTOR):
            fail(delivery_id, refusal.why, wrong_address=refusal.wrong_address)
    except Lost:
        with acting(ACTOR):
            doubt(delivery_id, "cut")
    else:
        with acting(ACTOR):
            accept(delivery_id, receipt)
        return True
    return False


def settle_what_is_uncertain(at: datetime | None = None) -> None:
    """Sendings that were cut become uncertain; where the other side remembers our keys it is asked, and believed."""
    at = at or now()
    with acting(ACTOR):
        cut = Delivery.objects.filter(state=State.SENDING, batch_id=None, due_at__lte=at)
        for delivery_id in cut.order_by("due_at").values_list("pk", flat=True)[:CHUNK]:
            doubt(delivery_id, "worker-stopped")
        unsure = Delivery.objects.filter(state=State.UNKNOWN, due_at__lte=at, channel__in=SENT_BY_US)
        asked = list(unsure.order_by("due_at").values_list("pk", "channel", "key")[:CHUNK])
    for delivery_id, channel, key in asked:
        one = carrier(channel)
        if one is None or not one.remembers:
            continue
        try:
            receipt = one.find(key or "")
        except NotNow:
            return
        with acting(ACTOR):
            if receipt is None:
                wait(delivery_id, "cut")
            else:
                accept(delivery_id, receipt)


@verb
def accept(delivery_id: UUID, receipt: str, at: datetime | None = None) -> None:
    """The carrier took it, and calls it ``receipt``."""
    at = at or now()
    delivery = _under_way(delivery_id)
    if delivery is None:
        return
    _change(delivery, State.SENT, sent_at=at, receipt=receipt[:160], why="")
    for message in Message.objects.filter(delivery_id=delivery.pk, state=Message.State.QUEUED).order_by("id"):
        Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=at)
        journal.act(
            "message.sent",
            subject=("service_messages.message", message.pk),
            person_id=message.subject_id,
            portfolio_id=message.portfolio_id,
            body={"kind": message.kind, "channel": message.channel},
        )
        outbox.publish(events.SENT, message.pk, portfolio_id=message.portfolio_id)
        tell_request(message)


@verb
def wait(delivery_id: UUID, why: str, at: datetime | None = None) -> None:
    """The carrier took nothing: again later, each time after a longer rest, under the same identity; a day at most."""
    at = at or now()
    delivery = _under_way(delivery_id)
    if delivery is None:
        return
    if at - delivery.queued_at > PATIENCE and delivery.attempts > 1:
        _give_up(delivery, "tried-long-enough", at)
        return
    rest = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    _change(delivery, State.QUEUED, due_at=at + rest, why=why)


@verb
def fail(delivery_id: UUID, why: str, *, wrong_address: bool = False, at: datetime | None = None) -> None:
    """It will not arrive by this way: the next one is tried, else a human is told. A wrong address is marked."""
    at = at or now()
    delivery = (
        Delivery.objects.select_for_update()
        .filter(pk=delivery_id, state__in=[State.SENDING, State.UNKNOWN, State.SENT, State.ARRIVED])
        .first()
    )
    if delivery is None:
        return
    if wrong_address:
        note_dead_end(delivery, DeadEnd.Why.BOUNCED, why, at)
    _give_up(delivery, why, at)


@verb
def doubt(delivery_id: UUID, why: str, at: datetime | None = None) -> None:
    """It may have left: nobody sends it again but a carrier that remembers, or a human who decides."""
    at = at or now()
    delivery = _under_way(delivery_id)
    if delivery is None or delivery.state == State.UNKNOWN:
        return
    _change(delivery, State.UNKNOWN, due_at=at + BEFORE_ASKING, why=why)
    trace("delivery.uncertain", delivery, why=why)


def note_dead_end(delivery: Delivery, why: str, code: str, at: datetime) -> None:
    """Mark the coordinate of a delivery: nothing more is sent there until a human has checked it."""
    if not delivery.recipient:
        return
    _noted, new = DeadEnd.objects.get_or_create(
        subject_id=delivery.subject_id,
        channel=delivery.channel,
        coordinate=delivery.recipient,
        ended_at=None,
        defaults={
            "person_id": delivery.subject_id,
            "shelf": delivery.shelf,
            "portfolio_id": delivery.portfolio_id,
            "department": delivery.department,
            "why": why,
            "code": code,
            "since": at,
        },
    )
    if new:
        trace("dead_end.noted", delivery, why=str(why))


def _give_up(delivery: Delivery, why: str, at: datetime) -> None:
    give_back(delivery)
    _change(delivery, State.FAILED, ended_at=at, why=why, parts=delivery.parts, mills=delivery.mills)
    trace("delivery.failed", delivery, why=why)
    carried = Message.objects.filter(
        delivery_id=delivery.pk, state__in=[Message.State.QUEUED, Message.State.SENT]
    )
    reroute(delivery, carried.order_by("prepared_at", "id"), at)


def _under_way(delivery_id: UUID) -> Delivery | None:
    return (
        Delivery.objects.select_for_update()
        .filter(pk=delivery_id, state__in=[State.SENDING, State.UNKNOWN])
        .first()
    )


def _change(delivery: Delivery, state: str, **columns: object) -> None:
    delivery.state = state
    for name, value in columns.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=["state", *columns])
    outbox.publish(events.MOVED, delivery.pk, portfolio_id=delivery.portfolio_id)
