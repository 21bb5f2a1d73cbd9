"""Alphabets and parts of an SMS, against the figures of the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.service.messages.sms import EXTENDED, GSM, parts, plain


@pytest.mark.parametrize(
    ("text", "alphabet", "count", "used"),
    [
        ("", "GSM-7", 1, 0),
        ("a" * 160, "GSM-7", 1, 160),
        ("a" * 161, "GSM-7", 2, 161),
        ("a" * 306, "GSM-7", 2, 306),
        ("a" * 307, "GSM-7", 3, 307),
        ("€" * 80, "GSM-7", 1, 160),
        # An escape is never cut from its sign: 152 + "€" does not fit 153.
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3, 306),
        ("é" * 160, "GSM-7", 1, 160),
        ("ê" * 70, "UCS-2", 1, 70),
        ("ê" * 71, "UCS-2", 2, 71),
        ("🙂" * 35, "UCS-2", 1, 70),
        # 67 places hold 33 pairs, never half a one.
        ("🙂" * 67, "UCS-2", 3, 134),
    ],
)
def test_parts_are_those_of_the_standard(text: str, alphabet: str, count: int, used: int) -> None:
    assert (parts(text).alphabet, parts(text).count, parts(text).used) == (alphabet, count, used)


def test_french_typography_costs_no_more_than_plain_letters() -> None:
    written = plain("L’été « peut-être » à Nîmes… ça coûte 12 € — François, cœur")
    assert written == 'L\'été " peut-etre " à Nimes... ca coute 12 € - Francois, coeur'
    assert parts(written).alphabet == "GSM-7"


def test_an_emoji_stays_and_is_counted() -> None:
    assert parts(plain("Bien noté 🙂")).alphabet == "UCS-2"


@given(st.text(max_size=700))
def test_a_text_always_fits_its_parts(text: str) -> None:
    found = parts(text)
    alone, together = (160, 153) if found.alphabet == "GSM-7" else (70, 67)
    assert found.used <= (alone if found.count == 1 else found.count * together)
    assert found.alphabet == ("GSM-7" if set(text) <= GSM | EXTENDED else "UCS-2")


@given(st.text(max_size=300))
def test_making_it_plain_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)
