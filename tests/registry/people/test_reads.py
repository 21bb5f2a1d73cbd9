"""The card and the search: fixed numbers of queries, each look with its trace, never out of scope."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.people import reads, verbs
from tests.registry.people.conftest import Cast, contact_with, journaled
from tests.support import factories as make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_card_says_all_a_call_needs(cast: Cast) -> None:
    with clock.at(NOON), acting(cast.alice.actor):
        card = reads.card(cast.jeanne.pk)
    assert (card.name, card.age, card.portfolio_id) == ("Mme Jeanne Roux", 82, cast.portfolio_id)
    assert card.main_phone
    assert card.home
    assert (card.main_phone.shown, card.home.lines, card.home.commune) == (
        "05 61 00 00 01",
        "12 rue du Temple",
        "Revel",
    )
    assert not any((card.needs, card.relatives, card.consents, card.mail))


def test_the_card_has_the_same_number_of_queries_for_a_full_record(
    cast: Cast, django_assert_num_queries: object
) -> None:
    with acting(cast.alice.actor):
        with django_assert_num_queries(5):  # type: ignore[operator]
            reads.card(cast.jeanne.pk)
        for rank in range(5):
            verbs.add_phone(cast.jeanne.pk, f"06 39 98 00 0{rank}", asked="face")
            verbs.note_need(cast.jeanne.pk, "sight", "lunettes", "elle")
            verbs.add_relative(
                cast.jeanne.pk, name=f"Luc Roux{rank}", number=f"063998010{rank}", source="elle", asked="face"
            )
        with django_assert_num_queries(5):  # type: ignore[operator]
            card = reads.card(cast.jeanne.pk)
        with django_assert_num_queries(5):  # type: ignore[operator]
            reads.card(cast.jeanne.pk, look=False)
    assert (len(card.phones), len(card.needs), len(card.relatives)) == (6, 5, 5)


def test_each_look_is_in_the_journal_unless_it_is_already(cast: Cast) -> None:
    with acting(cast.alice.actor):
        reads.card(cast.jeanne.pk)
        reads.card(cast.jeanne.pk, look=False)
    assert journaled(cast.jeanne.pk) == ["person.opened"]


@pytest.mark.parametrize(
    "text",
    [
        "roux",
        "Jeanne Roux",
        "ROUX jeanne",
        "martin",
        "rous",
        "05 61 00 00 01",
        "+33561000001",
        "3/5/1944",
        "3 mai 1944",
        "roux 3/5/1944",
        "Jeanne Roux 3 mai 1944",
    ],
)
def test_a_person_is_found_by_name_number_or_birth_date(cast: Cast, text: str) -> None:
    with clock.at(NOON), acting(cast.alice.actor):
        (found,) = reads.search(text)
    assert (found.id, found.commune, found.phone, found.age) == (
        cast.jeanne.pk,
        "Revel",
        "05 61 00 00 01",
        82,
    )


@pytest.mark.parametrize(
    "text", ["", "  ", "zzz", "06 00 00 00 00", "1/1/1950", "roux 1/1/1950", "%", "12345", "'"]
)
def test_a_search_that_finds_nobody_says_so(cast: Cast, text: str) -> None:
    with acting(cast.alice.actor):
        assert reads.search(text) == []


def test_the_best_likeness_comes_first_and_the_answer_is_bounded(
    cast: Cast, django_assert_num_queries: object
) -> None:
    for rank in range(4):
        make.person("Rousse", f"Paul{rank}", within=cast.portfolio)
    with acting(cast.alice.actor), django_assert_num_queries(4):  # type: ignore[operator]
        found = reads.search("roux", limit=3)
    assert found[0].id == cast.jeanne.pk
    assert len(found) <= 3


def test_names_are_shown_for_those_in_sight(cast: Cast, django_assert_num_queries: object) -> None:
    stranger = make.person("Petit", within=cast.other)
    with acting(cast.alice.actor), django_assert_num_queries(1):  # type: ignore[operator]
        names = reads.display_names([cast.jeanne.pk, stranger.pk, uuid4()])
    assert names == {cast.jeanne.pk: "Mme Jeanne Roux"}


def test_the_record_is_closed_to_those_who_neither_hold_it_nor_have_a_contact(cast: Cast) -> None:
    for who in (cast.bob, cast.charlie):
        with acting(who.actor):
            with pytest.raises(Unknown):
                reads.card(cast.jeanne.pk)
            assert reads.search("roux") == []
            assert reads.display_names([cast.jeanne.pk]) == {}
    contact_with(cast.charlie, cast.jeanne.pk)
    with acting(cast.charlie.actor):
        assert reads.card(cast.jeanne.pk).name == "Mme Jeanne Roux"
        assert [found.id for found in reads.search("roux")] == [cast.jeanne.pk]


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1944, 5, 3), date(2026, 5, 2), 81),
        (date(1944, 5, 3), date(2026, 5, 3), 82),
        (date(1944, 2, 29), date(2026, 2, 28), 81),
        (None, date(2026, 1, 1), None),
    ],
)
def test_an_age_is_in_whole_years(born: date | None, on: date, years: int | None) -> None:
    assert reads.age(born, on) == years
