"""Passwords by the CNIL's recommendation (délibération 2022-100): 80 bits when the password stands alone."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from functools import cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SPECIALS = 37
BITS = 80
# The CNIL counts twelve characters of the four classes as 80 bits (12 × log2(99) = 79.6).
LENGTH = 12
DIFFERENT = 8
WORDS, LETTERS = 7, 24
ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "&é\"'(-è_çà")
# Fewer characters than these around a known word do not make it a password.
AROUND = 8


class CnilPassword:
    """12 characters of four classes, or more of fewer (80 bits), or a phrase of seven words; nothing predictable."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` with what to do: password-too-weak, password-predictable, password-known."""
        if is_phrase(password):
            return
        if not strong(password):
            raise ValidationError(self.get_help_text(), code="password-too-weak")
        if not strong(surprising(password)) or len(set(password)) < DIFFERENT:
            raise ValidationError(
                _("Évitez les suites comme « azerty », « 1234 » ou « aaaa » : elles ne comptent pas."),
                code="password-predictable",
            )
        if (word := known_word(password)) and len(password) - len(word) < AROUND:
            raise ValidationError(
                _("Ce mot de passe contient un mot trop courant. Choisissez-en un autre."),
                code="password-known",
            )

    def get_help_text(self) -> str:
        return _(
            "Au moins 12 caractères avec des minuscules, des majuscules, des chiffres et un signe ; "
            "ou 14 caractères avec des lettres des deux sortes et des chiffres ; ou une phrase de 7 mots."
        )


class AnotherPassword:
    """Not the one in use: a password given by an administrator is known to somebody else."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` when ``user`` (an account) has this password already."""
        check = getattr(user, "check_password", None)
        if check is not None and check(password):
            raise ValidationError(self.get_help_text(), code="password-in-use")

    def get_help_text(self) -> str:
        return _("Choisissez un mot de passe différent de celui que vous avez.")


def classes(password: str) -> tuple[int, ...]:
    """The sizes of the classes of characters that a password uses: 26, 26, 10 and 37 in all."""
    found = (
        (26, any(c in string.ascii_lowercase for c in password)),
        (26, any(c in string.ascii_uppercase for c in password)),
        (10, any(c in string.digits for c in password)),
        (SPECIALS, any(not (c.isascii() and c.isalnum()) for c in password)),
    )
    return tuple(size for size, used in found if used)


def bits(password: str) -> float:
    """The entropy of a password if each character were drawn at random from the classes it uses, in bits."""
    return len(password) * math.log2(sum(classes(password))) if password else 0.0


def strong(password: str) -> bool:
    """80 bits, or what the CNIL counts as such."""
    return bits(password) >= BITS or (len(password) >= LENGTH and len(classes(password)) == 4)


def is_phrase(password: str) -> bool:
    """Seven different words, of the length that words have."""
    words = set(password.lower().split())
    return len(words) >= WORDS and sum(map(len, words)) >= LETTERS


def surprising(password: str) -> str:
    """The password without what is guessed from the two characters before: ``abcd`` leaves ``ab``."""
    kept = password[:2]
    for first, second, third in zip(password, password[1:], password[2:], strict=False):
        if not (_follows(first, second) and _follows(second, third)):
            kept += third
    return kept


def _follows(one: str, other: str) -> bool:
    a, b = one.lower(), other.lower()
    if abs(ord(a) - ord(b)) <= 1:
        return True
    return any(a + b in row or b + a in row for row in ROWS)


def known_word(password: str) -> str:
    """The frequent word that the letters of a password spell (``Motdepasse`` of ``Motdepasse2026!``), else nothing."""
    plain = unicodedata.normalize("NFKD", password.lower()).encode("ascii", "ignore").decode()
    letters = max(re.findall(r"[a-z]+", plain), key=len, default="")
    return letters if letters in _known() else ""


@cache
def _known() -> frozenset[str]:
    house = {settings.GRUPPETTO_NAME.lower(), "gruppetto"}
    return frozenset(CommonPasswordValidator().passwords) | house | {"motdepasse", "bonjour", "soleil"}
