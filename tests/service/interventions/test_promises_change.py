"""Promises when what is asked, how pressing it is, or the policy changes; and telling before one is broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.calendars import OpeningRules, days, minutes
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.outbox.models import Fact
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.commitments import verbs as keep
from gruppetto.service.commitments.models import Recomputation
from gruppetto.service.commitments.reads import PLATFORM
from gruppetto.service.interventions import promises
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention, Move, Paper
from gruppetto.service.interventions.verbs import (
    answer,
    change_kind,
    change_urgency,
    reopen,
    resume,
    start,
    wait,
)
from tests.kernel.calendars import oracle
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, may_speak_of
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
KIND, OTHER = "health-card-renewal", "tax-return"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def told(topic: str) -> list[object]:
    with as_owner():
        return list(Fact.objects.filter(topic=topic).values_list("subject_id", flat=True))


@contextmanager
def working(cast: Cast, when: datetime) -> Iterator[None]:
    with clock.at(when), acting(cast.alice.actor):
        yield


@pytest.fixture
def gisele(db: None) -> Staff:
    """Of the back office."""
    return staff("Gisèle", "back_office")


def begun(cast: Cast, kind: str = KIND, **more: Any) -> Intervention:
    with clock.at(MONDAY):
        made = make.intervention(cast.jeanne, cast.alice, kind, **more)
        with acting(cast.alice.actor):
            return start(made.pk)


# --- what is asked ---------------------------------------------------------------------------------


def kinds(cast: Cast) -> tuple[str, str]:
    """A simple kind and a complex one of the catalogue."""
    by_grade = {str(kind.grade): kind.code for kind in kinds_in_force(MONDAY) if not kind.urgent}
    return by_grade["simple"], by_grade["complex"]


def test_another_kind_counts_from_the_first_day_with_what_was_stopped(cast: Cast) -> None:
    simple, hard = kinds(cast)
    one = begun(cast, simple)
    with working(cast, at(2, 10)):
        wait(one.pk, "person", "son relevé")
    with working(cast, at(3, 10)):
        changed = change_kind(one.pk, hard, "c’est toute la succession")
        assert changed.state == "waiting_person"
        assert (changed.kind, changed.grade) == (hard, "complex")
    with working(cast, at(4, 10)):
        resumed = resume(one.pk)
    promise = Promise.from_json(resumed.clock)
    assert promise.clock.target == days(10)
    # Ten business days after Monday the 2nd is Friday the 13th at 18:00; two opening days were stopped.
    assert resumed.due_at == promise.expected(at(4, 10)) > at(13, 18)
    assert told("commitment.moved") == [one.pk]
    with as_owner():
        move = Move.objects.get(intervention=one, verb="change_kind")
        assert (move.source, move.target, move.why) == (
            "waiting_person",
            "waiting_person",
            "c’est toute la succession",
        )


def test_a_simpler_kind_never_makes_a_promise_that_is_broken_at_once(cast: Cast) -> None:
    simple, hard = kinds(cast)
    one = begun(cast, hard)
    with working(cast, at(9, 10)):
        changed = change_kind(one.pk, simple, "il ne manquait qu’un code")
    assert changed.due_at == at(10, 18)
    assert told("commitment.moved") == []


def test_papers_follow_the_kind_and_what_was_received_stays(cast: Cast) -> None:
    simple, hard = kinds(cast)
    one = begun(cast, simple)
    with as_owner():
        Paper.objects.filter(intervention=one).delete()
        same = {"shelf": one.shelf, "portfolio_id": one.portfolio_id, "department": one.department}
        Paper.objects.create(intervention=one, code="old-asked", label="x", state="asked", **same)
        Paper.objects.create(intervention=one, code="old-received", label="x", state="received", **same)
    with working(cast, at(2, 10)):
        change_kind(one.pk, hard, "autre chose")
        states = dict(Paper.objects.filter(intervention=one).values_list("code", "state"))
    assert (states.pop("old-asked"), states.pop("old-received")) == ("not_needed", "received")
    assert set(states.values()) <= {"needed"}


@pytest.mark.parametrize(
    ("who", "kind", "why", "code"),
    [
        ("alice", OTHER, " ", "why-missing"),
        ("alice", "tea", "x", "unknown-kind"),
        ("alice", KIND, "x", "same-kind"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, who: str, kind: str, why: str, code: str) -> None:
    one = begun(cast)
    with pytest.raises(Refused) as refused, clock.at(at(3)), acting(getattr(cast, who).actor):
        change_kind(one.pk, kind, why)
    assert refused.value.code == code


def test_only_who_follows_the_person_changes_the_kind_and_not_after_the_answer(cast: Cast) -> None:
    simple, hard = kinds(cast)
    one = begun(cast, simple)
    may_speak_of(cast.charlie, cast.jeanne)
    with pytest.raises(NotYours), clock.at(at(3)), acting(cast.charlie.actor):
        change_kind(one.pk, hard, "x")
    with working(cast, at(3)):
        answer(one.pk, "done", "C’est fait.")
        with pytest.raises(Refused) as refused:
            change_kind(one.pk, hard, "x")
    assert refused.value.code == "state-forbidden"


# --- how pressing it is ----------------------------------------------------------------------------


def test_what_turns_urgent_is_promised_two_hours_from_then(cast: Cast) -> None:
    one = begun(cast)
    with working(cast, at(3, 17, 30)):
        pressing = change_urgency(one.pk, True, "coupure demain")
        # Half an hour this evening, the rest from half past eight.
        assert pressing.due_at == at(4, 10)
        calmer = change_urgency(one.pk, False, "le fournisseur attend")
    assert calmer.due_at == one.due_at
    assert told("commitment.moved") == [one.pk]


def test_what_is_late_stays_late_in_the_figures_when_it_gets_more_time(cast: Cast) -> None:
    simple, hard = kinds(cast)
    one = begun(cast, simple)
    with working(cast, at(5, 10)):
        assert one.due_at < at(5, 10)
        changed = change_kind(one.pk, hard, "plus long que prévu")
    assert [past.answered for past in Promise.from_json(changed.clock).past] == [None]


# --- reopened --------------------------------------------------------------------------------------


def test_reopened_is_a_new_promise_and_the_first_stays(cast: Cast, gisele: Staff) -> None:
    one = begun(cast)
    with working(cast, at(3)):
        answer(one.pk, "done", "C’est fait.")
    with acting(gisele.actor), clock.at(at(4)):
        keep.promise(days(1), "plus vite", kind=KIND)
    with working(cast, at(9)):
        again = reopen(one.pk, "la carte n’est pas arrivée")
    promise = Promise.from_json(again.clock)
    assert again.due_at == at(10, 18)
    assert [(past.due, past.answered) for past in promise.past] == [(one.due_at, at(3))]


# --- the policy ------------------------------------------------------------------------------------


def recount(gisele: Staff, when: datetime, *, later: bool = False) -> Recomputation:
    with acting(gisele.actor), clock.at(when):
        run = keep.ask_recompute("essai", later=later)
    while True:
        with clock.at(when), as_worker():
            if not promises.recompute_batch(run.pk):
                break
    with as_owner():
        run.refresh_from_db()
    return run


def due_of(one: Intervention) -> datetime:
    with as_owner():
        return Intervention.objects.values_list("due_at", flat=True).get(pk=one.pk)


def test_a_change_of_policy_moves_no_promise_by_itself(cast: Cast, gisele: Staff) -> None:
    one = begun(cast)
    with acting(gisele.actor), clock.at(at(2, 11)):
        keep.promise(days(8), "moins de monde", grade=one.grade)
        keep.set_day(date(2026, 3, 4), "", "grève")
    with working(cast, at(2, 12)):
        wait(one.pk, "person", "x")
        resumed = resume(one.pk)
    assert resumed.due_at == one.due_at
    new = begun_at(cast, at(2, 12))
    assert new.due_at > one.due_at


NINE_TO_FIVE = ["09:00-17:00"] * 5 + ["", ""]
MORNINGS = ["08:00-12:00"] * 6 + [""]


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize(
    ("week", "special"),
    [
        (NINE_TO_FIVE, {date(2026, 3, 5): ""}),
        (MORNINGS, {date(2026, 3, 4): "13:00-15:30", date(2026, 3, 6): ""}),
        (MORNINGS, {}),
    ],
    ids=["longer days and a strike", "mornings, a day turned, a day off", "mornings"],
)
def test_hours_and_days_changed_during_a_pause_count_as_the_oracle_counts(
    cast: Cast, gisele: Staff, week: list[str], special: dict[date, str], urgent: bool
) -> None:
    one = begun(cast, urgent=urgent)
    stopped, again = at(2, 9, 40), at(4, 14, 20)
    with working(cast, stopped):
        wait(one.pk, "person", "son relevé")
    with acting(gisele.actor), clock.at(at(3, 11)):
        keep.set_hours(PLATFORM, OpeningRules.of(week), "horaires du printemps")
        for day, hours in special.items():
            keep.set_day(day, hours, "exception")
    assert recount(gisele, at(3, 12), later=True).held == 0
    with working(cast, again):
        resumed = resume(one.pk)
    target = Promise.from_json(resumed.clock).clock.target
    wall = oracle.Wall(week, special)
    left_out = [(stopped, again)]
    if urgent:
        assert target == minutes(120)
        due = wall.add_minutes(MONDAY, target.count, left_out)
    else:
        whole = wall.minutes_between(MONDAY, wall.add_days(MONDAY, target.count))
        due = wall.add_minutes(MONDAY, whole, left_out)
    assert resumed.due_at == due
    assert Promise.from_json(resumed.clock).rules != Promise.from_json(one.clock).rules


def begun_at(cast: Cast, when: datetime) -> Intervention:
    with clock.at(when):
        return make.intervention(cast.jeanne, cast.alice)


def test_counted_again_a_later_date_needs_leave_and_a_sooner_one_does_not(cast: Cast, gisele: Staff) -> None:
    one = begun(cast)
    with acting(gisele.actor), clock.at(at(2, 11)):
        keep.set_day(date(2026, 3, 4), "", "jour férié ajouté")
    held = recount(gisele, at(2, 12))
    assert (held.state, held.seen, held.held, held.moved_later) == ("done", 1, 1, 0)
    assert due_of(one) == one.due_at
    moved = recount(gisele, at(2, 13), later=True)
    assert (moved.held, moved.moved_later) == (0, 1)
    assert due_of(one) > one.due_at
    assert told("commitment.moved") == [one.pk]
    with acting(gisele.actor), clock.at(at(2, 14)):
        keep.promise(days(1), "plus vite", kind=KIND)
    sooner = recount(gisele, at(2, 15))
    assert (sooner.sooner, sooner.moved_later) == (1, 0)
    assert due_of(one) == at(3, 18)
    # Again, nothing happens: it may run twice.
    again = recount(gisele, at(2, 16))
    assert (again.sooner, again.moved_later, again.held) == (0, 0, 0)
    assert told("commitment.moved") == [one.pk]


def test_it_goes_by_batches_and_two_do_not_run_at_once(
    cast: Cast, gisele: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "BATCH", 2)
    every = [begun_at(cast, at(2, 9, n)) for n in range(5)]
    with acting(gisele.actor), clock.at(at(2, 11)):
        keep.promise(days(1), "plus vite")
        run = keep.ask_recompute("plus vite")
        with pytest.raises(Refused, match="déjà en cours"):
            keep.ask_recompute("encore")
    seen = []
    for _batch in range(3):
        with clock.at(at(2, 12)), as_worker():
            more = promises.recompute_batch(run.pk)
        with as_owner():
            run.refresh_from_db()
        seen.append((run.seen, more))
    assert seen == [(2, True), (4, True), (5, False)]
    assert {due_of(one) for one in every} == {at(3, 18)}
    with clock.at(at(2, 12)), as_worker():
        assert not promises.recompute_batch(run.pk)


def test_one_whose_batch_failed_for_good_is_taken_up_again_once(cast: Cast, gisele: Staff) -> None:
    begun_at(cast, at(2, 9))
    with acting(gisele.actor), clock.at(at(2, 11)):
        run = keep.ask_recompute("plus vite")
    jobs = "SELECT status::text FROM procrastinate_jobs WHERE args ->> 'subject_id' = %s ORDER BY id"
    with as_worker():
        for _tick in range(2):
            promises.take_up_recomputation.func(timestamp=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(jobs, [str(run.pk)])
        assert cursor.fetchall() == [("todo",)]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    with as_worker():
        promises.take_up_recomputation.func(timestamp=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(jobs, [str(run.pk)])
        assert cursor.fetchall() == [("failed",), ("todo",)]
    with clock.at(at(2, 12)), as_worker():
        assert not promises.recompute_batch(run.pk)
        promises.take_up_recomputation.func(timestamp=0)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(jobs, [str(run.pk)])
        assert len(cursor.fetchall()) == 2


# --- telling before it is broken -------------------------------------------------------------------


def near(when: datetime) -> list[object]:
    with clock.at(when), as_worker():
        return list(promises.announce_near(when))


def test_a_promise_about_to_be_broken_is_told_once_for_its_date(cast: Cast) -> None:
    one = begun(cast)
    # Due on Thursday at 18:00: four opening hours before is 14:00.
    assert one.due_at == at(5, 18)
    assert near(at(5, 13, 59)) == []
    assert near(at(5, 14)) == [one.pk]
    assert near(at(5, 14, 10)) == []
    assert told("commitment.near") == [one.pk]
    with working(cast, at(5, 15)):
        wait(one.pk, "paper", "l’avis")
    assert near(at(6, 9)) == []
    with working(cast, at(6, 9)):
        resumed = resume(one.pk)
    assert resumed.due_at > one.due_at
    # Another date: told again.
    assert near(at(6, 9, 30)) == [one.pk]


def test_a_job_that_slept_still_tells_and_what_is_old_is_left(cast: Cast) -> None:
    one = begun(cast)
    assert near(at(6, 9)) == [one.pk]
    other = begun(cast)
    assert near(at(20, 9)) == []
    assert other.due_at < at(20, 9)


def test_what_waits_for_the_person_is_not_told_and_what_waits_for_a_provider_is(cast: Cast) -> None:
    stopped, running = begun(cast), begun(cast)
    with working(cast, at(3)):
        wait(stopped.pk, "person", "x")
        wait(running.pk, "provider", "x")
    assert near(at(5, 15)) == [running.pk]


def test_an_urgent_promise_is_told_half_way(cast: Cast) -> None:
    one = begun(cast, urgent=True)
    assert one.due_at == at(2, 11)
    assert near(at(2, 9, 59)) == []
    assert near(at(2, 10)) == [one.pk]
    assert promises.patience(Promise.begin(at(2), minutes(120))) == timedelta(hours=1)


# --- how well it goes ------------------------------------------------------------------------------


def test_promises_are_measured_with_their_denominators(cast: Cast) -> None:
    kept, late, owed, waiting = begun(cast), begun(cast), begun(cast), begun(cast)
    with working(cast, at(3)):
        answer(kept.pk, "done", "C’est fait.")
        wait(waiting.pk, "person", "x")
    with working(cast, at(9)):
        answer(late.pk, "done", "Enfin.")
        reopen(kept.pk, "pas reçu")
    with working(cast, at(10)):
        answer(kept.pk, "done", "Cette fois.")
    with clock.at(at(16)), as_worker():
        figures = {(one.sort, one.code): (one.kept, one.made) for one in promises.measure(at(16))}
    # Kept twice (answered, then answered again in time), once late, once still owed; what waits is not over.
    assert figures["all", ""] == (2, 4)
    assert figures["grade", owed.grade] == (2, 4)
    assert figures["kind", KIND] == (2, 4)
    assert figures["channel", ""] == (2, 4)
    assert figures["first", "phone"] == (0, 0)
    with clock.at(at(16) + timedelta(days=91)), as_worker():
        figures = {
            (one.sort, one.code): (one.kept, one.made)
            for one in promises.measure(at(16) + timedelta(days=91))
        }
    # What is still owed counts, however old.
    assert figures["all", ""] == (0, 1)
