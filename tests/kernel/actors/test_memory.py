"""What an act knows without asking again: its own reading, never longer than the act, never what was undone."""

from __future__ import annotations

import pytest
from django.db import transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.actors.memory import forget, know, known
from tests.support.actors import Staff

pytestmark = pytest.mark.django_db


def test_the_last_reading_is_known_as_it_was_then(alice: Staff) -> None:
    with acting(alice.actor):
        assert known("row") is None
        row = know("row", ["first"])
        row.append("changed since")
        assert known("row") == ["first"]
        know("row", ["second"])
        assert known("row") == ["second"]
        assert known("another") is None


def test_what_is_learnt_in_a_step_that_is_undone_is_not_known(alice: Staff) -> None:
    @transaction.atomic
    def undone() -> None:
        know("row", "changed")
        know("other", "locked")
        raise ZeroDivisionError

    with acting(alice.actor):
        know("row", "read")
        with pytest.raises(ZeroDivisionError):
            undone()
        assert known("row") == "read"
        assert known("other") is None


def test_nothing_is_known_from_one_act_to_another(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        know("row", "read")
        with acting(bob.actor):
            assert known("row") is None
            know("row", "of Bob")
        assert known("row") is None
    with acting(alice.actor):
        assert known("row") is None


def test_what_is_forgotten_is_asked_again(alice: Staff) -> None:
    with acting(alice.actor):
        know("row", "read")
        forget()
        assert known("row") is None
