"""The CNIL's rule of passwords: 80 bits, nothing predictable, nothing that everybody uses."""

from __future__ import annotations

import string
from random import Random

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.access.accounts import new_password
from gruppetto.kernel.access.passwords import CnilPassword, bits, classes, strong, surprising

FOUR = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!?-_.;:§é")


def code_of(password: str) -> str:
    """Why it is refused, nothing when it is not."""
    try:
        CnilPassword().validate(password)
    except ValidationError as error:
        return str(error.code)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "kR7!mTq3zwP9",  # 12 of four classes
        "kR7mTq3zwP9dHx",  # 14 of three
        "vxkqtbwmzrhdpglfjs",  # 18 small letters: 84.6 bits
        "mangue vélo tambour rivière clou panier lune",  # seven words
        "Bété-Œuf9ñßøþ",  # letters beyond ASCII count as signs
        "kR7m-Tq3z-wP9d-Hx2n",
    ],
)
def test_it_is_accepted(password: str) -> None:
    assert code_of(password) == ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-weak"),
        ("kR7!mTq3zwP", "password-too-weak"),  # 11 of four classes
        ("kR7mTq3zwP9dH", "password-too-weak"),  # 13 of three: 77.4 bits
        ("vxkqtbwmzrhdpglfj", "password-too-weak"),  # 17 small letters: 79.9 bits
        ("8305719264830571", "password-too-weak"),
        ("a b c d e f g", "password-too-weak"),  # seven letters are not seven words
        ("la la la la la la la la la la la la la", "password-predictable"),
        ("Azertyuiop1!", "password-predictable"),
        ("Abcdefghij1!", "password-predictable"),
        ("AAAAaaaa1111!!!!", "password-predictable"),
        ("Aa1!Aa1!Aa1!Aa1!", "password-predictable"),
        ("Motdepasse26!", "password-known"),
        ("Bonjour-2026", "password-known"),
        ("Gruppetto-26!", "password-known"),
    ],
)
def test_it_is_refused(password: str, code: str) -> None:
    assert code_of(password) == code


def test_a_known_word_inside_a_long_password_is_allowed() -> None:
    assert code_of("Bonjour-kR7mTq3zwP9") == ""


def test_twelve_characters_of_the_four_classes_are_what_the_cnil_calls_80_bits() -> None:
    assert bits("kR7!mTq3zwP9") == pytest.approx(79.55, abs=0.01)
    assert sum(classes("aA1!")) == 99


@given(st.text())
def test_no_text_breaks_the_rule(text: str) -> None:
    assert code_of(text) in ("", "password-too-weak", "password-predictable", "password-known")


@given(st.text(max_size=60))
def test_what_is_predictable_never_makes_a_password_stronger(text: str) -> None:
    assert len(surprising(text)) <= len(text)
    assert strong(text) or not strong(surprising(text))


def test_passwords_drawn_at_random_pass_nearly_always() -> None:
    """A rule that refuses what chance draws would push people to habits."""
    signs, chance = "".join(FOUR), Random(16)
    drawn = ("".join(chance.choices(signs, k=16)) for _ in range(500))
    assert sum(code_of(password) != "" for password in drawn) <= 5


def test_the_passwords_given_by_administrators_pass() -> None:
    assert {code_of(new_password()) for _ in range(20)} == {""}
