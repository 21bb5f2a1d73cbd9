"""What was typed in the search box, taken apart: words, a birth date or part of one, a number, a reference."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates, phones, references
from gruppetto.kernel.search.text import normalise, sort_key

T = TypeVar("T")
Span = tuple[date, date]

LONGEST = 200
"""Characters: a sentence; more is a page pasted by mistake."""
MOST_WORDS = 8
SHORTEST = 2
OLDEST = 120

_MONTHS = "|".join(sorted({sort_key(month) for month in dates.MONTHS}, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"
# In the folded text, accents and capitals gone; what is understood is taken out, in the order of ``read``.
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}")
_REFERENCE = re.compile(r"(?<!\w)[a-z][ .-]?\w{4}[ .-]?\w{4}(?!\w)")
_DAY = re.compile(
    rf"(?<![\d/.-])(?<!\d )(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})"
    rf"|\d{{1,2}} \d{{1,2}} {_YEAR}|[0-3]\d[01]\d{_YEAR}"
    rf"|\d{{1,2}}(?:er)? (?:{_MONTHS}) (?:\d{{4}}|\d{{2}}))(?! ?[\d/.-])"
)
_MONTH = re.compile(rf"(?<![\d/.-])(\d{{1,2}}[/.-]|(?:{_MONTHS}) )({_YEAR})(?![\d/.-])")
_NUMBER = re.compile(
    r"(?<![\w+])(?:0[1-9](?:[ .()-]{0,2}\d){8}|(?:\+|00)[1-9](?:[ .()-]{0,2}\d){6,16})(?!\d)"
)
_BEGINNING = re.compile(r"(?<![\w+])(?:0|\+33 ?)[1-9](?:[ .-]?\d){3,8}(?!\d)")
# Said before a name, never part of it.
_TITLES = frozenset({"mme", "madame", "mlle", "mademoiselle", "m", "mr", "monsieur"})


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. ``words``: folded; ``births``: (first, last) days, any of them; ``ends``: of a number.

    ``number``: E.164; ``begins``: the beginning of one; ``end_or_birth``: ``ends`` may as well be the year in
    ``births``; ``unfinished``: the last word is still being typed.
    """

    words: tuple[str, ...] = ()
    births: tuple[Span, ...] = ()
    number: str = ""
    begins: str = ""
    ends: str = ""
    end_or_birth: bool = False
    email: str = ""
    reference: str = ""
    unfinished: bool = False

    @property
    def only_words(self) -> bool:
        """Is there nothing but words: no number, no date, no address?"""
        return bool(self.words) and not (self.births or self.number or self.begins or self.ends or self.email)


def read(typed: str, today: date, *, unfinished: bool = False) -> Query:
    """Take ``typed`` apart, in whatever order: ``"revel dupont 12/1941"``, ``"06.12.34.56.78"``, ``"i7k3f92qx"``.

    ``unfinished``: the last word may go on, unless a space follows it.
    Raises ``Refused``: search-too-long, search-too-short, search-empty (nothing to search for in it).
    """
    if len(typed) > LONGEST:
        raise Refused(
            _("C’est trop long pour une recherche : %(most)d signes au plus.") % {"most": LONGEST},
            code="search-too-long",
            field="q",
        )
    text = " ".join(normalise(typed).split())
    if text and len(text) < SHORTEST:
        raise Refused(_("Tapez au moins deux signes."), code="search-too-short", field="q")
    emails, text = _taken(text, _EMAIL, lambda said: said)
    referred, text = _taken(text, _REFERENCE, _reference)
    days, text = _taken(text, _DAY, lambda said: _days(said, today))
    months, text = _taken(text, _MONTH, _month)
    numbers, text = _taken(text, _NUMBER, _number)
    begins, text = _taken(text, _BEGINNING, _beginning)
    births = [span for spans in (*days, *months) for span in spans]
    words = re.findall(r"[a-z0-9]+", sort_key(text))
    # Four digits: a year of birth, else the end of a number; alone they may be both.
    digits = next((word for word in words if re.fullmatch(r"\d{4}", word)), "")
    year = int(digits) if digits and today.year - OLDEST <= int(digits) <= today.year else 0
    both = bool(year) and not births and words == [digits] and not numbers
    if year and not births:
        births = [(date(year, 1, 1), date(year, 12, 31))]
        words.remove(digits)
    elif digits and not year:
        words.remove(digits)
    named = [word for word in words if word not in _TITLES] or words
    query = Query(
        words=tuple(named[:MOST_WORDS]),
        births=tuple(births[:4]),
        number=next(iter(numbers), ""),
        begins=next(iter(begins), ""),
        ends=digits if both or not year else "",
        end_or_birth=both,
        email=next(iter(emails), ""),
        reference=next(iter(referred), ""),
        unfinished=unfinished and bool(named) and typed[-1:].isalnum(),
    )
    if query == Query():
        raise Refused(
            _("Tapez un nom, un numéro, une date de naissance, une référence ou un mot."),
            code="search-empty",
            field="q",
        )
    if query.only_words and not query.reference and all(len(word) < SHORTEST for word in query.words):
        raise Refused(
            _("C’est trop peu pour chercher : tapez un mot entier."), code="search-too-short", field="q"
        )
    return query


def _taken(text: str, pattern: re.Pattern[str], understand: Callable[[str], T | None]) -> tuple[list[T], str]:
    """What ``understand`` makes of each part of ``text`` that looks so, and the text without those parts."""
    understood: list[T] = []

    def keep(found: re.Match[str]) -> str:
        one = understand(found[0])
        if one is None:
            return found[0]
        understood.append(one)
        return " "

    return understood, pattern.sub(keep, text)


def _reference(said: str) -> str | None:
    try:
        return references.read_reference(said)
    except Refused:
        return None


def _days(said: str, today: date) -> list[Span] | None:
    """The day of birth, or both when a year of two digits may be of either century."""
    whole = re.search(r"\d{4}(?!\d)|^\d{4}", said) is not None
    texts = [said] if whole else [f"{said[:-2]}{century}{said[-2:]}" for century in ("19", "20")]
    found: list[Span] = []
    for text in texts:
        try:
            day = dates.parse_birth_date(text, today)
        except Refused:
            continue
        found.append((day, day))
    return found or None


def _month(said: str) -> list[Span] | None:
    month, year = dates.month_number(re.sub(r"[ /.-]*\d{4}$", "", said)), int(said[-4:])
    if month is None:
        return None
    return [(date(year, month, 1), date(year, month, monthrange(year, month)[1]))]


def _number(said: str) -> str | None:
    try:
        return phones.parse(said)
    except Refused:
        return None


def _beginning(said: str) -> str:
    digits = re.sub(r"\D", "", said)
    return "+33" + digits.removeprefix("33" if said.startswith("+") else "0")
