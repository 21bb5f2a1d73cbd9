"""Preparing what a person will receive, and what humans decide of it. The facts are given by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.registry.people.models import Person
from gruppetto.service.messages import costs, events
from gruppetto.service.messages.leaving import key_of
from gruppetto.service.messages.models import Budget, DeadEnd, Delivery, Message, Price
from gruppetto.service.messages.routing import tell_request, trace
from gruppetto.service.messages.wording import worded


@verb
def prepare(
    person_id: UUID,
    *,
    kind: str,
    key: str,
    facts: Mapping[str, str],
    channel: str = "",
    intervention_id: UUID | None = None,
    promised_until: datetime | None = None,
) -> Message:
    """Prepare one message of ``kind`` (see ``texts.py``) to ``person_id``; the same ``key`` twice is the same message.

    ``channel``: by default the one the person prefers. ``promised_until``: the date it promises. Raises ``Unknown``
    when the person is out of scope.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is not None and person.merged_into is not None:
        person = Person.objects.filter(pk=person.merged_into).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    if (known := Message.objects.filter(key=key).first()) is not None:
        return known
    words = worded(kind, {**facts, "person": person.full_name})
    message = Message.objects.create(
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        person_id=person.pk,
        channel=channel or person.preferred_channel,
        kind=kind,
        key=key,
        title=words.title,
        text=words.text,
        short=words.short,
        text_version=words.version,
        intervention_id=intervention_id,
        promised_until=promised_until,
    )
    _trace("message.prepared", message)
    outbox.publish(events.PREPARED, message.pk, portfolio_id=message.portfolio_id)
    tell_request(message)
    return message


@verb
def hand_over(message_id: UUID) -> Message:
    """A human has posted, read out or typed the message: it is sent. Raises ``Unknown``, ``TooLate``."""
    written = Message.objects.filter(pk=message_id, state=Message.State.PREPARED).update(
        state=Message.State.SENT, sent_at=now(), sent_by=current_actor().account_id
    )
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        raise Unknown(_("Ce message n’est pas dans votre périmètre."), code="message-unknown")
    if not written:
        raise TooLate(_("Ce message est déjà remis."), code="message-sent")
    _trace("message.sent", message)
    outbox.publish(events.SENT, message.pk, portfolio_id=message.portfolio_id)
    tell_request(message)
    return message


@verb
def decide(delivery_id: UUID, choice: str) -> Delivery:
    """What a human decides of a delivery that waits for them (``CHOICES``).

    Uncertain: "believe" it arrived, or send it "again" under a new identity, knowing that it may come twice. Held for
    its budget: "release" it. Both: "by-hand", a colleague hands it over. Raises ``Unknown``, ``TooLate``, ``Refused``.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise Unknown(_("Cet envoi n’est pas dans votre périmètre."), code="delivery-unknown")
    if delivery.state not in (Delivery.State.UNKNOWN, Delivery.State.HELD):
        raise TooLate(_("Cet envoi n’attend plus de décision."), code="delivery-decided")
    if choice not in CHOICES[delivery.state]:
        raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field="choice")
    before, at = delivery.state, now()
    delivery.decided_by, delivery.decided_at = current_actor().account_id, at
    carried = Message.objects.filter(delivery_id=delivery.pk, state=Message.State.QUEUED)
    if choice == "believe":
        delivery.state, delivery.sent_at, delivery.why = Delivery.State.SENT, at, ""
        carried.update(state=Message.State.SENT, sent_at=at, sent_by=delivery.decided_by)
    elif choice in ("again", "release"):
        if choice == "again":
            delivery.key = key_of(delivery, again=delivery.attempts)
        delivery.state, delivery.due_at, delivery.why = Delivery.State.QUEUED, at, ""
    else:
        delivery.state, delivery.ended_at, delivery.why = Delivery.State.DROPPED, at, "by-hand"
        carried.update(state=Message.State.PREPARED)
    delivery.save()
    trace("delivery.decided", delivery, choice=choice, before=str(before))
    return delivery


CHOICES: dict[str, tuple[str, ...]] = {
    Delivery.State.UNKNOWN: ("believe", "again", "by-hand"),
    Delivery.State.HELD: ("release", "by-hand"),
}


@verb
def end_dead_end(dead_end_id: UUID) -> DeadEnd:
    """A human has checked the coordinate: messages may go there again. Raises ``Unknown``, ``TooLate``."""
    written = DeadEnd.objects.filter(pk=dead_end_id, ended_at=None).update(
        ended_at=now(), ended_by=current_actor().account_id
    )
    known = DeadEnd.objects.filter(pk=dead_end_id).first()
    if known is None:
        raise Unknown(_("Cette coordonnée n’est pas dans votre périmètre."), code="dead-end-unknown")
    if not written:
        raise TooLate(_("Cette coordonnée est déjà vérifiée."), code="dead-end-ended")
    journal.act(
        "dead_end.ended",
        subject=("service_messages.deadend", known.pk),
        person_id=known.subject_id,
        portfolio_id=known.portfolio_id,
        body={"channel": known.channel},
    )
    outbox.publish(events.MOVED, known.pk, portfolio_id=known.portfolio_id)
    return known


@verb
def set_price(channel: str, mills: int, valid_from: date, source: str) -> Price:
    """Say what one part costs by ``channel`` from a day on, not before today (thousandths of a euro).

    Raises ``Refused``: unknown-choice, price-negative, price-in-the-past, source-missing, a-price-changes-once-a-day.
    """
    if channel not in costs.SHIPPED:
        raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field="channel")
    if mills < 0:
        raise Refused(_("Un prix n’est pas négatif."), code="price-negative", field="mills")
    if valid_from < today():
        raise Refused(
            _("Un prix ne change pas pour des jours passés."), code="price-in-the-past", field="valid_from"
        )
    if not source.strip():
        raise Refused(_("Dites d’où vient ce prix."), code="source-missing", field="source")
    price = Price.objects.create(
        channel=channel,
        mills=mills,
        valid_from=valid_from,
        source=source.strip()[:200],
        set_by=current_actor().account_id,
    )
    journal.act("price.set", body={"channel": channel, "mills": mills, "valid_from": valid_from.isoformat()})
    return price


@verb
def set_budget(mills: int, from_month: date, *, team_id: UUID | None = None, department: str = "") -> Budget:
    """Say what a team, or else a department, may spend a month from a month on, not before this one.

    Raises ``Refused``: budget-of-whom, budget-negative, budget-in-the-past, a-budget-changes-once-a-month.
    """
    if (team_id is None) == (not department):
        raise Refused(_("Choisissez une équipe ou un département."), code="budget-of-whom", field="team")
    if mills < 0:
        raise Refused(_("Un budget n’est pas négatif."), code="budget-negative", field="mills")
    month = from_month.replace(day=1)
    if month < today().replace(day=1):
        raise Refused(
            _("Un budget ne change pas pour un mois passé."), code="budget-in-the-past", field="from_month"
        )
    budget = Budget.objects.create(
        team_id=team_id,
        department=department,
        mills=mills,
        from_month=month,
        set_by=current_actor().account_id,
    )
    body = {
        "team": str(team_id or ""),
        "department": department,
        "mills": mills,
        "from_month": month.isoformat(),
    }
    journal.act("budget.set", body=body)
    return budget


def _trace(name: str, message: Message) -> None:
    journal.act(
        name,
        subject=("service_messages.message", message.pk),
        person_id=message.subject_id,
        portfolio_id=message.portfolio_id,
        body={"kind": message.kind, "channel": message.channel},
    )
