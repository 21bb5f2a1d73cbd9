"""How a French place name is compared: no accents, no punctuation, abbreviations written out."""

from __future__ import annotations

import re

from gruppetto.kernel.search.text import normalise

_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "s": "sur"}
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def name_key(text: str) -> str:
    """``text`` reduced to lower-case words of a-z and 0-9 separated by one space.

    "St-Lys" and "SAINT LYS" give the same key; "L'Haÿ-les-Roses" gives "l hay les roses".
    An abbreviation counts only as a whole word, and "s" (for "sur") never as the first one.
    """
    words = _NOT_A_WORD.sub(" ", normalise(text)).split()
    return " ".join(
        _ABBREVIATIONS.get(word, word) if position or word != "s" else word
        for position, word in enumerate(words)
    )
