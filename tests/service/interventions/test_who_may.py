"""Who sees and works an intervention: its people only, the substitute on their days, nobody by chance (G18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage.verbs import declare_absence, hand_over, place_person
from gruppetto.service.interventions.jobs import acknowledge, follow, follow_portfolio
from gruppetto.service.interventions.models import Intervention, Move
from gruppetto.service.interventions.reads import page_of
from gruppetto.service.interventions.verbs import assign, note, start, wait
from gruppetto.service.interventions.verbs.steps import get, step
from gruppetto.service.messages.models import Message
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def away(cast: Cast, who: make.Colleague) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(who.record.pk, today(), today(), "leave")


def test_a_stranger_cannot_tell_it_from_nothing(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    for stranger in (cast.bob, cast.charlie):
        with acting(stranger.actor):
            for act in (lambda: start(key), lambda: page_of(key), lambda: note(key, "us", "vu")):
                with pytest.raises(Unknown) as unknown:
                    act()
                assert unknown.value.code == "intervention-unknown"


def test_the_substitute_works_it_while_the_holder_is_away(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    away(cast, cast.alice)
    with acting(cast.bob.actor):
        taken = start(key)
    assert (taken.state, taken.worker_id) == ("in_progress", cast.bob.account.pk)


def test_an_agent_on_the_line_may_note_and_wake_it_but_not_work_it(cast: Cast) -> None:
    key = stage.put(make.intervention(cast.jeanne, cast.alice), "in_progress").pk
    stage.may_speak_of(cast.charlie, cast.jeanne)
    with acting(cast.charlie.actor):
        note(key, "us", "Elle a rappelé, inquiète.")
        with pytest.raises(NotYours, match="le correspondant qui suit la personne"):
            wait(key, "paper", "son avis")


def test_a_refusal_is_journaled_though_nothing_changed(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with pytest.raises(NotYours), acting(cast.sylvie.actor):
        start(key)
    with as_owner():
        refusal = Entry.objects.get(kind="refusal")
    assert refusal.account_id == cast.sylvie.account.pk


def test_work_is_entrusted_only_to_who_will_see_it(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with acting(cast.sylvie.actor):
        for account, code in (
            (cast.charlie.account.pk, "not-a-correspondent"),
            (cast.bob.account.pk, "cannot-see-it"),
        ):
            with pytest.raises(Refused) as refused:
                assign(key, account, "il est libre")
            assert (refused.value.code, refused.value.field) == (code, "account")
        with pytest.raises(Refused) as refused:
            assign(key, cast.sylvie.account.pk, " ")
        assert refused.value.field == "why"


def test_work_follows_the_portfolio_when_it_changes_hands(cast: Cast) -> None:
    to_begin = make.intervention(cast.jeanne, cast.alice)
    begun = stage.put(make.intervention(cast.jeanne, cast.alice), "waiting_paper")
    over = stage.put(make.intervention(cast.jeanne, cast.alice), "closed")
    with acting(cast.sylvie.actor):
        hand_over(cast.portfolio.pk, cast.bob.record.pk, today(), "Alice part à la retraite")
    with as_worker():
        for _run in range(2):
            follow_portfolio.func(subject_id=None, portfolio_id=cast.portfolio.pk, fact_id="", about={})
    with acting(cast.bob.actor):
        after = {row.pk: row for row in Intervention.objects.all()}
        moves = Move.objects.filter(intervention=begun, verb="assign").order_by("at")
        assert [(move.source, move.target) for move in moves][-1] == ("waiting_paper", "waiting_paper")
    assert (after[to_begin.pk].state, after[to_begin.pk].worker_id) == ("assigned", cast.bob.account.pk)
    # What was awaited still is: only the hands change.
    assert (after[begun.pk].state, after[begun.pk].worker_id) == ("waiting_paper", cast.bob.account.pk)
    assert after[over.pk].worker_id == cast.alice.account.pk


def test_during_an_absence_only_what_is_not_begun_changes_hands_and_comes_back(cast: Cast) -> None:
    to_begin = make.intervention(cast.jeanne, cast.alice).pk
    begun = stage.put(make.intervention(cast.jeanne, cast.alice), "in_progress").pk
    away(cast, cast.alice)
    with as_worker():
        assert follow(cast.portfolio.pk) == 1
        assert Intervention.objects.get(pk=to_begin).worker_id == cast.bob.account.pk
        assert Intervention.objects.get(pk=begun).worker_id == cast.alice.account.pk
    with clock.at(clock.now() + timedelta(days=1)), as_worker():
        assert follow(cast.portfolio.pk) == 1
        assert Intervention.objects.get(pk=to_begin).worker_id == cast.alice.account.pk


def test_what_a_supervisor_keeps_stays_theirs(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with acting(cast.sylvie.actor):
        assign(key, cast.sylvie.account.pk, "famille en conflit")
    with as_worker():
        assert follow(cast.portfolio.pk) == 0


def test_a_person_placed_at_last_brings_their_waiting_requests(cast: Cast) -> None:
    paul = make.person("Petit", "Paul")
    key = make.intervention(paul, cast.sylvie).pk
    with acting(cast.sylvie.actor):
        assert Intervention.objects.get(pk=key).state == "opened"
        place_person(paul.pk, cast.other.pk, "il habite à côté")
    with as_worker():
        follow_portfolio.func(subject_id=str(paul.pk), portfolio_id=cast.other.pk)
        after = Intervention.objects.get(pk=key)
    assert (after.state, after.worker_id, after.queue_reason) == ("assigned", cast.bob.account.pk, "")


def test_the_acknowledgement_says_who_and_until_when_once(cast: Cast) -> None:
    opened = make.intervention(cast.jeanne, cast.alice, title="Ma carte Vitale est perdue")
    with as_worker():
        for _run in range(2):
            acknowledge.func(subject_id=str(opened.pk))
    with acting(cast.alice.actor):
        told = Message.objects.get(intervention_id=opened.pk)
    assert "Alice s’en occupe" in told.text
    assert "Ma carte Vitale est perdue" in told.text
    assert "au plus tard" in told.text


def test_what_was_read_before_another_s_act_is_refused(cast: Cast) -> None:
    key = stage.put(make.intervention(cast.jeanne, cast.alice), "in_progress").pk
    with acting(cast.alice.actor):
        read = get(key)
        wait(key, "provider", "la caisse")
        with pytest.raises(TooLate) as late:
            step(read, "answer", outcome="done", answer="fait")
    assert (late.value.code, late.value.status) == ("intervention-changed", 409)
