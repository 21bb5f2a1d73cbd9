"""Whatever is tried, in whatever order, by whoever: the database's rules hold and each move says who and why."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal.models import Entry
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.jobs import end_what_is_over
from gruppetto.service.interventions.models import Intervention, Move
from gruppetto.service.interventions.states import LIFE
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY
from tests.support import factories as make
from tests.support.database import as_owner

WHO = st.sampled_from(["alice", "sylvie", "charlie", "bob"])
WHY = st.sampled_from(["", "parce que", "l’été « dernier »"])


class Lives(RuleBasedStateMachine):
    """One intervention, tried in every way."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        # Each life is forgotten at its end: a savepoint of the test's transaction.
        self.forgotten = transaction.atomic()
        self.forgotten.__enter__()
        self.at = MONDAY
        with clock.at(self.at):
            self.key = make.intervention(self.cast.jeanne, self.cast.alice).pk
        # Whoever does not work it hears the person in a contact of their own.
        self.said = {"charlie": stage.on_the_line(self.cast.charlie, self.cast.jeanne)}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.forgotten.__exit__(None, None, None)

    def tried(self, who: str, verb: Any, *args: Any, **more: Any) -> None:
        """Either it happens, or a refusal in words: nothing else, and a refusal changes nothing."""
        before, said = self.row(), ""
        with clock.at(self.at):
            try:
                with acting(getattr(self.cast, who).actor):
                    verb(self.key, *args, **more)
            except Refused as refused:
                said = str(refused.message)
        if said:
            assert self.row() == before
        else:
            assert who != "bob", "a stranger did something"

    def row(self) -> dict[str, Any]:
        with as_owner():
            return dict(Intervention.objects.filter(pk=self.key).values().get())

    @rule(minutes=st.integers(1, 3 * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(who=WHO)
    def start(self, who: str) -> None:
        self.tried(who, verbs.start)

    @rule(who=WHO, awaited=st.sampled_from(["person", "provider", "paper", "godot"]), why=WHY)
    def wait(self, who: str, awaited: str, why: str) -> None:
        self.tried(who, verbs.wait, awaited, why)

    @rule(who=WHO, why=WHY)
    def resume(self, who: str, why: str) -> None:
        self.tried(who, verbs.resume, why, contact_id=self.said.get(who))

    @rule(who=WHO, outcome=st.sampled_from(["done", "partly", "lost"]), text=WHY)
    def answer(self, who: str, outcome: str, text: str) -> None:
        self.tried(who, verbs.answer, outcome, text)

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        self.tried(who, verbs.confirm, contact_id=self.said.get(who))

    @rule(who=WHO)
    def attempt(self, who: str) -> None:
        self.tried(who, verbs.attempt)

    @rule(who=WHO)
    def close(self, who: str) -> None:
        self.tried(who, verbs.close)

    @rule(who=WHO, why=WHY)
    def reopen(self, who: str, why: str) -> None:
        self.tried(who, verbs.reopen, why, contact_id=self.said.get(who))

    @rule(who=WHO, why=WHY)
    def cancel(self, who: str, why: str) -> None:
        self.tried(who, verbs.cancel, why, contact_id=self.said.get(who))

    @rule(who=WHO, to=WHO, why=WHY)
    def assign(self, who: str, to: str, why: str) -> None:
        self.tried(who, verbs.assign, getattr(self.cast, to).account.pk, why)

    @rule()
    def the_hourly_job(self) -> None:
        with clock.at(self.at), as_worker():
            end_what_is_over.func(timestamp=0)

    @invariant()
    def each_move_is_one_of_the_table_and_follows_the_one_before(self) -> None:
        with as_owner():
            moves = list(Move.objects.filter(intervention=self.key).order_by("at", "id"))
        allowed = {(step.verb, step.source, step.target) for step in LIFE.transitions}
        for before, after in pairwise(moves[1:]):
            assert after.source == before.target
            assert (after.verb, after.source, after.target) in allowed
        assert moves[-1].target == self.row()["state"]
        assert all(move.actor and (move.account_id or move.actor.startswith("job:")) for move in moves)

    @invariant()
    def each_move_is_journaled(self) -> None:
        with as_owner():
            told = Entry.objects.filter(subject_id=self.key, kind="act", verb__startswith="intervention.")
            told = told.exclude(verb="intervention.attempted")
            assert told.count() == Move.objects.filter(intervention=self.key).count()
            assert not told.filter(actor="").exists()

    @invariant()
    def the_rules_of_the_database_hold(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        row = self.row()
        assert (row["state"] == "closed") == (row["closed_at"] is not None)
        if row["state"] in ("answered", "confirmed", "not_confirmed", "closed"):
            assert row["answered_at"]
            assert row["outcome"]
        if row["state"] == "confirmed":
            assert row["confirmed_to"] != self.cast.bob.account.pk
        pauses = row["clock"]["clock"]["pauses"]
        stopped = bool(pauses) and pauses[-1][1] is None
        assert stopped == (row["state"] in ("waiting_person", "waiting_paper"))


@pytest.mark.django_db
def test_a_life_led_at_random_breaks_no_rule(cast: Cast) -> None:
    machine = type("LivesOfThisCast", (Lives,), {"cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            database=None,
        ),
    )
