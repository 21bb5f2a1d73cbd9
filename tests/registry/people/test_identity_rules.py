"""What each level allows, and how facts are judged: pure rules."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.identifiers.dates import MONTHS
from gruppetto.kernel.identifiers.names import Kind
from gruppetto.kernel.search.text import normalise
from gruppetto.registry.people.identity import (
    LEVELS,
    Fact,
    Hearing,
    Order,
    allows,
    declare_fact,
    level_of,
    may_hear,
)
from gruppetto.registry.people.identity.facts import FINDING, declared_facts, street_of, subjects_match
from gruppetto.registry.people.models import Person

# The lists of the issue, written again: level → what it adds.
MAY_ORDER = {
    0: {"call_back", "help_on_line"},
    1: {"call_back_verified", "general_request"},
    2: {"new_request", "appointment", "change_appointment"},
    3: {"payment", "mandate", "change_details", "relative_rights"},
}
MAY_HEAR = {0: {"general"}, 1: {"known"}, 2: {"own_requests"}, 3: {"everything"}}
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=30)


@pytest.mark.parametrize("level", range(4))
def test_each_level_allows_what_its_row_says_and_no_more(level: int) -> None:
    orders = set().union(*(MAY_ORDER[lower] for lower in range(level + 1)))
    subjects = set().union(*(MAY_HEAR[lower] for lower in range(level + 1)))
    assert {order for order in Order if allows(level, order)} == orders
    assert {what for what in Hearing if may_hear(level, what)} == subjects


def test_an_order_nobody_knows_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="sing"):
        allows(3, "sing")


def test_each_level_says_in_words_how_one_comes_to_it_and_what_it_opens() -> None:
    assert [level.number for level in LEVELS] == [0, 1, 2, 3]
    assert all(str(text) for level in LEVELS for text in (level.name, level.how, level.hears, level.orders))


CODES = st.sets(
    st.sampled_from(["chosen_word", "energy_provider", "last_visit", "birth_date", "home_street"])
)
FINDING_CODES = {finding.code for finding in FINDING}


@given(
    number_known=st.booleans(),
    matched=CODES,
    first=st.booleans(),
    wrong=st.integers(0, 5),
    confirmed=st.booleans(),
    highest=st.integers(0, 3),
)
def test_a_level_is_earned_and_never_above_the_ceiling(
    number_known: bool, matched: set[str], first: bool, wrong: int, confirmed: bool, highest: int
) -> None:
    wanted = FINDING_CODES if first else set()
    level = level_of(
        number_known=number_known,
        matched=matched,
        wanted=wanted,
        wrong=wrong,
        confirmed=confirmed,
        highest=highest,
    )
    assert 0 <= level <= highest
    if wrong >= 3:
        assert level == 0
    if level == 3:
        assert confirmed
    if level == 2 and not confirmed:
        assert wanted <= matched
        assert len(matched - wanted) >= (1 if first else 2)
    if level and not confirmed and len(matched) < 2:
        assert level == 1
        assert number_known


@pytest.mark.parametrize(
    ("facts_matched", "level"),
    [
        (set(), 0),
        ({"chosen_word"}, 0),
        ({"chosen_word", "last_visit"}, 2),
    ],
)
def test_two_facts_make_a_person_recognised(facts_matched: set[str], level: int) -> None:
    assert level_of(matched=facts_matched) == level


def test_birth_date_and_address_alone_find_a_person_and_do_not_confirm() -> None:
    assert level_of(matched=FINDING_CODES, wanted=FINDING_CODES) == 0
    assert level_of(matched={*FINDING_CODES, "chosen_word"}, wanted=FINDING_CODES) == 2


@given(answer=WORDS, data=st.data())
def test_one_slip_in_six_letters_is_forgiven_and_no_more(answer: str, data: st.DataObject) -> None:
    fact = Fact("x", "", lambda person: answer)
    person = Person()
    assert fact.matches(person, answer.upper()) is True
    place = data.draw(st.integers(0, len(answer) - 1))
    slipped = answer[:place] + "é" + answer[place + 1 :]
    changed = normalise(slipped) != answer
    # "a", "de"… alone are articles: an answer made of nothing else is compared as it is.
    if changed and len(answer) < 6:
        assert fact.matches(person, slipped) is False
    if len(answer) >= 6 and len(answer) % 6 == 0:
        assert fact.matches(person, slipped) is True
    assert fact.matches(person, answer + "zzzzzz") is False


@given(typed=st.text(max_size=300))
def test_whatever_is_typed_is_judged_without_a_fault(typed: str) -> None:
    person = Person(birth_date=date(1944, 5, 3), last_visit_on=date(2026, 5, 3))
    for kind in Kind:
        verdict = Fact("x", "", lambda person: "12 rue du Taur", kind).matches(person, typed)
        assert verdict in (True, False)
    for finding in FINDING[:1]:
        assert finding.matches(person, typed) in (True, False)
    assert subjects_match("Rendez-vous médical", typed) in (True, False)


@pytest.mark.parametrize(
    "typed", ["3/5/1944", "3 mai 44", "03 05 1944", "le 3 mai 1944".removeprefix("le "), "030544"]
)
def test_a_birth_date_is_right_however_it_is_said(typed: str) -> None:
    assert FINDING[0].matches(Person(birth_date=date(1944, 5, 3)), typed) is True


@pytest.mark.parametrize("typed", ["", "1944", "3/6/1944", "5/3/1944", "3/5/1945", "31/2/1944"])
def test_another_day_is_wrong(typed: str) -> None:
    assert FINDING[0].matches(Person(birth_date=date(1944, 5, 3)), typed) is False


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_is_said_by_name_or_number(month: int) -> None:
    (visit,) = [fact for fact in declared_facts() if fact.code == "last_visit"]
    person = Person(last_visit_on=date(2026, month, 2))
    for typed in (MONTHS[month - 1], str(month), f"{month:02}", f"en {MONTHS[month - 1].upper()}"):
        assert visit.matches(person, typed) is True
    assert visit.matches(person, MONTHS[month % 12]) is False
    assert visit.matches(Person(), "mai") is None


@pytest.mark.parametrize(
    ("expected", "typed", "match"),
    [
        ("Facture d’énergie contestée", "ma facture d'électricité", True),
        ("Facture d’énergie contestée", "mes factures", True),
        ("Rendez-vous médical", "chez le médecin", False),
        ("Rendez-vous médical", "un rendez vous", True),
        ("Demande de logement", "une demande", False),
        ("Rendez-vous médical", "", False),
        (
            "Rendez-vous médical",
            "rendez " + "guess " * 12,
            False,
        ),
    ],
)
def test_a_matter_is_named_in_ones_own_words(expected: str, typed: str, match: bool) -> None:
    assert subjects_match(expected, typed) is match


@pytest.mark.parametrize(
    ("lines", "street"),
    [
        ("12 rue du Taur", "12 rue du Taur"),
        ("Résidence Les Lilas\n3 allée des Pins\nBât. B", "3 allée des Pins"),
        ("Chez M. Petit\nLe Bourg", "Le Bourg"),
        ("", ""),
    ],
)
def test_the_street_is_the_line_with_its_number(lines: str, street: str) -> None:
    assert street_of(lines) == street


def test_a_fact_is_declared_once_with_a_known_kind() -> None:
    for code in ("chosen_word", "birth_date"):
        with pytest.raises(ValueError, match="twice"):
            declare_fact(code, "?", lambda person: None)
    with pytest.raises(ValueError, match="colour"):
        declare_fact("shirt", "?", lambda person: None, "colour")
