"""Keeping what we promise: delays, opening hours, days unlike the others. One transaction each.

None of these moves a promise already given: its delay and its rules are stored with it. ``ask_recompute`` is the
only way, and says whether it may put a date off.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.calendars import Amount, OpeningRules, next_opening
from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.rules import periods_of
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.catalogue.reads import in_force, kind_in_force
from gruppetto.service.commitments import events
from gruppetto.service.commitments.models import Commitment, Place, Recomputation, SpecialDay
from gruppetto.service.commitments.reads import PLATFORM

A_MOMENT = timedelta(microseconds=1)
BACK = timedelta(minutes=5)
"""A form that says « now » is sent a little later."""


@verb
def promise(
    amount: Amount,
    why: str,
    *,
    nature: str = Commitment.Nature.ANSWER,
    channel: str = "",
    kind: str = "",
    grade: str = "",
    urgent: bool = False,
    since: datetime | None = None,
) -> Commitment:
    """Promise ``amount`` for a case from ``since`` (now) on, in place of what was promised for the same case.

    Raises ``Refused`` (why-missing, commitment-in-the-past, or the rule of the table that is broken), ``Unknown``
    (unknown-kind).
    """
    since = _from_now_on(since)
    _said(why)
    if kind:
        kind_in_force(kind, since)
    case = {"nature": nature, "channel": channel, "kind": kind, "grade": grade, "urgent": urgent}
    Commitment.objects.filter(in_force(since), valid_from__lt=since, **case).update(valid_until=since)
    made = Commitment(
        **case,
        count=amount.count,
        unit=amount.unit.value,
        valid_from=since,
        created_by_id=current_actor().account_id,
        why=why.strip()[:200],
    )
    made.save(force_insert=True)
    _trace("commitment.promised", made)
    return made


@verb
def end(commitment_id: UUID) -> Commitment:
    """Stop promising this: the less precise commitment, or the shipped delay, applies again.

    Raises ``Unknown``, ``Refused`` (commitment-ended).
    """
    found = Commitment.objects.filter(pk=commitment_id).first()
    if found is None:
        raise Unknown(_("Cet engagement n’existe pas."), code="commitment-unknown")
    # One that has not begun is kept too, with no time at all in force: what was decided can be read again.
    at = max(now(), found.valid_from + A_MOMENT)
    if not Commitment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), pk=found.pk).update(
        valid_until=at
    ):
        raise Refused(_("Cet engagement est déjà terminé."), code="commitment-ended")
    found.valid_until = at
    _trace("commitment.ended", found)
    return found


@verb
def open_place(label: str, department: str = "") -> Place:
    """A place with opening hours of its own, those of the platform to begin with (``set_hours`` changes them).

    ``department``: code of the department whose people's requests count by these hours, or empty for a counter.
    Raises ``Refused`` (label-missing, a place of this name, a place for this department).
    """
    label = label.strip()
    code = slugify(label)[:40]
    if not code:
        raise Refused(_("Donnez un nom à ce lieu."), code="label-missing", field="label")
    if code == PLATFORM:
        raise Refused(_("Un lieu porte déjà ce nom."), code="label-taken", field="label")
    opened = Place.objects.create(
        code=code,
        label=label[:80],
        department=department,
        valid_from=now(),
        created_by_id=current_actor().account_id,
    )
    journal.act("commitment.place_opened", subject=("commitments.place", opened.pk), body={"place": code})
    return opened


@verb
def set_hours(place: str, rules: OpeningRules, why: str, *, since: datetime | None = None) -> OpeningHours:
    """Open a place (code, or the platform) by ``rules`` from ``since`` (now) on.

    Raises ``Unknown`` (place-unknown), ``Refused`` (why-missing, commitment-in-the-past, never-open, hours already
    set for that moment).
    """
    since = _from_now_on(since)
    _said(why)
    _known(place)
    next_opening(since, rules)
    written = OpeningHours.objects.create(
        name=place,
        valid_from=since,
        rules=rules.to_json(),
        made_by=current_actor().account_id,
        why=why.strip()[:200],
    )
    journal.act("commitment.hours_changed", body={"place": place, "why": why})
    return written


@verb
def set_day(day: date, hours: str, why: str, *, place: str = "") -> SpecialDay:
    """Open exceptionally on ``day`` (``"08:30-12:30"``), or close (empty), at ``place`` or everywhere (empty).

    A holiday added later is a day closed everywhere. Raises ``Refused`` (day-past, why-missing, period-unreadable,
    the day is set already), ``Unknown`` (place-unknown).
    """
    _said(why)
    if place:
        _known(place)
    if day < today():
        raise Refused(_("Ce jour est passé."), code="day-past", field="day")
    periods = periods_of(hours)
    OpeningRules.of([hours] * 7)  # the same periods, checked: none overlaps
    added = SpecialDay.objects.create(
        place=place,
        day=day,
        hours=" ".join(map(str, periods)),
        why=why.strip()[:120],
        created_at=now(),
        created_by_id=current_actor().account_id,
    )
    journal.act(
        "commitment.day_set",
        subject=("commitments.specialday", added.pk),
        body={"place": place, "day": day.isoformat(), "why": why},
    )
    return added


@verb
def withdraw_day(day_id: UUID) -> SpecialDay:
    """The day is as the others again. Raises ``Unknown`` (day-unknown), ``Refused`` (day-withdrawn)."""
    found = SpecialDay.objects.filter(pk=day_id).first()
    if found is None:
        raise Unknown(_("Ce jour exceptionnel n’existe pas."), code="day-unknown")
    gone = {"withdrawn_at": now(), "withdrawn_by_id": current_actor().account_id}
    if not SpecialDay.objects.filter(pk=day_id, withdrawn_at=None).update(**gone):
        raise Refused(_("Ce jour exceptionnel est déjà retiré."), code="day-withdrawn")
    journal.act(
        "commitment.day_withdrawn",
        subject=("commitments.specialday", found.pk),
        body={"place": found.place, "day": found.day.isoformat()},
    )
    return found


@verb
def ask_recompute(why: str, *, later: bool = False) -> Recomputation:
    """Count the promises under way again under what is now in force, in the background.

    ``later``: may move a promise later than the person was told; who is then told by a message. Without it such a
    promise stays as it was given. Raises ``Refused`` (why-missing, one is under way already).
    """
    _said(why)
    asked = Recomputation(
        why=why.strip()[:200], later=later, asked_at=now(), asked_by_id=current_actor().account_id
    )
    asked.save(force_insert=True)
    journal.act(
        "commitment.recompute_asked",
        subject=("commitments.recomputation", asked.pk),
        body={"why": why, "later": later},
    )
    outbox.publish(events.RECOMPUTE_ASKED, asked.pk)
    return asked


def _from_now_on(since: datetime | None) -> datetime:
    at = now()
    if since is None:
        return at
    if since < at - BACK:
        raise Refused(
            _("Un engagement ne commence pas dans le passé."), code="commitment-in-the-past", field="since"
        )
    return max(since, at)


def _said(why: str) -> None:
    if not why.strip():
        raise Refused(_("Dites pourquoi : chacun peut le lire."), code="why-missing", field="why")


def _known(place: str) -> None:
    if place in (PLATFORM, OpeningHours.MESSAGES):
        return
    if not Place.objects.filter(in_force(now()), code=place).exists():
        raise Unknown(_("Ce lieu n’existe pas."), code="place-unknown")


def _trace(name: str, row: Commitment) -> None:
    journal.act(
        name,
        subject=("commitments.commitment", row.pk),
        body={"channel": row.channel, "kind": row.kind, "grade": row.grade, "target": str(row.amount)},
    )
