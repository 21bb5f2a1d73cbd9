"""Passwords by the CNIL's recommendation (délibération 2022-100): 80 bits when the password stands alone."""

from __future__ import annotations

import math
import string

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SPECIALS = 37
FULL_BITS = 80


def bits(password: str) -> float:
    """The entropy of a password if each character were drawn at random from the classes it uses, in bits."""
    classes = (
        (26, any(c in string.ascii_lowercase for c in password)),
        (26, any(c in string.ascii_uppercase for c in password)),
        (10, any(c.isdigit() for c in password)),
        (SPECIALS, any(not c.isalnum() or not c.isascii() for c in password)),
    )
    alphabet = sum(size for size, used in classes if used)
    return len(password) * math.log2(alphabet) if alphabet else 0.0


class CnilPassword:
    """12 characters of four classes, or 14 of three (letters of both cases and digits), or a phrase of seven words."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` with what to do when the password is too weak."""
        if len(password.split()) >= 7 and len(set(password.lower().split())) >= 6:
            return
        if len(password) >= 12 and bits(password) >= FULL_BITS - 2 and len(set(password)) >= 8:
            # 12 × log2(99) = 79.6: the CNIL counts twelve characters of the four classes as 80 bits.
            return
        raise ValidationError(self.get_help_text(), code="password-too-weak")

    def get_help_text(self) -> str:
        return _(
            "Au moins 12 caractères avec des minuscules, des majuscules, des chiffres et un signe ; "
            "ou 14 caractères avec des lettres des deux sortes et des chiffres ; ou une phrase de 7 mots."
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
