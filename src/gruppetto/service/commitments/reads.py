"""What is promised at a moment, to whom; the number of queries is fixed and said."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, QuerySet, When

from gruppetto.kernel.calendars import PLATFORM_HOURS, Amount, OpeningRules, Unit
from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.rules import Periods, periods_of
from gruppetto.kernel.clock import day_of
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.commitments import shipped
from gruppetto.service.commitments.models import Commitment, Measure, Place, Recomputation, SpecialDay

PLATFORM = OpeningHours.PLATFORM
# Special days kept with a promise: none is longer (``models.LONGEST``), even when it waits a while.
AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Terms:
    """What a promise made now would rest on; ``commitment`` None when the shipped delay applies."""

    target: Amount
    rules: OpeningRules
    commitment: UUID | None = None


def terms(
    kind: str,
    grade: str,
    *,
    urgent: bool,
    at: datetime,
    contact_id: UUID | None = None,
    channel: str | None = None,
    department: str = "",
) -> Terms:
    """The delay and the opening hours in force at ``at`` for a request of ``kind`` (code) and ``grade`` (1 query).

    The most precise commitment wins: kind, then grade, then channel (by default that of ``contact_id``). Hours are
    those of the place that counts for ``department`` (empty: that of the person of the contact), else the platform's,
    with the days unlike the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            TERMS,
            {
                "kind": kind,
                "grade": grade,
                "urgent": urgent,
                "at": at,
                "since": day_of(at) - timedelta(days=1),
                "until": day_of(at) + AHEAD,
                "contact": contact_id,
                "channel": channel,
                "department": department,
                "platform": PLATFORM,
            },
        )
        stored, special, commitment, count, unit = cursor.fetchone()
    target = Amount(count, Unit(unit)) if commitment else shipped.answer(grade, urgent=urgent)
    return Terms(target, _rules(stored, special), commitment)


# One row whatever happens: a place's own hours, else the platform's; a place's own day before one of everywhere.
TERMS = """
WITH place AS (
    SELECT coalesce((
        SELECT p.code FROM commitments_place p
        WHERE p.department <> '' AND p.valid_from <= %(at)s AND (p.valid_until IS NULL OR p.valid_until > %(at)s)
          AND p.department = coalesce(nullif(%(department)s, ''), (
              SELECT h.department FROM contacts_contact c JOIN people_person h ON h.id = c.person_id
              WHERE c.id = %(contact)s))
    ), %(platform)s) AS code
)
SELECT
    (SELECT h.rules FROM calendars_openinghours h
     WHERE h.name IN (place.code, %(platform)s) AND h.valid_from <= %(at)s
     ORDER BY h.name = place.code DESC, h.valid_from DESC LIMIT 1),
    (SELECT jsonb_object_agg(d.day, d.hours) FROM (
        SELECT DISTINCT ON (s.day) s.day, s.hours FROM commitments_specialday s
        WHERE s.withdrawn_at IS NULL AND s.place IN ('', place.code) AND s.day BETWEEN %(since)s AND %(until)s
        ORDER BY s.day, s.place DESC) d),
    c.id, c.count, c.unit
FROM place LEFT JOIN LATERAL (
    SELECT m.id, m.count, m.unit FROM commitments_commitment m
    WHERE m.nature = 'answer' AND m.urgent = %(urgent)s
      AND m.valid_from <= %(at)s AND (m.valid_until IS NULL OR m.valid_until > %(at)s)
      AND m.kind IN ('', %(kind)s) AND m.grade IN ('', %(grade)s)
      AND m.channel IN (
          '', coalesce(%(channel)s, (SELECT k.channel FROM contacts_contact k WHERE k.id = %(contact)s), ''))
    ORDER BY m.kind <> '' DESC, m.grade <> '' DESC, m.channel <> '' DESC LIMIT 1) c ON true
"""


def _rules(stored: Any, special: Any) -> OpeningRules:
    rules = OpeningRules.from_json(_json(stored)) if stored else PLATFORM_HOURS
    days = {date.fromisoformat(day): periods_of(hours) for day, hours in (_json(special) or {}).items()}
    return with_days(rules, days)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def with_days(rules: OpeningRules, days: dict[date, Periods]) -> OpeningRules:
    """The rules with these days unlike the others, which win over those the rules already had."""
    if not days:
        return rules
    return replace(rules, exceptions=tuple(sorted({**dict(rules.exceptions), **days}.items())))


def hours_of(place: str, at: datetime) -> OpeningRules:
    """The hours of a place at ``at`` with its special days to come (2 queries); the platform's when it has none."""
    stored = (
        OpeningHours.objects.filter(name__in=(place, PLATFORM), valid_from__lte=at)
        .order_by(Case(When(name=place, then=0), default=1), "-valid_from")
        .values_list("rules", flat=True)
        .first()
    )
    set_days = special_days(place, day_of(at) - timedelta(days=1)).filter(day__lte=day_of(at) + AHEAD)
    days = {one.day: periods_of(one.hours) for one in sorted(set_days, key=lambda one: one.place)}
    return with_days(OpeningRules.from_json(stored) if stored else PLATFORM_HOURS, days)


def special_days(place: str, since: date) -> QuerySet[SpecialDay]:
    """The days unlike the others at a place, everywhere's included, from ``since`` on."""
    return SpecialDay.objects.filter(place__in=("", place), day__gte=since, withdrawn_at=None)


def places(at: datetime) -> list[Place]:
    """The places with hours of their own at ``at``, by name (1 query)."""
    return list(Place.objects.filter(in_force(at)))


def commitments(at: datetime) -> list[Commitment]:
    """What the back office promised, in force at ``at`` (1 query)."""
    return list(Commitment.objects.filter(in_force(at)))


def past_commitments(at: datetime, limit: int = 30) -> list[Commitment]:
    """What was promised before ``at`` or will be after, newest first (1 query)."""
    return list(Commitment.objects.exclude(in_force(at)).order_by("-valid_from", "-id")[:limit])


def hours_history(place: str, limit: int = 20) -> list[OpeningHours]:
    """The weeks of a place, planned ones included, newest first (1 query)."""
    return list(OpeningHours.objects.filter(name=place).order_by("-valid_from")[:limit])


def usual(kind: str, grade: str, rows: Iterable[Commitment], *, urgent: bool = False) -> Amount:
    """What is promised for a kind whatever the channel, ``rows`` being the commitments in force."""
    fit = [
        row
        for row in rows
        if row.nature == Commitment.Nature.ANSWER
        and (row.urgent, row.channel) == (urgent, "")
        and row.kind in ("", kind)
        and row.grade in ("", grade)
    ]
    best = max(fit, key=lambda row: (row.kind != "", row.grade != ""), default=None)
    return best.amount if best else shipped.answer(grade, urgent=urgent)


def first_answers(rows: Iterable[Commitment]) -> dict[str, Amount]:
    """By channel, how soon somebody first speaks or writes, ``rows`` being those in force."""
    said = {row.channel: row.amount for row in rows if row.nature == Commitment.Nature.FIRST}
    return {**shipped.FIRST, **said}


def measures() -> list[Measure]:
    """The figures taken last (2 queries)."""
    last = Measure.objects.order_by("-at").values_list("at", flat=True).first()
    return list(Measure.objects.filter(at=last)) if last else []


def recomputations(limit: int = 10) -> list[Recomputation]:
    """The last recomputations asked for, newest first (1 query)."""
    return list(Recomputation.objects.all()[:limit])
