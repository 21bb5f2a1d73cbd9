"""What is typed in the search box is understood in whatever order it was said."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import references
from gruppetto.service.finding.query import Query, read

TODAY = date(2026, 11, 22)
REFERENCE = references.new_reference("I", lambda n: 3)


def day(year: int, month: int, on: int) -> tuple[date, date]:
    return (date(year, month, on), date(year, month, on))


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Dupont", Query(words=("dupont",))),
        ("  Mme  Léa   D’Œuvre ", Query(words=("lea", "d", "oeuvre"))),
        (
            "dupont revel 1941",
            Query(words=("dupont", "revel"), births=((date(1941, 1, 1), date(1941, 12, 31)),)),
        ),
        ("1941 dupont", Query(words=("dupont",), births=((date(1941, 1, 1), date(1941, 12, 31)),))),
        ("12/1941 dupont", Query(words=("dupont",), births=((date(1941, 12, 1), date(1941, 12, 31)),))),
        ("février 1944", Query(births=((date(1944, 2, 1), date(1944, 2, 29)),))),
        ("3/5/41", Query(births=(day(1941, 5, 3),))),
        ("3/5/20 roux", Query(words=("roux",), births=(day(1920, 5, 3), day(2020, 5, 3)))),
        ("roux 3 mai 1944", Query(words=("roux",), births=(day(1944, 5, 3),))),
        ("03 05 1948", Query(births=(day(1948, 5, 3),))),
        ("03051948", Query(births=(day(1948, 5, 3),))),
        ("1948-05-03", Query(births=(day(1948, 5, 3),))),
        ("06 12 34 56 78", Query(number="+33612345678")),
        ("roux 06.12.34.56.78", Query(words=("roux",), number="+33612345678")),
        ("+33 6 12 34 56 78", Query(number="+33612345678")),
        ("0033612345678", Query(number="+33612345678")),
        ("06 12 34", Query(begins="+3361234")),
        ("0142", Query(ends="0142")),
        ("dupont 0142", Query(words=("dupont",), ends="0142")),
        (
            "1941",
            Query(births=((date(1941, 1, 1), date(1941, 12, 31)),), ends="1941", end_or_birth=True),
        ),
        ("31250", Query(words=("31250",))),
        ("martine@example.test", Query(email="martine@example.test")),
        (REFERENCE, Query(reference=REFERENCE)),
        (REFERENCE.replace("-", "").lower(), Query(reference=REFERENCE)),
        (REFERENCE.replace("-", " ").lower(), Query(reference=REFERENCE)),
        (
            "31/02/1944 roux",
            Query(words=("31", "02", "roux"), births=((date(1944, 1, 1), date(1944, 12, 31)),)),
        ),
        ("'; DROP TABLE people_person; --", Query(words=("drop", "table", "people", "person"))),
    ],
)
def test_each_thing_typed_is_understood(typed: str, understood: Query) -> None:
    assert read(typed, TODAY) == understood


def test_a_word_goes_on_until_a_space_follows_it() -> None:
    assert read("dup", TODAY, unfinished=True).unfinished
    assert not read("dup ", TODAY, unfinished=True).unfinished


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "search-empty"),
        ("   ", "search-empty"),
        ("a", "search-too-short"),
        ("a b", "search-too-short"),
        ("%_'\"*&|!():<->", "search-empty"),
        ("🙂🙂🙂", "search-empty"),
        ("x" * 10_000, "search-too-long"),
    ],
)
def test_what_cannot_be_searched_is_said_in_words(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(typed, TODAY)
    assert refused.value.code == code


@given(st.text(max_size=250))
def test_any_text_is_understood_or_refused(typed: str) -> None:
    with suppress(Refused):
        query = read(typed, TODAY)
        assert query != Query()
        assert all(word.isascii() and word.isalnum() for word in query.words)
