"""What carriers tell us afterwards: arrived, not arrived, "STOP". Received at once, taken up by a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.people.models import Channel, Consent, Phone
from gruppetto.registry.people.verbs import withdraw_consent
from gruppetto.service.messages import events
from gruppetto.service.messages.models import DeadEnd, Delivery, Report
from gruppetto.service.messages.routing import trace
from gruppetto.service.messages.sending import accept, fail, note_dead_end

# A report may come before our own commit of what it speaks of.
STRANGE_FOR = timedelta(hours=24)
CHUNK = 500


@dataclass(frozen=True)
class Told:
    """What a carrier told. ``key``: its own name of the report; ``about``: our key, or its name of the delivery."""

    channel: str
    key: str
    kind: str
    at: datetime
    about: str = ""
    why: str = ""
    for_ever: bool = False
    sender: str = ""


@verb
def receive(told: Told) -> None:
    """Keep what a carrier told; the same again changes nothing. Written blind: a gateway reads no row."""
    report = Report(
        id=new_id(),
        channel=told.channel,
        key=told.key[:200],
        kind=told.kind,
        about=told.about[:160],
        why=told.why[:40],
        for_ever=told.for_ever,
        sender=told.sender or None,
        at=told.at,
    )
    Report.objects.bulk_create([report], ignore_conflicts=True)
    outbox.publish(events.REPORTED, report.pk)


@verb
def take_up_reports(at: datetime | None = None) -> int:
    """Take up what was told, oldest first; returns how many were. One about a delivery unknown so far waits a day."""
    at, done = at or now(), 0
    waiting = Report.objects.select_for_update(skip_locked=True).filter(taken_up_at=None)
    for report in waiting.order_by("received_at")[:CHUNK]:
        if _take_up(report, at) or at - report.received_at > STRANGE_FOR:
            report.taken_up_at, report.sender = at, None
            report.save(update_fields=["taken_up_at", "sender"])
            done += 1
    return done


def _take_up(report: Report, at: datetime) -> bool:
    if report.kind == Report.Kind.OPT_OUT:
        _stop(report.sender or "", report, at)
        return True
    if report.kind == Report.Kind.REPLY:
        return True
    delivery = _delivery(report)
    if delivery is None:
        return False
    if report.kind == Report.Kind.ARRIVED:
        return _arrived(delivery, report)
    if delivery.state == Delivery.State.QUEUED:
        return False
    fail(delivery.pk, report.why or "not-arrived", wrong_address=report.for_ever, at=at)
    return True


def _arrived(delivery: Delivery, report: Report) -> bool:
    """It is there: an uncertain sending is settled by it. One whose end is not committed yet waits."""
    written = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT).update(
        state=Delivery.State.ARRIVED, ended_at=report.at
    )
    if written:
        trace("delivery.arrived", delivery)
    if delivery.state == Delivery.State.UNKNOWN:
        accept(delivery.pk, report.about, report.at)
        return _arrived(Delivery.objects.get(pk=delivery.pk), report)
    return delivery.state not in (Delivery.State.SENDING, Delivery.State.QUEUED)


def _delivery(report: Report) -> Delivery | None:
    if not report.about:
        return None
    known = Delivery.objects.filter(channel=report.channel)
    return known.filter(key=report.about).first() or known.filter(receipt=report.about).first()


def _stop(number: str, report: Report, at: datetime) -> None:
    """No more SMS to this number, whoever shares it; those we wrote to there withdraw their consent."""
    sharing = Phone.objects.filter(number=number, ended_at=None).select_related("subject").order_by("id")
    for phone in sharing:
        last = (
            Delivery.objects.filter(subject_id=phone.subject_id, channel=Channel.SMS, recipient=number)
            .order_by("-queued_at")
            .first()
        )
        person = phone.subject
        marked = last or Delivery(
            person_id=person.pk,
            subject_id=person.pk,
            shelf=person.shelf,
            portfolio_id=person.portfolio_id,
            department=person.department,
            channel=Channel.SMS,
            recipient=number,
        )
        note_dead_end(marked, DeadEnd.Why.STOPPED, "stopped", at)
        agreed = Consent.objects.filter(
            subject_id=person.pk, purpose=Consent.Purpose.SMS, withdrawn_on=None
        ).exists()
        if last is not None and agreed:
            withdraw_consent(person.pk, Consent.Purpose.SMS)
