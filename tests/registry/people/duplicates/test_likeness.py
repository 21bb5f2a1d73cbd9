"""What makes two records look like one person, and what must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.registry.people.duplicates.likeness import (
    DOUBTS,
    REASONS,
    Grade,
    Traits,
    compare,
    keys_of,
)

NUMBER = frozenset({"+33561000001"})
JEANNE = Traits(
    "Martin", "Jeanne", "Roux", date(1944, 5, 3), "mrs", NUMBER, NUMBER, "", "12 rue du temple", "31250"
)
ELSEWHERE: dict[str, Any] = {"numbers": frozenset(), "verified": frozenset(), "home": "", "postcode": ""}
ALBERT = Traits(
    "Blanc", "Albert", "", date(1950, 4, 7), "mr", NUMBER, NUMBER, "", "12 rue du temple", "31250"
)


@pytest.mark.parametrize(
    ("why", "other", "grade"),
    [
        ("the same, taken down twice", replace(JEANNE, **ELSEWHERE), Grade.SURE),
        ("her name of birth alone", replace(JEANNE, usage_name="", **ELSEWHERE), Grade.SURE),
        ("her married name alone", replace(JEANNE, family_name="Roux", usage_name=""), Grade.SURE),
        ("capitals without accents", replace(JEANNE, given_names="JEANNE", numbers=frozenset()), Grade.SURE),
        (
            "a slip in the name",
            replace(JEANNE, family_name="Matin", usage_name="", **ELSEWHERE),
            Grade.LIKELY,
        ),
        (
            "heard as it sounds",
            replace(JEANNE, family_name="Roue", usage_name="Rou", **ELSEWHERE),
            Grade.LIKELY,
        ),
        (
            "names swapped",
            replace(JEANNE, family_name="Jeanne", given_names="Martin", usage_name="", **ELSEWHERE),
            Grade.LIKELY,
        ),
        ("a compound name", replace(JEANNE, family_name="Martin-Roux", usage_name=""), Grade.SURE),
        ("an initial", replace(JEANNE, given_names="J.", home=""), Grade.SURE),
        ("day and month turned", replace(JEANNE, birth_date=date(1944, 3, 5)), Grade.LIKELY),
        ("a digit of the year", replace(JEANNE, birth_date=date(1945, 5, 3)), Grade.LIKELY),
        ("no birth date, her number", replace(JEANNE, birth_date=None), Grade.LIKELY),
        ("another name, same number", replace(JEANNE, family_name="Petit", usage_name=""), Grade.LIKELY),
    ],
)
def test_one_person_twice(why: str, other: Traits, grade: Grade) -> None:
    looks = compare(JEANNE, other)
    assert looks is not None, why
    assert looks.grade == grade, (why, looks)
    assert looks.reasons


@pytest.mark.parametrize(
    ("why", "one", "other", "grade"),
    [
        ("twins", JEANNE, replace(JEANNE, given_names="Simone"), Grade.POSSIBLE),
        ("twins far apart", JEANNE, replace(JEANNE, given_names="Simone", **ELSEWHERE), None),
        (
            "a couple sharing all",
            ALBERT,
            replace(ALBERT, given_names="Yvonne", title="mrs", birth_date=date(1952, 1, 1)),
            None,
        ),
        ("Michel and Michèle", replace(ALBERT, given_names="Michel"),
         replace(ALBERT, given_names="Michèle", title="mrs", birth_date=None), Grade.POSSIBLE),
        ("father and son", ALBERT, replace(ALBERT, birth_date=date(1975, 4, 7)), Grade.POSSIBLE),
        ("father and son, other number", ALBERT, replace(ALBERT, birth_date=date(1975, 4, 7), **ELSEWHERE), None),
        ("namesakes", ALBERT, replace(ALBERT, birth_date=date(1961, 9, 30), **ELSEWHERE), None),
        ("born the same day", ALBERT, replace(ALBERT, family_name="Petit", given_names="Jean", **ELSEWHERE), None),
        ("a shared telephone only", ALBERT, replace(ALBERT, given_names="Zoé", birth_date=None), None),
        ("nothing known", Traits("Blanc"), Traits("Blanc"), None),
    ],
)  # fmt: skip
def test_two_persons_who_look_like_one(why: str, one: Traits, other: Traits, grade: Grade | None) -> None:
    looks = compare(one, other)
    assert (looks.grade if looks else None) == grade, (why, looks)
    if looks:
        assert looks.doubts, why


MAIL: dict[str, Any] = {"email": "blanc@example.test", "numbers": frozenset(), "verified": frozenset()}
VERIFIED = {**MAIL, "email_verified": True}


@pytest.mark.parametrize(
    ("why", "changes", "grade", "verified_grade"),
    [
        ("a couple", {"given_names": "Yvonne", "title": "mrs", "birth_date": date(1952, 1, 1)}, None, None),
        ("a couple born one day", {"given_names": "Yvonne", "title": "mrs"}, None, None),
        ("a couple alike", {"given_names": "Alberte", "title": "mrs"}, Grade.LIKELY, Grade.LIKELY),
        (
            "a couple, no birth date",
            {"given_names": "Yvonne", "title": "mrs", "birth_date": None},
            None,
            None,
        ),
        ("twins", {"given_names": "Lucien"}, None, Grade.POSSIBLE),
        ("twins alike", {"given_names": "Alberte", "title": "none"}, Grade.LIKELY, Grade.LIKELY),
        ("father and son", {"birth_date": date(1975, 4, 7)}, None, Grade.POSSIBLE),
        ("father and son, no birth date", {"birth_date": None}, Grade.LIKELY, Grade.LIKELY),
        ("other births", {"birth_date": date(1951, 9, 30)}, None, Grade.POSSIBLE),
    ],
)
@pytest.mark.parametrize("home", [ALBERT.home, ""])
def test_an_address_shared_makes_nobody_sure_and_only_a_verified_one_is_hard(
    why: str, changes: dict[str, Any], grade: Grade | None, verified_grade: Grade | None, home: str
) -> None:
    mine = replace(ALBERT, **{**MAIL, "home": home})
    proved = replace(ALBERT, **{**VERIFIED, "home": home})
    for one, other, expected in (
        (mine, replace(mine, **changes), grade),
        # Verified on one record only: as good as not.
        (mine, replace(proved, **changes), grade),
        (proved, replace(proved, **changes), verified_grade),
    ):
        looks = compare(one, other)
        assert (looks.grade if looks else None) == expected, (why, looks)
        if looks:
            assert looks.doubts, why


def test_a_likeness_says_whether_the_shared_address_is_verified() -> None:
    for facts, said in ((MAIL, "same_email"), (VERIFIED, "verified_email")):
        one = replace(JEANNE, **facts)
        looks = compare(one, replace(one, given_names="J."))
        assert looks is not None
        assert said in looks.reasons


def test_second_names_and_titles_leave_a_doubt() -> None:
    louise = replace(JEANNE, given_names="Marie Louise")
    looks = compare(louise, replace(louise, given_names="Marie Claude"))
    assert looks is not None
    assert (looks.grade, looks.doubts) == (Grade.LIKELY, ("second_name",))
    looks = compare(JEANNE, replace(JEANNE, title="mr"))
    assert looks is not None
    assert (looks.grade, looks.doubts) == (Grade.LIKELY, ("titles_differ",))


WORDS = st.sampled_from(["Martin", "Roux", "Jeanne", "Jean-Pierre", "Le Goff", "D’Arc", "É", "", "Zoé", "Li"])
PEOPLE = st.builds(
    Traits,
    WORDS,
    WORDS,
    WORDS,
    st.none() | st.dates(date(1920, 1, 1), date(2010, 1, 1)),
    st.sampled_from(["mr", "mrs", "none"]),
    st.frozensets(st.sampled_from(["+33561000001", "+33561000002"])),
    st.frozensets(st.sampled_from(["+33561000001"])),
    st.sampled_from(["", "a@example.test"]),
    st.sampled_from(["", "12 rue du temple"]),
    st.sampled_from(["", "31250", "31000"]),
    st.booleans(),
)


@given(PEOPLE, PEOPLE)
def test_the_order_does_not_matter_and_everything_said_has_words(one: Traits, other: Traits) -> None:
    looks, back = compare(one, other), compare(other, one)
    assert (looks and looks.grade) == (back and back.grade)
    if looks:
        assert set(looks.reasons) <= REASONS.keys()
        assert set(looks.doubts) <= DOUBTS.keys()
    assert all(len(key) <= 80 for key in keys_of(one))
