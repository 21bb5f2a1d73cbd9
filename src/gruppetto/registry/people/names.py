"""A whole name as somebody says or writes it, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gruppetto.kernel.search.text import normalise
from gruppetto.registry.people.models import Person

TITLES = {
    "mme": Person.Title.MRS,
    "madame": Person.Title.MRS,
    "mlle": Person.Title.MRS,
    "mademoiselle": Person.Title.MRS,
    "m": Person.Title.MR,
    "mr": Person.Title.MR,
    "monsieur": Person.Title.MR,
}
PARTICLES = {"de", "du", "des", "d", "le", "la", "les", "da", "dos", "el", "ben", "van", "von"}


@dataclass(frozen=True, slots=True)
class NameRead:
    """Parts of a name as written; ``link``: what was in brackets, "Martine Roux (fille)"."""

    title: str
    given_names: str
    family_name: str
    link: str


def read_name(typed: str) -> NameRead:
    """Take a whole name apart: words in capitals are the family name, else the last word with its particles.

    ``"Mme ROUX Martine"`` and ``"Martine Roux"`` give Roux, Martine. A single word is the family name.
    """
    link = " ".join(re.findall(r"\(([^)]*)\)", typed)).strip()
    words = re.sub(r"\([^)]*\)", " ", typed).split()
    title = (
        TITLES.get(normalise(words[0]).rstrip("."), Person.Title.NONE)
        if len(words) > 1
        else Person.Title.NONE
    )
    if title != Person.Title.NONE:
        words = words[1:]
    capitals = [word.isupper() and len(word) > 1 for word in words]
    if any(capitals) and not all(capitals):
        given = [word for word, capital in zip(words, capitals, strict=True) if not capital]
        family = [word for word, capital in zip(words, capitals, strict=True) if capital]
    else:
        cut = len(words) - 1
        while cut > 1 and normalise(words[cut - 1]).strip("'") in PARTICLES:
            cut -= 1
        given, family = words[:cut], words[cut:]
    return NameRead(str(title), " ".join(given), " ".join(family), link)
