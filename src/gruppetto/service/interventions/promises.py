"""What the clock does about promises: announces those about to be broken, counts again what a policy changed,
measures how well they were kept. Each job selects what is due and may run twice (decisions 23)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gruppetto.kernel import outbox
from gruppetto.kernel.calendars import Unit
from gruppetto.kernel.calendars.arithmetic import add_open_time
from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.queue import enqueue, every, job, take_up
from gruppetto.service.commitments import events, measuring
from gruppetto.service.commitments.models import Measure, Recomputation
from gruppetto.service.commitments.reads import PLATFORM, Terms, hours_of, places, terms
from gruppetto.service.contacts.models import Contact
from gruppetto.service.interventions.clocks import STOPPED, Promise
from gruppetto.service.interventions.models import ACTIVE, Intervention
from gruppetto.service.interventions.verbs.steps import trace, write

NEAR = timedelta(hours=4)
"""Opening time before a promise is broken at which the person is told; half the delay when that is less."""

FORGOTTEN = timedelta(days=2)
"""A promise broken longer ago than this is no longer announced: it is late, and shown so."""

BATCH = 200
CHUNK = 500
WINDOW = 90
"""Days over which promises are measured."""

RUNNING = [state.value for state in ACTIVE if state not in STOPPED]


@every("interventions.announce_near", "*/10 * * * *")
def announce() -> None:
    """Tell that promises will be broken soon, each date once, the most pressing first."""
    announce_near(now())


def announce_near(at: datetime) -> list[UUID]:
    """Publish ``commitment.near`` for each running promise that is near at ``at``; returns which."""
    # Hours differ from place to place, and rules promised under may be older: the widest look, then each by its own.
    horizon = max(
        add_open_time(at, NEAR, hours_of(place, at))
        for place in (PLATFORM, *(one.code for one in places(at)))
    )
    told_for = Cast(KeyTextTransform("near", "clock"), DateTimeField())
    rows = Intervention.objects.alias(told_for=told_for).filter(
        Q(told_for=None) | ~Q(told_for=F("due_at")),
        state__in=RUNNING,
        due_at__gt=at - FORGOTTEN,
        due_at__lte=horizon,
    )
    told = []
    for intervention in rows.order_by("due_at", "id")[:CHUNK]:
        promise = Promise.from_json(intervention.clock)
        if promise.left(at) > patience(promise):
            continue
        # The version stays: nobody's page is out of date for it. A step written at this very moment may lose the
        # mark; it is then announced again, and whoever listens knows the date already.
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE interventions_intervention SET clock = jsonb_set(clock, '{near}', to_jsonb(%s::text))"
                " WHERE id = %s AND due_at = %s",
                [intervention.due_at.isoformat(), intervention.pk, intervention.due_at],
            )
        outbox.publish(events.NEAR, intervention.pk, portfolio_id=intervention.portfolio_id)
        told.append(intervention.pk)
    return told


def patience(promise: Promise) -> timedelta:
    """How much opening time is left when the person is told that it takes longer."""
    target = promise.clock.target
    if target.unit is Unit.MINUTES:
        return min(NEAR, timedelta(minutes=target.count) / 2)
    return NEAR


RECOMPUTE = "interventions.recompute_promises"


@job(RECOMPUTE)
def recompute_promises(subject_id: str, **fact: object) -> None:
    """One batch of a recomputation, then the next one: each commits by itself and can be killed anywhere."""
    if recompute_batch(UUID(str(subject_id))):
        enqueue(RECOMPUTE, subject_id=str(subject_id))


@every("interventions.take_up_recomputation", "35 * * * *")
def take_up_recomputation() -> None:
    """A batch that failed at its last try stops the recomputation half way, and every later one with it."""
    for run_id in Recomputation.objects.exclude(state=Recomputation.State.DONE).values_list("pk", flat=True):
        take_up(RECOMPUTE, run_id)


def recompute_batch(run_id: UUID) -> bool:
    """Count the next ``BATCH`` promises again; is there more?

    The row of the run is locked: two workers on one run take turns, each batch is done once.
    """
    run = Recomputation.objects.select_for_update().get(pk=run_id)
    if run.state == Recomputation.State.DONE:
        return False
    # What was opened since rests on the new terms already.
    rows = Intervention.objects.filter(state__in=ACTIVE, opened_at__lte=run.asked_at)
    if run.total is None:
        run.total = rows.count()
        run.state = Recomputation.State.RUNNING
    if run.cursor:
        rows = rows.filter(pk__gt=run.cursor)
    batch = list(rows.select_for_update().order_by("pk")[:BATCH])
    at, known = now(), Known(batch)
    for intervention in batch:
        _recount(intervention, known.terms(intervention, at), run, at)
    run.seen += len(batch)
    more = len(batch) == BATCH
    if batch:
        run.cursor = batch[-1].pk
    if not more:
        run.state, run.done_at = Recomputation.State.DONE, at
    run.save()
    outbox.publish(events.RECOMPUTED, run.pk)
    return more


class Known:
    """The terms for a batch, asked once for each case; channels in one query."""

    def __init__(self, batch: Iterable[Intervention]) -> None:
        contacts = [one.contact_id for one in batch if one.contact_id]
        self.channels = dict(Contact.objects.filter(pk__in=contacts).values_list("pk", "channel"))
        self.found: dict[tuple[str, str, bool, str, str], Terms] = {}

    def terms(self, of: Intervention, at: datetime) -> Terms:
        """What a promise on this request would rest on at ``at``."""
        channel = self.channels.get(of.contact_id, "") if of.contact_id else ""
        case = (of.kind, of.grade, of.urgent, channel, of.department)
        if case not in self.found:
            self.found[case] = terms(
                of.kind, of.grade, urgent=of.urgent, at=at, channel=channel, department=of.department
            )
        return self.found[case]


def _recount(intervention: Intervention, wanted: Terms, run: Recomputation, at: datetime) -> None:
    before = Promise.from_json(intervention.clock)
    after = before.changed(at, wanted)
    told, due_at = before.expected(at), after.expected(at)
    if due_at > told and not run.later:
        run.held += 1
        return
    if after == before:
        return
    write(intervention, {"clock": after.to_json(), "due_at": due_at})
    if due_at == told:
        return
    trace(intervention, "recompute", intervention.state, run.why, at)
    if due_at > told:
        run.moved_later += 1
        outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
    else:
        run.sooner += 1


@every("interventions.measure_promises", "10 3 * * *")
def measure_promises() -> None:
    """Take the figures of the published page."""
    measure(now())


def measure(at: datetime) -> list[Measure]:
    """Count the promises that ended, or were broken, in the ``WINDOW`` before ``at``; how many were kept.

    One that is still owed and late counts, however old; so does one cancelled once it was broken. What waits for the
    person or a paper is not over.
    """
    since = at - timedelta(days=WINDOW)
    with connection.cursor() as cursor:
        cursor.execute(MEASURE, {"since": since, "at": at, "running": RUNNING, "stopped": list(STOPPED)})
        counted = cursor.fetchall()
    made, kept = measuring.calls(since, at)
    rows = [*counted, ("first", Contact.Channel.PHONE.value, made, kept)]
    return Measure.objects.bulk_create(
        Measure(at=at, days=WINDOW, sort=sort, code=code, made=made, kept=kept)
        for sort, code, made, kept in rows
    )


MEASURE = """
WITH ended AS (
    SELECT id, contact_id, kind, grade, urgent, due_at, answered_at AS answered
    FROM interventions_intervention
    WHERE state IN ('answered', 'confirmed', 'not_confirmed', 'closed')
      AND answered_at >= %(since)s AND answered_at < %(at)s
  UNION ALL
    SELECT i.id, contact_id, kind, grade, urgent, (p ->> 0)::timestamptz, (p ->> 1)::timestamptz
    FROM interventions_intervention i CROSS JOIN LATERAL jsonb_array_elements(i.clock -> 'past') p
    WHERE i.clock ? 'past' AND coalesce(p ->> 1, p ->> 0)::timestamptz >= %(since)s
      AND coalesce(p ->> 1, p ->> 0)::timestamptz < %(at)s
  UNION ALL
    SELECT id, contact_id, kind, grade, urgent, due_at, NULL
    FROM interventions_intervention
    WHERE due_at < %(at)s
      AND (state = ANY (%(running)s)
           OR (state = ANY (%(stopped)s) AND (clock #>> '{clock,pauses,-1,0}')::timestamptz > due_at))
  UNION ALL
    SELECT i.id, contact_id, kind, grade, urgent, due_at, NULL
    FROM interventions_intervention i
    WHERE state = 'cancelled' AND due_at >= %(since)s AND due_at < %(at)s
      AND EXISTS (SELECT 1 FROM interventions_move m
                  WHERE m.intervention_id = i.id AND m.verb = 'cancel' AND m.at > i.due_at)
)
SELECT s.sort, s.code, count(*), count(*) FILTER (WHERE e.answered <= e.due_at)
FROM ended e LEFT JOIN contacts_contact c ON c.id = e.contact_id
CROSS JOIN LATERAL (VALUES
    ('all', ''),
    ('channel', coalesce(c.channel, '')),
    ('grade', CASE WHEN e.urgent THEN 'urgent' ELSE e.grade END),
    ('kind', e.kind)) AS s (sort, code)
GROUP BY s.sort, s.code
"""
