"""How much two people look like one: twins and couples are never "sure"."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.registry.people.starting_lists import alike
from gruppetto.registry.people.starting_lists.alike import Alike, Certainty, Identity, best, compare, within

BORN, OTHER_DAY = date(1948, 5, 3), date(1950, 1, 1)


def who(family: str, given: str, born: date | None = BORN, *numbers: str, usage: str = "") -> Identity:
    return Identity(family, usage, given, born, frozenset(numbers))


@pytest.mark.parametrize(
    ("one", "other", "certainty"),
    [
        (who("Roux", "Jeanne"), who("ROUX", "jeanne"), "sure"),
        (who("Martin", "Jeanne", usage="Roux"), who("Roux", "Jeanne"), "sure"),
        (who("de La Tour", "Anne-Élise"), who("LATOUR", "Anne Elise"), "sure"),
        (who("Dupond", "Jeanne"), who("Dupont", "Jeanne"), "likely"),
        (who("Roux", "Jeanne Marie"), who("Roux", "Jeanne"), "likely"),
        # Twins.
        (who("Roux", "Jeanne"), who("Roux", "Pierre"), "possible"),
        (who("Roux", "Marie-Louise"), who("Roux", "Marie-Claude"), "possible"),
        (who("Roux", "Michel"), who("Roux", "Michèle"), "likely"),
        # A couple with one number, then father and son of one name.
        (who("Roux", "Jeanne", BORN, "1"), who("Roux", "Pierre", OTHER_DAY, "1"), "possible"),
        (who("Roux", "Pierre", BORN, "1"), who("Roux", "Pierre", OTHER_DAY, "1"), "possible"),
        # A birth date unknown on one side.
        (who("Roux", "Jeanne", None, "1"), who("Roux", "Jeanne", BORN, "1"), "likely"),
        # Married since.
        (who("Roux", "Jeanne", BORN, "1"), who("Petit", "Jeanne", BORN, "1"), "likely"),
        (who("Roux", "Jeanne"), who("Petit", "Jeanne"), None),
        (who("Roux", "Jeanne"), who("Roux", "Jeanne", OTHER_DAY), None),
        (who("Roux", "Jeanne", None), who("Roux", "Jeanne", None), None),
    ],
)
def test_likeness_is_graded(one: Identity, other: Identity, certainty: str | None) -> None:
    grade = compare(one, other)
    assert (grade[0] if grade else None) == certainty
    assert compare(other, one) == grade


NAMES = st.sampled_from(["Roux", "Rous", "Dupont", "Dupond", "Petit", "Le Goff", "De", ""])
GIVEN = st.sampled_from(["Jeanne", "Jean", "Jeanne Marie", "Pierre", "Michel", "Michèle", ""])
PEOPLE = st.builds(
    Identity,
    NAMES,
    NAMES,
    GIVEN,
    st.sampled_from([BORN, OTHER_DAY, None]),
    st.frozensets(st.sampled_from("123")),
)


@given(one=PEOPLE, other=PEOPLE)
def test_the_order_does_not_matter_and_sure_needs_birth_and_both_names(
    one: Identity, other: Identity
) -> None:
    grade = compare(one, other)
    assert compare(other, one) == grade
    if grade and grade[0] == Certainty.SURE:
        assert one.birth_date == other.birth_date is not None
        assert one.families.keys() & other.families.keys()
        assert one.first == other.first
    if grade is None:
        assert not one.numbers & other.numbers


def test_a_line_looks_like_earlier_lines_only() -> None:
    found = within([(2, who("Roux", "Jeanne")), (3, who("Petit", "Paul")), (4, who("Roux", "Jeanne"))])
    assert found == {2: [], 3: [], 4: [Alike(Certainty.SURE, "same-birth-and-name", line=2)]}


def test_the_surest_come_first_and_are_few() -> None:
    likely, sure = Alike(Certainty.LIKELY, "same-birth-near-name", line=1), Alike(Certainty.SURE, "x", line=2)
    assert best([likely] * 9 + [sure])[0] == sure
    assert len(best([likely] * 9)) == 5


def test_lines_that_all_have_one_number_are_not_all_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counting(one: Identity, other: Identity) -> tuple[Certainty, str] | None:
        nonlocal compared
        compared += 1
        return compare(one, other)

    monkeypatch.setattr(alike, "compare", counting)
    people = [(line, who(f"Nom{line}", "Jeanne", None, "+33561000001")) for line in range(1_000)]
    found = within(people)
    assert compared <= alike.MOST_COMPARED * 1_000
    assert len(found[999]) == 5
