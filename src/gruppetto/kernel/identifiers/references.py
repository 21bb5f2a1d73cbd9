"""References that people read, write down and say on the phone: ``I-7K3F-92QX``.

One letter for the kind of thing, then eight characters in two groups, the last one a check. Nineteen characters are
used: digits without 0 and 1, and letters that look like no digit and sound like no other letter on a French line
(no vowel, hence no word; of B C D G P T V only T, of F S only F, of M N only M). Nineteen is prime: the weighted sum
modulo 19 finds every single wrong character and every swap of two of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused

ALPHABET = "23456789FHJKMQRTWXY"
PAYLOAD = 7
NAMES = (
    "Anatole", "Berthe", "Célestin", "Désiré", "Eugène", "François", "Gaston", "Henri", "Irma", "Joseph",
    "Kléber", "Louis", "Marcel", "Nicolas", "Oscar", "Pierre", "Quintal", "Raoul", "Suzanne", "Thérèse",
    "Ursule", "Victor", "William", "Xavier", "Yvonne", "Zoé",
)  # fmt: skip
"""The French spelling alphabet: each name stands for its initial."""


def new_reference(kind: str, draw: Callable[[int], int]) -> str:
    """A fresh reference of that kind (one capital letter): one of 19⁷, about 890 million.

    ``draw(n)`` gives a whole number from 0 to n - 1 (``secrets.randbelow``). Two draws may agree: the column is
    unique, and the caller draws again.
    """
    if not re.fullmatch("[A-Z]", kind):
        raise ValueError("the kind is one capital letter")
    payload = "".join(ALPHABET[draw(len(ALPHABET))] for _position in range(PAYLOAD))
    return _shown(kind, payload + _check(kind, payload))


def read_reference(text: str, *, kind: str | None = None, field: str | None = None) -> str:
    """The reference as it was given, from what was typed: case, spaces and dashes do not matter.

    Raises ``Refused``: reference-unreadable (not its shape, or a character never used), reference-wrong (the check
    character says that one is wrong), reference-other-kind.
    """
    bare = re.sub(r"[\s.‐-―-]", "", text).upper()
    if not re.fullmatch(rf"[A-Z][{ALPHABET}]{{{PAYLOAD + 1}}}", bare):
        raise Refused(
            _("Une référence s’écrit comme « I-7K3F-92QX » : une lettre puis huit caractères."),
            code="reference-unreadable",
            field=field,
        )
    if _check(bare[0], bare[1:-1]) != bare[-1]:
        raise Refused(
            _("Cette référence contient une erreur : relisez chaque caractère."),
            code="reference-wrong",
            field=field,
        )
    if kind is not None and bare[0] != kind:
        raise Refused(_("Cette référence désigne autre chose."), code="reference-other-kind", field=field)
    return _shown(bare[0], bare[1:])


def spell(reference: str) -> str:
    """The reference to say on the phone: ``I comme Irma, 7, K comme Kléber, …``."""
    said = {name[0]: f"{name[0]} comme {name}" for name in NAMES}
    return ", ".join(said.get(character, character) for character in reference if character != "-")


def _shown(kind: str, characters: str) -> str:
    return f"{kind}-{characters[:4]}-{characters[4:]}"


def _check(kind: str, payload: str) -> str:
    """The character that makes the sum of value × (position + 1), kind last, a multiple of 19."""
    values = [*map(ALPHABET.index, payload), 0, ord(kind) - ord("A")]
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    return ALPHABET[-total * pow(PAYLOAD + 1, -1, len(ALPHABET)) % len(ALPHABET)]
