"""Money: no cent lost, none made, whoever shares, rounds or types it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.amounts import LARGEST, euros, parse_euros, part, rounded, split
from gruppetto.kernel.errors import Refused

amounts = st.integers(-LARGEST, LARGEST)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(amounts, weights)
def test_shares_add_up_to_the_cent_and_stay_within_a_cent_of_justice(cents: int, weights: list[int]) -> None:
    shares = split(cents, weights)
    assert sum(shares) == cents
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(cents * weight, sum(weights))) < 1
        assert weight or not share


@given(amounts, weights)
def test_a_refund_is_shared_as_the_payment_was(cents: int, weights: list[int]) -> None:
    assert split(-cents, weights) == [-share for share in split(cents, weights)]


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (200, [1, 1, 1], [67, 67, 66]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (3500, [70, 30], [2450, 1050]),
        (1, [1, 2], [0, 1]),
        (5, [0, 3, 0], [0, 5, 0]),
        (1000, [Decimal("0.5"), Fraction(1, 4), Decimal("0.25")], [500, 250, 250]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_the_largest_remainder_gets_the_cent(
    cents: int, weights: list[int | Decimal | Fraction], shares: list[int]
) -> None:
    assert split(cents, weights) == shares


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_nothing_is_shared_among_nobody(weights: list[int]) -> None:
    with pytest.raises(Refused) as refusal:
        split(100, weights)
    assert refusal.value.code == "split-nobody"


@pytest.mark.parametrize(
    ("exact", "cents"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("2.5001", 3), ("0", 0)],
)
def test_half_a_cent_goes_away_from_zero(exact: str, cents: int) -> None:
    assert rounded(Decimal(exact)) == cents


@given(st.fractions())
def test_rounding_moves_by_half_a_cent_at_most_and_mirrors(exact: Fraction) -> None:
    assert abs(rounded(exact) - exact) <= Fraction(1, 2)
    assert rounded(-exact) == -rounded(exact)


def test_a_part_is_rounded_once() -> None:
    assert part(1999, Decimal("0.20")) == 400
    assert part(-1999, Decimal("0.20")) == -400
    assert part(3840, Decimal("0.055")) == 211


def test_a_float_is_never_money() -> None:
    half: Any = 0.5
    for act in (lambda: rounded(half), lambda: part(100, half), lambda: split(1, [half])):
        with pytest.raises(TypeError, match="float"):
            act()


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (123456, "1\u202f234,56\u00a0€"),
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (-123, "\u22121,23\u00a0€"),
        (100_000_000, "1\u202f000\u202f000,00\u00a0€"),
    ],
)
def test_an_amount_is_shown_the_french_way(cents: int, shown: str) -> None:
    assert euros(cents) == shown
    assert euros(cents, document=True) == shown.replace("\u202f", "\u00a0")


@given(amounts, st.booleans())
def test_an_amount_is_read_back_as_shown(cents: int, document: bool) -> None:
    shown = euros(cents, document=document)
    assert parse_euros(shown, negative=True) == cents
    assert not set(shown) & {" ", "-"}


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200),
        ("12,5", 1250),
        ("12.50", 1250),
        ("12€50", 1250),
        ("12 € 50", 1250),
        ("12 euros 05", 1205),
        ("12,50 EUR", 1250),
        ("1 234,56", 123456),
        ("1234,56 €", 123456),
        ("1.234,56", 123456),
        ("0,05", 5),
        ("007", 700),
    ],
)
def test_an_amount_is_read_however_it_is_typed(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount-empty"),
        ("  ", "amount-empty"),
        ("douze", "amount-unreadable"),
        ("1.234", "amount-unreadable"),
        ("1,234", "amount-unreadable"),
        ("1,234.56", "amount-unreadable"),
        ("12,345", "amount-unreadable"),
        ("12 34", "amount-unreadable"),
        ("12,50 € 50", "amount-unreadable"),
        ("12 $", "amount-unreadable"),
        ("1e5", "amount-unreadable"),
        ("٣", "amount-unreadable"),
        ("9" * 50, "amount-unreadable"),
        ("-12", "amount-negative"),
        ("9" * 20, "amount-too-large"),
    ],
)
def test_what_is_no_amount_is_refused_in_plain_words(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_euros(text, field="montant")
    assert (refusal.value.code, refusal.value.field) == (code, "montant")
