"""Text without accents or case, the same in Python and in PostgreSQL."""

from __future__ import annotations

import re
import unicodedata

# Letters that are no accented form of a plain one, and typographic signs; as in PostgreSQL's unaccent.rules, which
# follow Latin-ASCII.xml of the Unicode CLDR.
_FOLDED = str.maketrans(
    {
        "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss", "ẞ": "SS", "Ø": "O", "ø": "o", "Ð": "D", "ð": "d",
        "Þ": "TH", "þ": "th", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "q", "Ł": "L", "ł": "l",
        "Ĳ": "IJ", "ĳ": "ij", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "Ŀ": "L", "ŀ": "l", "ŉ": "'n",
        "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "′": "'", "‚": ",", "“": '"', "”": '"', "„": ",,", "«": "<<",
        "»": ">>", "‹": "<", "›": ">", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "\u00ad": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    }
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")


def normalise(text: str) -> str:
    """``lower(unaccent(text))``: ``"Élève Œuvre"`` → ``"eleve oeuvre"``.

    Equal to PostgreSQL's for the letters of European Latin languages and typographic quotes and dashes, whatever
    their Unicode form; no-break spaces become plain ones, which SQL leaves as they are.
    """
    folded = text.translate(_FOLDED)
    return _MARKS.sub("", unicodedata.normalize("NFD", folded)).translate(_FOLDED).lower()


def sort_key(text: str) -> str:
    """How a name is filed: normalised, with runs of spaces, dashes, apostrophes, dots and commas as one space.

    The same as the column that ``sql.sort_key_trigger`` keeps.
    """
    return re.sub(r"[\s'.,_/-]+", " ", normalise(text)).strip()
