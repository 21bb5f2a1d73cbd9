"""What people type about an organisation."""

from __future__ import annotations

import pytest

from gruppetto.kernel.errors import Refused
from gruppetto.registry.organisations.facts import clean_phone, clean_siren, clean_siret


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("05 61 00 00 00", "+33561000000"),
        ("+33 5 61 00 00 00", "+33561000000"),
        ("0033561000000", "+33561000000"),
        ("32 30", "3230"),
        ("3646", "3646"),
        ("0 892 705 705", "+33892705705"),
        ("+41 22 730 51 11", "+41227305111"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_phone_number_has_one_stored_form(typed: str, stored: str) -> None:
    assert clean_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("05 61", "phone-invalid"),
        ("appelez-moi", "phone-letters"),
        ("1" * 40, "phone-too-long"),
        ("00", "phone-invalid"),
        ("06 12 34 56 7", "phone-invalid"),
        ("9999", "phone-short-code"),
    ],
)
def test_what_nobody_can_dial_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_phone(typed)
    assert (refused.value.code, refused.value.field) == (code, "phone")


def test_a_siren_has_a_right_check_digit() -> None:
    assert clean_siren("732 829 320") == "732829320"
    assert clean_siren("") == ""
    for typed in ("732829321", "73282932", "abc"):
        with pytest.raises(Refused, match="SIREN"):
            clean_siren(typed)


def test_a_siret_has_right_check_digits_and_the_post_its_own_rule() -> None:
    assert clean_siret("732 829 320 00074") == "73282932000074"
    # La Poste: the sum of the digits is a multiple of 5, where Luhn would refuse it.
    assert clean_siret("35600000049837") == "35600000049837"
    for typed in ("73282932000075", "732829320", "35600000049838"):
        with pytest.raises(Refused, match="SIRET"):
            clean_siret(typed)
