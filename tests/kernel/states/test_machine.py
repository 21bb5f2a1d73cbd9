"""Lives as tables: what they allow, what they say no with, and the tables that contradict themselves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.states import Machine, State, Transition, markdown, step

ACTORS = {"worker": "la personne chargée", "chief": "responsable", "system": "la plate-forme"}
DOOR = Machine(
    name="door",
    states={
        "open": State("ouverte"),
        "shut": State("fermée"),
        "walled": State("murée", closed="Cette porte est murée : plus rien n'y passe.", final=True),
    },
    actors=ACTORS,
    transitions=(
        step("open", "shut", "door.shut", "worker chief", "Fermer"),
        step("shut", "open", "door.opened", "worker", "Ouvrir"),
        step("shut", "walled", "door.walled", "chief system", "Murer"),
    ),
)


def machine(states: dict[str, State], *transitions: Transition) -> Machine:
    return Machine("test", states, ACTORS, transitions)


def test_a_permitted_step_is_given_with_its_words() -> None:
    transition = DOOR.check("open", "shut", ["worker"])
    assert (transition.verb, transition.label) == ("door.shut", "Fermer")


def test_a_step_that_does_not_exist_is_refused_with_both_names() -> None:
    with pytest.raises(Refused, match="de « ouverte » à « murée »") as refusal:
        DOOR.check("open", "walled", ["chief"])
    assert refusal.value.code == "state-forbidden"
    assert refusal.value.facts == {"machine": "door", "source": "open", "target": "walled"}


def test_a_state_may_say_no_in_its_own_words() -> None:
    with pytest.raises(Refused, match="Cette porte est murée"):
        DOOR.check("walled", "open", ["chief"])


def test_a_step_for_others_says_for_whom() -> None:
    with pytest.raises(NotYours, match="« Murer » est réservé à : responsable, la plate-forme") as refusal:
        DOOR.check("shut", "walled", ["worker"])
    assert refusal.value.code == "state-not-yours"


def test_one_fitting_kind_among_several_is_enough() -> None:
    assert DOOR.check("shut", "walled", ["worker", "chief"]).target == "walled"


def test_nobody_in_particular_may_do_nothing() -> None:
    assert DOOR.next("open", []) == ()
    with pytest.raises(NotYours):
        DOOR.check("open", "shut", [])


@pytest.mark.parametrize(
    ("source", "kinds", "targets"),
    [
        ("open", ["worker"], ["shut"]),
        ("shut", ["worker"], ["open"]),
        ("shut", ["worker", "chief"], ["open", "walled"]),
        ("open", ["system"], []),
        ("walled", ["worker", "chief", "system"], []),
    ],
)
def test_the_next_steps_are_those_of_the_actor(source: str, kinds: list[str], targets: list[str]) -> None:
    assert [transition.target for transition in DOOR.next(source, kinds)] == targets


@given(
    st.sampled_from(list(DOOR.states)),
    st.sampled_from(list(DOOR.states)),
    st.sets(st.sampled_from(list(ACTORS))),
)
def test_what_is_offered_is_exactly_what_is_permitted(source: str, target: str, kinds: set[str]) -> None:
    offered = target in {transition.target for transition in DOOR.next(source, kinds)}
    if offered:
        assert DOOR.check(source, target, kinds).target == target
    else:
        with pytest.raises(Refused):
            DOOR.check(source, target, kinds)


def test_a_word_that_is_not_in_the_table_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="no state 'ajar'"):
        DOOR.check("ajar", "open", ["worker"])
    with pytest.raises(ValueError, match="no state 'ajar'"):
        DOOR.next("ajar", ["worker"])
    with pytest.raises(ValueError, match="knows no actor"):
        DOOR.next("open", ["ghost"])


def test_the_table_knows_its_ends_and_choices() -> None:
    assert (DOOR.initial, DOOR.finals) == ("open", ("walled",))
    assert DOOR.choices() == [("open", "ouverte"), ("shut", "fermée"), ("walled", "murée")]
    assert DOOR.sources("open") == ("shut",)


def test_nobody_changes_a_table_that_runs() -> None:
    states: Any = DOOR.states
    with pytest.raises(TypeError):
        states["ajar"] = State("entrouverte")


A, B, END = State("a"), State("b"), State("fin", final=True)


@pytest.mark.parametrize(
    ("states", "transitions", "fault"),
    [
        ({}, [], "no state"),
        ({"a": A, "b": B, "end": END}, [step("a", "end", "v", "chief", "x")], "never reached: ['b']"),
        ({"a": A, "b": B, "end": END}, [step("a", "b", "v", "chief", "x")], "never reached: ['end']"),
        (
            {"a": A, "b": B, "end": END},
            [step("a", "b", "v", "chief", "x"), step("a", "end", "w", "chief", "x")],
            "no way to an end from: ['b']",
        ),
        ({"a": A, "end": END}, [step("a", "stop", "v", "chief", "x")], "unknown states ['stop']"),
        ({"a": A, "end": END}, [step("a", "end", "v", "ghost", "x")], "unknown actors ['ghost']"),
        ({"a": A, "end": END}, [step("a", "end", "v", "", "x")], "nobody"),
        ({"a": A, "end": END}, [step("a", "end", "v", "chief", "x")] * 2, "written twice"),
        (
            {"a": A, "b": END, "end": END},
            [step("a", "b", "v", "chief", "x"), step("a", "end", "v", "chief worker", "x")],
            "the verb already leads ['chief'] elsewhere",
        ),
    ],
)
def test_a_table_that_contradicts_itself_does_not_start(
    states: dict[str, State], transitions: list[Transition], fault: str
) -> None:
    with pytest.raises(ValueError, match="machine test") as failure:
        machine(states, *transitions)
    assert fault in str(failure.value)


def test_the_documentation_has_a_line_for_each_step() -> None:
    assert markdown(DOOR) == (
        "| De | Vers | Étape | Qui | Journal |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| ouverte | fermée | Fermer | la personne chargée, responsable | `door.shut` |\n"
        "| fermée | ouverte | Ouvrir | la personne chargée | `door.opened` |\n"
        "| fermée | murée ∎ | Murer | responsable, la plate-forme | `door.walled` |\n"
    )
