"""The tables of states, and what a call comes to from all that telephony said of it."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.registry.staff.abilities import ROLE_ABILITIES
from gruppetto.service.contacts import states
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.contacts.states import CALL_BACK, CONTACT, settled

WALLS = (Path(states.__file__).parent / "migrations/0002_walls.py").read_text()
EVENTS = ("ringing", "answered", "missed", "recorded", "ended")
A_MOMENT = timedelta(seconds=20)


def settle(
    seen: set[str], state: str = "ringing", *, held: bool = False, rings_for: timedelta = A_MOMENT
) -> str:
    return settled(state, held=held, seen=seen, rings_for=rings_for)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ({"ringing"}, "ringing"),
        ({"ringing", "answered"}, "answered"),
        ({"ringing", "missed"}, "missed"),
        ({"ringing", "ended"}, "missed"),
        ({"ringing", "missed", "recorded"}, "missed"),
        ({"answered", "missed", "ended"}, "answered"),
        ({"answered"}, "answered"),
        ({"ended"}, "missed"),
    ],
)
def test_answered_wins_over_missed_and_an_end_without_an_answer_is_a_missed_call(
    seen: set[str], state: str
) -> None:
    assert settle(seen) == state


def test_a_ringing_told_late_has_long_stopped() -> None:
    assert settle({"ringing"}, rings_for=timedelta(minutes=11)) == "missed"


@given(
    st.sets(st.sampled_from(EVENTS), min_size=1), st.sampled_from(["ringing", "taken", "wrapping", "done"])
)
def test_once_taken_only_the_end_of_the_call_changes_anything(seen: set[str], state: str) -> None:
    assert settle(seen, state, held=True) == (
        "wrapping" if "ended" in seen and state in ("ringing", "taken") else state
    )


@given(st.sets(st.sampled_from(EVENTS), min_size=1))
def test_each_step_that_events_make_is_in_the_table_whatever_their_order(seen: set[str]) -> None:
    for order in permutations(sorted(seen)):
        state, told = "ringing", set()
        for event in order:
            told.add(event)
            after = settle(told, state)
            if after != state:
                CONTACT.check(state, after, ["telephony"])
            state = after
        assert state == settle(seen)


def test_the_tables_name_the_states_of_the_models() -> None:
    assert CONTACT.choices() == list(Contact.State.choices)
    assert CALL_BACK.choices() == list(CallBack.State.choices)


def test_the_sql_that_takes_a_call_follows_the_table() -> None:
    written = re.search(r"c\.state IN \(([^)]*)\)\n\s+AND \(c\.taken_by_id = me", WALLS)
    assert written
    ways = set(CONTACT.sources("taken")) | {
        t.source for t in CONTACT.transitions if t.verb == "contact.written_up"
    }
    assert set(re.findall(r"'(\w+)'", written[1])) == ways


def test_the_sql_knows_the_roles_that_answer() -> None:
    written = re.search(r"access\.role\(\) IN \(([^)]*)\), false", WALLS)
    assert written
    able = {str(role) for role, abilities in ROLE_ABILITIES.items() if "take_calls" in abilities}
    assert set(re.findall(r"'(\w+)'", written[1])) == able


def test_a_forbidden_step_is_said_in_words() -> None:
    with pytest.raises(Refused, match="a raccroché"):
        CONTACT.check("missed", "taken", ["answering"])
    with pytest.raises(NotYours, match="réservé à"):
        CONTACT.check("ringing", "missed", ["taker"])
