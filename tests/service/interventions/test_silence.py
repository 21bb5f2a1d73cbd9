"""Silence never closes: two calls, a letter, ten days, then « répondue, non confirmée », counted apart (G4)."""

from __future__ import annotations

from uuid import UUID

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.contacts.verbs import attempt_call_back
from gruppetto.service.interventions.jobs import (
    count_calls,
    drop_the_call,
    end_what_is_over,
    owe_the_answer,
)
from gruppetto.service.interventions.models import Attempt, Intervention, Move
from gruppetto.service.interventions.verbs import answer, attempt, close, confirm, reopen, start
from gruppetto.service.messages.models import Message
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def answered(cast: Cast) -> UUID:
    with clock.at(MONDAY):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            start(key)
            answer(key, "done", "La carte est partie lundi.")
    return key


def called_twice(key: UUID, cast: Cast, *, on: int = 1) -> None:
    with acting(cast.alice.actor):
        for day in (on, on + 1):
            with clock.at(MONDAY + days(day)):
                attempt(key)


def state_after(key: UUID, number: float, *, runs: int = 1) -> str:
    """The state once the hourly job has run so many days after that Monday."""
    with clock.at(MONDAY + days(number)), as_worker():
        for _run in range(runs):
            end_what_is_over.func(timestamp=0)
        return Intervention.objects.get(pk=key).state


def test_two_calls_prepare_one_letter(cast: Cast) -> None:
    key = answered(cast)
    called_twice(key, cast)
    with acting(cast.alice.actor):
        attempt(key)
        letter = Message.objects.get(intervention_id=key, kind="answer-to-confirm")
        tried = list(
            Attempt.objects.filter(intervention=key).order_by("at", "id").values_list("how", flat=True)
        )
    assert letter.channel == "letter"
    assert "La carte est partie lundi." in letter.text
    assert sorted(tried) == ["call", "call", "call", "letter"]


def test_silence_is_never_a_yes_and_never_closes_by_itself(cast: Cast) -> None:
    key = answered(cast)
    assert state_after(key, 300) == "answered"
    called_twice(key, cast)
    assert state_after(key, 11) == "answered"
    assert state_after(key, 12.1) == "not_confirmed"
    assert state_after(key, 27) == "not_confirmed"
    assert state_after(key, 27.2) == "closed"
    with acting(cast.alice.actor):
        over = Intervention.objects.get(pk=key)
        assert (over.confirmed_at, over.confirmed_to) == (None, None)
        last = Move.objects.filter(intervention=key).order_by("-at")[0]
        assert (last.verb, last.account_id, last.actor) == (
            "close",
            None,
            "job:interventions.end_what_is_over",
        )


def test_the_jobs_may_run_twice(cast: Cast) -> None:
    key = answered(cast)
    called_twice(key, cast)
    assert state_after(key, 13, runs=2) == "not_confirmed"
    assert state_after(key, 30, runs=2) == "closed"
    with acting(cast.alice.actor):
        assert Move.objects.filter(intervention=key, verb__in=["give_up_confirming", "close"]).count() == 2


def test_one_call_is_not_enough(cast: Cast) -> None:
    key = answered(cast)
    with clock.at(MONDAY + days(1)), acting(cast.alice.actor):
        attempt(key)
    assert state_after(key, 40) == "answered"


def test_what_was_tried_for_an_answer_does_not_count_for_the_next_one(cast: Cast) -> None:
    key = answered(cast)
    called_twice(key, cast)
    with acting(cast.alice.actor):
        with clock.at(MONDAY + days(3)):
            reopen(key, "elle n’a rien reçu")
        with clock.at(MONDAY + days(4)):
            answer(key, "done", "La carte est repartie jeudi.")
        with clock.at(MONDAY + days(5)):
            attempt(key)
    assert state_after(key, 40) == "answered"
    with clock.at(MONDAY + days(41)), acting(cast.alice.actor):
        attempt(key)
        assert Message.objects.filter(intervention_id=key, kind="answer-to-confirm").count() == 2
    assert state_after(key, 52) == "not_confirmed"


def test_a_late_yes_is_a_yes_and_a_late_no_works_again(cast: Cast) -> None:
    for said in ("yes", "no"):
        key = answered(cast)
        called_twice(key, cast)
        assert state_after(key, 13) == "not_confirmed"
        with clock.at(MONDAY + days(14)), acting(cast.alice.actor):
            after = confirm(key, "sa fille lui a lu la lettre") if said == "yes" else reopen(key, "rien reçu")
        assert after.state == ("confirmed" if said == "yes" else "in_progress")


def test_who_works_it_cannot_close_a_silence(cast: Cast) -> None:
    key = answered(cast)
    called_twice(key, cast)
    with acting(cast.alice.actor), pytest.raises(Refused):
        close(key)
    assert state_after(key, 13) == "not_confirmed"
    with clock.at(MONDAY + days(60)), acting(cast.alice.actor), pytest.raises(NotYours):
        close(key)


def test_a_yes_rests_fifteen_days_then_closes(cast: Cast) -> None:
    key = answered(cast)
    with clock.at(MONDAY + days(1)), acting(cast.alice.actor):
        confirm(key, "au téléphone")
    assert state_after(key, 15) == "confirmed"
    assert state_after(key, 16.1) == "closed"


def test_a_machine_cannot_hear_a_yes(cast: Cast) -> None:
    key = answered(cast)
    with as_worker(), pytest.raises(NotYours):
        confirm(key)


def test_the_letter_is_the_platform_s(cast: Cast) -> None:
    key = answered(cast)
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        attempt(key, "letter")
    assert refused.value.code == "letter-is-automatic"


def test_there_is_nothing_to_confirm_before_an_answer(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        attempt(key)
    assert refused.value.code == "nothing-to-confirm"


def test_an_answer_owes_a_call_whose_tries_count(cast: Cast) -> None:
    key = answered(cast)
    with clock.at(MONDAY), as_worker():
        for _run in range(2):
            owe_the_answer.func(subject_id=str(key))
        owed = CallBack.objects.get(intervention_id=key)
        assert (owed.why, owed.person_id) == ("confirm", cast.jeanne.pk)
    for day in (1, 2):
        with clock.at(MONDAY + days(day)):
            with acting(cast.alice.actor):
                attempt_call_back(owed.pk, reached=False)
            with as_worker():
                for _run in range(2):
                    count_calls.func(subject_id=str(owed.pk))
    with acting(cast.alice.actor):
        assert sorted(Attempt.objects.filter(intervention=key).values_list("how", flat=True)) == [
            "call",
            "call",
            "letter",
        ]
    assert state_after(key, 13) == "not_confirmed"


def test_the_call_is_no_longer_owed_once_the_person_has_spoken(cast: Cast) -> None:
    key = answered(cast)
    with clock.at(MONDAY), as_worker():
        owe_the_answer.func(subject_id=str(key))
    with clock.at(MONDAY + days(1)), acting(cast.alice.actor):
        confirm(key, "elle a rappelé d’elle-même")
    with as_worker():
        for _run in range(2):
            drop_the_call.func(subject_id=str(key))
        assert CallBack.objects.get(intervention_id=key).state == "moot"


def test_who_has_no_telephone_is_owed_no_call(cast: Cast) -> None:
    paul = make.person("Petit", "Paul", within=cast.portfolio)
    with clock.at(MONDAY):
        key = make.intervention(paul, cast.alice).pk
        with acting(cast.alice.actor):
            start(key)
            answer(key, "done", "C’est fait.")
        with as_worker():
            owe_the_answer.func(subject_id=str(key))
            assert not CallBack.objects.filter(intervention_id=key).exists()
