"""How a text travels by SMS: alphabet and parts (3GPP TS 23.038 §6.2.1, TS 23.040 §9.2.3.24.1). Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes two places: an escape, then the sign.
EXTENDED = frozenset("\f^{}\\[~]|€")
MOST_PARTS = 4
"""Longer is not read on a small screen, and costs more than a letter is worth: another way is taken."""

# Signs of French typography that would make each part hold 67 characters instead of 153.
PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "…": "...", "–": "-", "—": "-", "•": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE", "\t": " ", "\r": "",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """``alphabet``: "GSM-7" or "UCS-2"; ``count``: parts paid for; ``used``: places taken in that alphabet."""

    alphabet: str
    count: int
    used: int


def plain(text: str) -> str:
    """``text`` in the alphabet of SMS where that loses no meaning: simple typography, ``ê`` and ``ç`` bare.

    Emoji and other alphabets stay as they are: they are counted for what they cost.
    """
    composed = unicodedata.normalize("NFC", text).translate(PLAIN)
    return "".join(sign if sign in GSM or sign in EXTENDED else _unmarked(sign) for sign in composed)


def parts(text: str) -> Parts:
    """In how many parts ``text``, as it is, will be sent. A pair (escape or surrogate) is never cut in two."""
    if all(sign in GSM or sign in EXTENDED for sign in text):
        return _packed("GSM-7", [2 if sign in EXTENDED else 1 for sign in text], 160, 153)
    return _packed("UCS-2", [2 if ord(sign) > 0xFFFF else 1 for sign in text], 70, 67)


def _packed(alphabet: str, sizes: list[int], alone: int, together: int) -> Parts:
    used = sum(sizes)
    if used <= alone:
        return Parts(alphabet, 1, used)
    count, room = 1, together
    for size in sizes:
        if size > room:
            count, room = count + 1, together
        room -= size
    return Parts(alphabet, count, used)


def _unmarked(sign: str) -> str:
    bare = unicodedata.normalize("NFD", sign)[0]
    return bare if bare in GSM and bare.isalpha() else sign
