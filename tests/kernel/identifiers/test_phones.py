"""Phone numbers as people type them, as telephony sends them, and as the screen shows them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.phones import display, is_mobile, is_withheld, mask, parse, received

MOBILE = "+33612345678"


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06\u00a012\u202f34 56 78",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "33612345678",
        "tel:+33612345678",
        "sip:+33612345678@trunk.example.fr;transport=udp",
        '"Mme Roux" <sip:0612345678@192.0.2.1>',
        "  06 12 34 56 78  ",
    ],
)
def test_a_french_number_is_read_however_it_is_written(text: str) -> None:
    assert parse(text) == MOBILE


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("0692 12 34 56", "+262692123456", "06 92 12 34 56"),
        ("0262 20 12 34", "+262262201234", "02 62 20 12 34"),
        ("0690 12 34 56", "+590690123456", "06 90 12 34 56"),
        ("0694 12 34 56", "+594694123456", "06 94 12 34 56"),
        ("0696 12 34 56", "+596696123456", "06 96 12 34 56"),
        ("06 39 98 01 23", "+33639980123", "06 39 98 01 23"),
        ("0039 06 6982", "+39066982", "+39 06 6982"),
        ("+32 470 12 34 56", "+32470123456", "+32 470 12 34 56"),
        ("0044 7911 123456", "+447911123456", "+44 7911 123456"),
    ],
)
def test_overseas_fiction_and_foreign_numbers_keep_their_country(text: str, number: str, shown: str) -> None:
    assert parse(text) == number
    assert display(number) == shown
    assert parse(shown) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone-empty"),
        ("   ", "phone-empty"),
        ("06 12 34 56 7X", "phone-letters"),
        ("SNCF", "phone-letters"),
        ("1" * 40, "phone-too-long"),
        ("0" * 1_000_000, "phone-too-long"),
        ("06 12 34 56 7", "phone-invalid"),
        ("06 12 34 56 789", "phone-invalid"),
        ("00 12 34 56 78", "phone-invalid"),
        ("+999 123 456 789", "phone-invalid"),
        ("+32 1", "phone-invalid"),
        ("()", "phone-invalid"),
        ("15", "phone-short-code"),
        ("3114", "phone-short-code"),
    ],
)
def test_what_is_no_number_is_refused_in_plain_words(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text, field="telephone_fixe")
    assert (refusal.value.code, refusal.value.field) == (code, "telephone_fixe")


@pytest.mark.parametrize(
    "caller",
    [
        None,
        "",
        "anonymous",
        "Anonymous",
        "restricted",
        "unknown",
        "+266696687",
        "sip:anonymous@anonymous.invalid",
    ],
)
def test_a_hidden_caller_has_no_number(caller: str | None) -> None:
    assert is_withheld(caller)
    assert received(caller) is None


def test_a_caller_who_shows_a_number_is_not_hidden() -> None:
    assert not is_withheld(MOBILE)
    assert received(MOBILE) == MOBILE


@pytest.mark.parametrize(
    ("number", "masked"),
    [(MOBILE, "06 •• •• •• 78"), ("+590690123456", "06 •• •• •• 56"), ("+32470123456", "+32 ••• •• •• 56")],
)
def test_a_masked_number_shows_only_its_two_ends(number: str, masked: str) -> None:
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        (MOBILE, True),
        ("+33639980123", True),
        ("+33712345678", True),
        ("+33561234567", False),
        ("+33976123456", False),
        ("+262692123456", True),
        ("+262262201234", False),
        ("+32470123456", True),
    ],
)
def test_an_sms_goes_to_mobiles_only(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile


@given(st.integers(100_000_000, 999_999_999).map(lambda digits: f"0{digits}"))
def test_any_ten_digits_come_back_as_shown(typed: str) -> None:
    number = parse(typed)
    assert display(number).replace(" ", "") == typed
    assert parse(display(number)) == number
    assert sum(character.isdigit() for character in mask(number)) == 4


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    with suppress(Refused):
        number = parse(text)
        assert number.startswith("+")
        assert number[1:].isdecimal()
