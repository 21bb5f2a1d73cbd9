"""Counting: one statement gathers what happened in a period, cut by group; the figures replace those there were.

Nothing is cut by member of staff, nor by portfolio: a portfolio is held by one person (ADR on figures of people).
May run any number of times, and from nothing: the rows are the truth. Figures of one period are written together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection

from gruppetto.insight.indicators import facts
from gruppetto.insight.indicators.measures import WINDOW_DAYS
from gruppetto.insight.indicators.models import Figure
from gruppetto.insight.indicators.periods import LENGTHS, Period
from gruppetto.insight.indicators.stats import median, median_interval
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import day_of, now, today

PERSONS = """
SELECT p.id, a.commune_id AS commune, z.zone_id::text AS zone,
       CASE WHEN p.birth_date IS NULL THEN 'unknown'
            WHEN age(%(day)s::date, p.birth_date) < interval '60 years' THEN '0-59'
            WHEN age(%(day)s::date, p.birth_date) < interval '75 years' THEN '60-74'
            WHEN age(%(day)s::date, p.birth_date) < interval '85 years' THEN '75-84' ELSE '85+' END AS age,
       array(SELECT DISTINCT n.kind FROM people_need n WHERE n.subject_id = p.id AND n.ended_on IS NULL) AS needs
FROM people_person p
LEFT JOIN people_address a ON a.subject_id = p.id AND a.kind = 'home' AND a.until IS NULL
LEFT JOIN coverage_zonepart z
    ON z.commune_id = a.commune_id AND z.postcode = a.postcode AND z.during @> %(day)s::date
"""

# One line per (contact, reason): two sub-reasons of one reason are one matter.
REASONS = f"""
SELECT r.contact_id, r.reason, r.subject_id, r.portfolio_id, r.happened_at, max(r.sub_reason)
           FILTER (WHERE r.sub_reason = 'no-news') AS sub_reason, max(r.other) AS other, c.number
FROM contacts_contactreason r JOIN contacts_contact c ON c.id = r.contact_id
WHERE {facts.COUNTED} AND r.happened_at >= %(since)s AND r.happened_at < %(until)s
GROUP BY r.contact_id, r.reason, r.subject_id, r.portfolio_id, r.happened_at, c.number
"""  # noqa: S608  (pieces of our own)

JUDGED = f"""
SELECT r.contact_id, r.reason, r.subject_id, r.portfolio_id, r.other <> '' AS other, {facts.COMPLAINT} AS complaint,
       {facts.REPEAT} AS repeat, {facts.RESOLVED} AS resolved, {facts.PENDING} AS pending, {facts.SUFFERED} AS suffered
FROM (SELECT *, number AS n FROM reasons) AS r CROSS JOIN LATERAL (SELECT r.n AS number) AS c
"""  # noqa: S608

# (measure, person, portfolio, hit, pending, value): one line for each thing counted.
COUNTED = f"""
SELECT 'fcr' AS measure, subject_id, portfolio_id, resolved AS hit, pending, NULL::float8 AS value
FROM judged WHERE NOT repeat
UNION ALL SELECT 'repeat', subject_id, portfolio_id, repeat, false, NULL FROM judged
UNION ALL SELECT 'matter', subject_id, portfolio_id, NOT repeat, false, NULL FROM judged
UNION ALL SELECT 'suffered', subject_id, portfolio_id, suffered, false, NULL FROM judged WHERE repeat
UNION ALL SELECT 'missing_kind', subject_id, portfolio_id, other, false, NULL FROM judged
UNION ALL SELECT 'complaint', subject_id, portfolio_id, true, false, NULL FROM judged WHERE complaint
UNION ALL SELECT 'repeat_people', subject_id, portfolio_id, bool_or(repeat), false, NULL
          FROM judged GROUP BY subject_id, portfolio_id
UNION ALL SELECT m.measure, i.subject_id, i.portfolio_id, m.hit, false, m.value
          FROM interventions_intervention i
          CROSS JOIN LATERAL (VALUES ('delay', true, {facts.HOURS}), ('kept', {facts.KEPT}, NULL),
                                     ('unmet', {facts.UNMET}, NULL)) AS m(measure, hit, value)
          WHERE i.first_answered_at >= %(since)s AND i.first_answered_at < %(until)s
UNION ALL SELECT 'absent', o.subject_id, o.portfolio_id, NOT ({facts.REACHED} AND try.number = o.attempts), false, NULL
          FROM contacts_callback o CROSS JOIN LATERAL generate_series(1, o.attempts) AS try(number)
          WHERE o.last_attempt_at >= %(since)s AND o.last_attempt_at < %(until)s
UNION ALL SELECT 'missed', NULL, NULL, l.state = 'missed', false, NULL FROM contacts_linecall l
          WHERE l.rang_at >= %(since)s AND l.rang_at < %(until)s AND l.state NOT IN ('ringing', 'answered')
"""  # noqa: S608

# Who is there and what is late, now: for the period under way only.
PRESENT = """
UNION ALL SELECT 'people', p.id, p.portfolio_id, true, false, NULL FROM people_person p
          WHERE p.died_on IS NULL AND p.subscriber_since IS NOT NULL AND p.subscriber_until IS NULL
UNION ALL SELECT 'late', i.subject_id, i.portfolio_id,
                 i.due_at < %(at)s AND i.state NOT IN ('waiting_person', 'waiting_paper'), false, NULL
          FROM interventions_intervention i
          WHERE i.state IN ('opened', 'assigned', 'in_progress', 'waiting_person', 'waiting_paper', 'waiting_provider')
"""

GATHER = """
WITH persons AS MATERIALIZED ({persons}), reasons AS MATERIALIZED ({reasons}), judged AS MATERIALIZED ({judged}),
counted AS ({counted})
SELECT f.measure, g.kind, g.key, count(*), count(*) FILTER (WHERE f.hit), count(*) FILTER (WHERE f.pending),
       array_agg(f.value ORDER BY f.value) FILTER (WHERE f.value IS NOT NULL)
FROM counted f
LEFT JOIN persons p ON p.id = f.subject_id
LEFT JOIN coverage_portfolio t ON t.id = f.portfolio_id
CROSS JOIN LATERAL (
    VALUES ('all', ''), ('team', t.team_id::text), ('zone', p.zone), ('commune', p.commune), ('age', p.age)
    UNION ALL SELECT 'need', unnest(p.needs)) AS g(kind, key)
WHERE g.key IS NOT NULL
GROUP BY f.measure, g.kind, g.key
"""


def statement(*, present: bool) -> str:
    """The statement that gathers a period; ``present``: with the people and the lateness of the moment."""
    counted = COUNTED + PRESENT if present else COUNTED
    return GATHER.format(persons=PERSONS, reasons=REASONS, judged=JUDGED, counted=counted)


@verb
def count_period(period: Period, at: datetime | None = None) -> int:
    """Count ``period`` as it is known at ``at`` (now); returns how many figures it comes to."""
    at = at or now()
    present = period.since <= at < period.until
    asked = {
        **facts.parameters(at),
        "since": period.since,
        "until": period.until,
        "day": day_of(min(at, period.until - timedelta(seconds=1))),
    }
    with connection.cursor() as cursor:
        # One count of a period at a time: the second waits, then finds the same.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('indicators'), hashtext(%s))", [str(period.first)]
        )
        cursor.execute(statement(present=present), asked)
        gathered = cursor.fetchall()
    figures = [_figure(period, at, *row) for row in gathered]
    Figure.objects.filter(length=period.length, first=period.first).delete()
    Figure.objects.bulk_create(figures, batch_size=1_000)
    return len(figures)


def _figure(
    period: Period,
    at: datetime,
    measure: str,
    group: str,
    key: str,
    counted: int,
    hits: int,
    pending: int,
    values: list[float] | None,
) -> Figure:
    interval = median_interval(values) if values else None
    return Figure(
        measure=measure,
        length=period.length,
        first=period.first,
        group=group,
        key=key,
        counted=counted,
        hits=hits,
        pending=pending,
        median=median(values) if values else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        counted_at=at,
    )


def count_current() -> None:
    """The week, the month and the quarter under way."""
    for length in LENGTHS:
        count_period(Period.holding(length, today()))  # type: ignore[arg-type]  # one of them


def count_open() -> None:
    """Every period that may still change: its windows are not all closed."""
    for period in periods_since(today() - timedelta(days=WINDOW_DAYS)):
        count_period(period)


def count_all(first: date) -> Iterator[tuple[Period, int]]:
    """Count every period from the one that holds ``first``; each with how many figures it came to."""
    for period in periods_since(first):
        yield period, count_period(period)


def periods_since(first: date) -> Iterable[Period]:
    """The periods of each length from the one that holds ``first`` to today's, in order."""
    for length in LENGTHS:
        period = Period.holding(length, first)  # type: ignore[arg-type]  # one of them
        while period.first <= today():
            yield period
            period = period.next
