"""Phone numbers: read as people type them or as telephony sends them, kept as E.164, shown as people say them.

French numbers are accepted on their shape (nine digits after the zero), not on the list of ranges in service: that
list is always late, and the ranges kept for fiction (06 39 98…) must work in the demo. Foreign numbers must be valid.
"""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from gruppetto.kernel.errors import Refused

FRANCE = 33
LONGEST, LONGEST_ADDRESS = 40, 200
"""Characters of a number however it is written (E.164 has at most 15 digits), and of a ``sip:`` address."""

OVERSEAS = {
    262: ("262", "263", "269", "639", "692", "693"),
    590: ("590", "690", "691"),
    594: ("594", "694"),
    596: ("596", "696", "697"),
}
"""Country code → first national digits, dialled with a plain 0 from the whole of France (ARCEP decision 2018-0881)."""

FICTION = "63998"
"""Mainland mobiles reserved for fiction, in the middle of a range of Mayotte (same decision)."""

WITHHELD = frozenset(
    {"anonymous", "restricted", "private", "withheld", "unavailable", "unknown", "+266696687", "266696687"}
)
"""What telephony says instead of a number; 266696687 spells ANONYMOUS on a keypad."""


def is_withheld(received: str | None) -> bool:
    """Did telephony send no number: nothing, or one of its words for a hidden caller?"""
    return _bare(received or "").lower() in {"", *WITHHELD}


def parse(text: str, *, field: str | None = None) -> str:
    """The number in E.164 (``"+33612345678"``), French when no country is given.

    Accepts spaces, dots, dashes, brackets, ``00`` or ``+`` before the country, ``tel:`` and ``sip:`` addresses.
    Raises ``Refused``: phone-empty, phone-letters, phone-too-long, phone-short-code (15, 3114…), phone-invalid.
    """
    bare = _bare(text)
    if not bare:
        raise Refused(_("Donnez un numéro de téléphone."), code="phone-empty", field=field)
    if len(bare) > LONGEST or sum(map(str.isdecimal, bare)) > 20:
        raise Refused(
            _("Ce numéro est trop long : un numéro français a dix chiffres."),
            code="phone-too-long",
            field=field,
        )
    if any(character.isalpha() for character in bare):
        raise Refused(
            _("Un numéro de téléphone s’écrit avec des chiffres seulement."),
            code="phone-letters",
            field=field,
        )
    if re.fullmatch(r"[1-9]( ?\d){1,3}", bare, re.ASCII):
        raise Refused(
            _("Ce numéro court ne peut pas être celui d’une personne."), code="phone-short-code", field=field
        )
    number = _read(bare)
    if number is None:
        raise Refused(
            _(
                "Ce numéro n’existe pas. Écrivez-le comme « 06 12 34 56 78 », ou avec « + » et le code du pays."
            ),
            code="phone-invalid",
            field=field,
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def received(caller: str | None) -> str | None:
    """The caller's number in E.164, None when it is withheld. Raises ``Refused`` as ``parse`` does."""
    return None if is_withheld(caller) else parse(caller or "")


def display(number: str) -> str:
    """An E.164 number as French people read it: ``06 12 34 56 78``, or ``+32 470 12 34 56`` for other countries."""
    parsed = phonenumbers.parse(number)
    if _is_french(parsed):
        return _pairs(f"0{parsed.national_number}")
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def mask(number: str) -> str:
    """Enough of an E.164 number to recognise it, not to dial it: ``06 •• •• •• 78``, ``+32 ••• •• •• 56``."""
    shown = display(number)
    keep = 2 if shown.startswith("0") else len(shown.partition(" ")[0])
    return shown[:keep] + re.sub(r"\d", "•", shown[keep:-2]) + shown[-2:]


def is_mobile(number: str) -> bool:
    """Can this E.164 number receive an SMS, as far as its range tells?"""
    parsed = phonenumbers.parse(number)
    if parsed.country_code == FRANCE:
        return str(parsed.national_number)[0] in "67"
    return phonenumbers.number_type(parsed) in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def _bare(text: str) -> str:
    """What is left of ``tel:``/``sip:`` addresses, angle brackets and odd spaces."""
    if len(text) > LONGEST_ADDRESS:  # the patterns below are not made for whole pages
        return text
    inside = re.sub(r".*<(.*)>.*", r"\1", text.strip())
    address = re.sub(r"^(tel|sips?):", "", inside, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", re.split(r"[@;]", address, maxsplit=1)[0]).strip()


def _read(bare: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(bare, "FR")
    except NumberParseException:
        return None
    if number.country_code != FRANCE:
        return number if phonenumbers.is_valid_number(number) else None
    national = str(number.national_number)
    if not re.fullmatch(r"[1-9]\d{8}", national) or number.italian_leading_zero:
        return None
    return _overseas(national) or number


def _overseas(national: str) -> PhoneNumber | None:
    """The same digits under their own country code when they are those of an overseas department."""
    if national.startswith(FICTION):
        return None
    for country, prefixes in OVERSEAS.items():
        if national.startswith(prefixes):
            number = PhoneNumber(country_code=country, national_number=int(national))
            return number if phonenumbers.is_valid_number(number) else None
    return None


def _is_french(number: PhoneNumber) -> bool:
    return number.country_code == FRANCE or number.country_code in OVERSEAS


def _pairs(digits: str) -> str:
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))
