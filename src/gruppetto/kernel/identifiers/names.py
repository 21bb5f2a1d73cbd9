"""Names of people and places compared as people say them, and answers to identity questions."""

from __future__ import annotations

import re
from enum import StrEnum

from rapidfuzz.distance import OSA

from gruppetto.kernel.identifiers.dates import MONTHS, month_number
from gruppetto.kernel.search.text import normalise

LETTERS_PER_SLIP = 6
LONGEST_SAID = 5
"""Words of a name as typed that are listened to."""
SILENT = frozenset(
    {"de", "du", "des", "d", "le", "la", "les", "l", "m", "mr", "mme", "mlle", "madame", "monsieur"}
)
"""Words that no name is asked for by: particles, titles."""
LONGEST_ANSWER = 200

ARTICLES = frozenset({"le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "a"})
WAYS = frozenset(
    {
        "rue", "avenue", "av", "ave", "boulevard", "bd", "bld", "boul", "place", "pl", "chemin", "ch",
        "che", "allee", "all", "allees", "impasse", "imp", "route", "rte", "quai", "cours", "square", "sq",
        "passage", "pass", "sentier", "ruelle", "villa", "residence", "res", "lotissement", "lot", "lieu",
        "dit", "faubourg", "fg", "bis", "ter",
    }
)  # fmt: skip


class Kind(StrEnum):
    """What an identity question asks for; each kind has its own idea of what does not matter."""

    WORD = "word"
    NAME = "name"
    STREET = "street"
    MONTH = "month"


def name_key(name: str) -> str:
    """A name as one run of plain letters: ``"Jean-François"`` → ``"jeanfrancois"``, ``"O’Brien"`` → ``"obrien"``.

    Accents, case, ligatures, apostrophes, hyphens and spaces do not count. A leading ``de`` or ``d'`` is dropped, as
    in French alphabetical order; ``du``, ``des``, ``le``, ``la`` belong to the name: ``"de La Tour"`` and
    ``"Latour"`` have the same key, ``"Du Pont"`` and ``"Dupont"`` too. A name that is only ``De`` keeps it.
    """
    words = _words(name)
    while len(words) > 1 and words[0] in {"de", "d"}:
        words = words[1:]
    return "".join(words)


# In this order; each line: what is heard alike → its code. Capitals are sounds, so that no later line takes them for
# letters: A = an, I = in, O = on, E = é/è, U = ou, C = ch, N = gn, W = oi.
_SOUNDS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"([a-z])\1+", r"\1"),  # Hennequin, Henequin
        (r"ph", "f"),  # Philippe, Filipe
        (r"bv", "v"),  # Lefebvre, Lefèvre
        (r"sch|sh|ch(?=[aeiouy]|$)", "C"),  # Richard, Rishard
        (r"ch|ck|qu|q", "k"),  # Christine, Kristine
        (r"h", ""),  # Mathieu, Matieu
        (r"ge(?=[ao])|g(?=[eiy])", "j"),  # Georges, Jorges
        (r"gu(?=[eiy])", "g"),
        (r"c(?=[eiy])", "s"),  # Marcel, Marsel
        (r"c", "k"),  # Carine, Karine
        (r"gn", "N"),
        (r"w", "v"),  # Walter, Valter
        (r"([ae][iy]|[iyu])[nm](?![aeiouy])", "I"),  # Alain, Alin; Brun, Brin
        (r"[ae][nm](?![aeiouy])", "A"),  # Laurent, Laurant
        (r"o[nm](?![aeiouy])", "O"),  # Simon, but not Simone
        (r"(?<=..)(er|ez|es|e)s?$|(?<=..)[dtpxsz]+$", ""),  # Fournier, Fourniez; Dupond, Dupont
        (r"eaux?|aux?", "o"),  # Moreau, Moro
        (r"oeu|eu|oe", "E"),  # Lefeuvre, Lefèvre
        (r"ou", "U"),
        (r"o[iy]", "W"),  # Leroy, Leroi
        (r"ai|ei|ay|ey|e", "E"),  # Maillard, Meillard
        (r"y", "i"),  # Yves, Ives
        (r"x", "ks"),  # Alexandre, Aleksandre
        (r"(?<=[aeiouAEIOUW])s(?=[aeiouAEIOUW])", "z"),  # Élisabeth, Élizabeth
        (r"([a-zA-Z])\1+", r"\1"),
    )
)


def phonetic_key(name: str) -> str:
    """How a French name sounds, to find it under another spelling: ``"Dupond"`` and ``"Dupont"`` share one.

    Our own: the ordered replacements of ``_SOUNDS`` on ``name_key``. It gathers candidates for a human eye or a
    graded score; two names with one key are not the same name.
    """
    key = name_key(name.replace("ç", "ss").replace("Ç", "ss"))
    for pattern, code in _SOUNDS:
        key = pattern.sub(code, key)
    return key


def sounds_of(*names: str) -> list[str]:
    """How the names of one person sound, whole and word by word, to find them as they are said.

    ``"Le Goff"`` gives the sounds of ``legoff`` and of ``goff``; particles alone and initials give none.
    """
    heard = set[str]()
    for name in names:
        words = _spoken(name)
        heard |= {phonetic_key(word) for word in words} | {phonetic_key(name)}
    return sorted(filter(None, heard))


def readings(said: str) -> list[str]:
    """Ways of hearing a name as typed, each one the sounds (parted by spaces) a person must have all of.

    ``"le goff yves"``: Goff and Yves; Legoff and Yves; Goffyves; all in one. At most ``LONGEST_SAID`` words count.
    """
    words = _words(said)[:LONGEST_SAID]
    if not _spoken(" ".join(words)):
        return []
    pairs = ([*words[:at], words[at] + words[at + 1], *words[at + 2 :]] for at in range(len(words) - 1))
    ways = (words, *pairs, ["".join(words)])
    heard = {
        " ".join(sorted({phonetic_key(word) for word in way if word not in SILENT} - {""})) for way in ways
    }
    return sorted(heard - {""})


def _spoken(name: str) -> list[str]:
    """The words of a name that somebody could be asked for by."""
    return [word for word in _words(name) if len(word) > 1 and word not in SILENT]


def slips(expected: str, typed: str) -> int:
    """How many letters were left out, added, changed or swapped between two texts (optimal string alignment)."""
    return OSA.distance(expected, typed)


def same_but_for_slips(expected: str, typed: str) -> bool:
    """Are they the same, with one slip forgiven for each six letters expected? Five letters: none."""
    return slips(expected, typed) <= len(expected) // LETTERS_PER_SLIP


def answers_match(expected: str, typed: str, kind: Kind = Kind.WORD) -> bool:
    """Does what the caller said answer the identity question?

    Accents, case, punctuation and articles do not count; one slip is forgiven per six letters; a month may be said
    by name or number; a street with or without its number and kind of way. An empty answer, or one too long to be
    one, never matches. Answers are short and compared whole, so the time taken tells nothing useful of ``expected``.
    """
    if len(typed) > LONGEST_ANSWER:
        return False
    if kind is Kind.MONTH:
        month = _month(expected)
        return month is not None and month == _month(typed)
    wanted, given = _answer(expected, kind), _answer(typed, kind)
    return bool(wanted and given) and same_but_for_slips(wanted, given)


def _answer(text: str, kind: Kind) -> str:
    """The letters that count in an answer; all of them when it is made of words that do not."""
    words = _words(text)
    ignored = ARTICLES | WAYS if kind is Kind.STREET else ARTICLES
    kept = [
        word for word in words if word not in ignored and not (kind is Kind.STREET and word[0].isdecimal())
    ]
    return "".join(kept or words)


def _month(text: str) -> int | None:
    """The month in ``mai``, ``le 3 mai``, ``05`` or ``5/2025``, a slip in its name forgiven; None unless just one."""
    words = _words(text)
    named = {
        number for word in words if word.isalpha() and (number := month_number(word) or _misspelt_month(word))
    }
    found = named or {number for word in words if (number := month_number(word))}
    return found.pop() if len(found) == 1 else None


def _misspelt_month(word: str) -> int | None:
    found = [number for number, month in enumerate(MONTHS, 1) if same_but_for_slips(normalise(month), word)]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> list[str]:
    """The plain words of a text; initials with dots make one: ``"E.D.F."`` → ``["edf"]``."""
    joined = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", normalise(text))
    return re.findall(r"[^\W_]+", joined)
