"""How a promise is said: the date, and the opening time left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gruppetto.desks.shared import promises
from gruppetto.desks.shared.templatetags.promises import promise
from gruppetto.kernel import clock
from gruppetto.kernel.calendars import Amount, days, minutes
from gruppetto.kernel.clock import PARIS
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention

MONDAY = datetime(2026, 5, 4, 9, tzinfo=PARIS)


def promised(target: Amount, state: str = "in_progress") -> Intervention:
    made = Promise.begin(MONDAY, target)
    due = made.due(MONDAY)
    return Intervention(state=state, clock=made.to_json(), due_at=due, first_due_at=due)


def said(of: Intervention, at: datetime, announced: datetime | None = None) -> str:
    with clock.at(at):
        return str(promise(of, announced)).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_date_and_the_opening_time_left_are_said() -> None:
    words = said(promised(minutes(5 * 60)), MONDAY + timedelta(hours=1))
    assert "Réponse promise avant lundi 4 mai à 15 h</time>, il reste 4 h ouvrées." in words


def test_nights_and_lunch_are_left_out() -> None:
    assert "il reste 1 h 30 ouvrée" in said(promised(minutes(450)), MONDAY + timedelta(hours=7))
    assert "il reste environ 3 jours ouvrés" in said(promised(days(3)), MONDAY + timedelta(hours=9))


def test_what_is_late_is_said_plainly() -> None:
    assert "<strong>25 minutes ouvrées de retard</strong>" in said(
        promised(minutes(60)), MONDAY + timedelta(minutes=85)
    )


def test_the_date_announced_since_is_the_one_that_holds_and_the_first_is_struck() -> None:
    words = said(promised(minutes(60)), MONDAY + timedelta(minutes=85), MONDAY + timedelta(hours=3))
    assert "Réponse promise avant lundi 4 mai à 12 h</time>, il reste 1 h 35 ouvrée." in words
    assert "Nous avions d’abord promis une réponse avant <s>lundi 4 mai à 10 h</s>." in words
    assert "retard" not in words


def test_a_date_announced_that_has_passed_is_late_by_that_date() -> None:
    words = said(promised(minutes(60)), MONDAY + timedelta(minutes=200), MONDAY + timedelta(hours=3))
    assert "<strong>20 minutes ouvrées de retard</strong>" in words


def test_a_promise_moved_later_keeps_its_first_date_in_sight() -> None:
    moved = promised(minutes(60))
    moved.due_at = MONDAY + timedelta(hours=3)
    assert "<s>lundi 4 mai à 10 h</s>" in said(moved, MONDAY, moved.due_at)
    assert "<s>" not in said(moved, MONDAY)


def test_a_new_promise_after_reopening_does_not_recall_the_first() -> None:
    reopened = promised(minutes(60))
    reopened.reopened, reopened.first_due_at = 1, MONDAY - timedelta(days=20)
    assert "<s>" not in said(reopened, MONDAY, MONDAY - timedelta(days=10))


def test_what_is_stopped_says_the_last_date_and_no_time_left() -> None:
    words = said(promised(minutes(60), "waiting_person"), MONDAY)
    assert "Délai suspendu" in words
    assert "il reste" not in words


def test_nothing_is_promised_any_more_once_answered() -> None:
    assert said(promised(days(1), "answered"), MONDAY) == ""
    assert promises.left(promised(days(1), "answered"), MONDAY) == ""


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (days(1), "1 jour ouvré"),
        (days(3), "3 jours ouvrés"),
        (minutes(120), "2 heures d’ouverture"),
        (minutes(60), "1 heure d’ouverture"),
        (minutes(90), "90 minutes"),
        (minutes(1), "1 minute"),
    ],
)
def test_a_delay_is_said_in_words(target: Amount, words: str) -> None:
    assert promises.amount(target).replace("\u00a0", " ") == words
    assert promises.within(target).replace("\u00a0", " ") == f"sous {words}"
