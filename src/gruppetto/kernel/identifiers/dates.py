"""Dates as people type them, and dates and times as French people read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.text import normalise

LONGEST = 60
"""Characters of a date written in full, with room to spare."""

OLDEST = 120
"""Years: nobody alive is older (the record, 122, is a single person)."""

# French by nature: they are read and written in this language whatever the language of the page.
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_SEPARATED = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[ ./-](\d{1,2})[ ./-](\d{1,2})")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_WORDS = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}) )?(\d{{1,2}})(?:er)? ?([a-z]{{3,}})\.? ?(\d{{4}}|\d{{2}})")


@dataclass(frozen=True, slots=True)
class _Read:
    day: int
    month: int
    year: str  # two or four digits

    def years(self, today: date) -> list[int]:
        """The years this may be, nearest first."""
        if len(self.year) == 4:
            return [int(self.year)]
        century = today.year - today.year % 100
        return sorted(
            (century + shift + int(self.year) for shift in (-100, 0, 100)), key=lambda y: abs(y - today.year)
        )

    def on(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def parse_birth_date(text: str, today: date, *, field: str | None = None) -> date:
    """A date of birth: never in the future, at most ``OLDEST`` years ago.

    A year of two digits must leave one possibility: ``3/5/48`` is 1948; ``3/5/20``, a child of 2020 or a person born
    in 1920, is never guessed but refused with both years (date-ambiguous). Raises ``Refused`` as ``parse_date``.
    """
    read = _read(text, field)
    oldest = date(today.year - OLDEST, today.month, min(today.day, 28))
    known = _existing(read, today, field)
    possible = sorted(day for day in known if oldest <= day <= today)
    if len(possible) > 1:
        raise Refused(
            gettext("Écrivez l’année en quatre chiffres : %(first)s ou %(second)s ?")
            % {"first": possible[0].year, "second": possible[1].year},
            code="date-ambiguous",
            field=field,
        )
    return _within(possible or known, oldest, today, field)


def parse_date(
    text: str,
    today: date,
    *,
    earliest: date | None = None,
    latest: date | None = None,
    field: str | None = None,
) -> date:
    """A date typed as ``3/5/48``, ``03 05 1948``, ``3 mai 1948``, ``1er août 2026``, ``1948-05-03`` or ``030548``.

    The day comes before the month. A year of two digits is the nearest to ``today`` within the bounds (both
    included). Raises ``Refused``: date-empty, date-unreadable, date-impossible (31 June), date-too-early,
    date-too-late.
    """
    known = _existing(_read(text, field), today, field)
    inside = [day for day in known if (earliest or day) <= day <= (latest or day)]
    return _within(inside or known, earliest, latest, field)


def month_number(text: str) -> int | None:
    """1 to 12 from ``5``, ``05``, ``mai``, ``Févr.`` or ``aout``; None when it is no month."""
    word = normalise(text).rstrip(".").strip()
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= 12 else None
    found = [
        number
        for number, month in enumerate(MONTHS, start=1)
        if len(word) >= 3 and normalise(month).startswith(word)
    ]
    return found[0] if len(found) == 1 else None


def day_text(day: date, *, year: bool = False, weekday: bool = True) -> str:
    """``mardi 3 mai``; ``mardi 3 mai 2022`` with the year; ``3 mai`` without the day of the week."""
    words = [WEEKDAYS[day.weekday()]] if weekday else []
    words += ["1er" if day.day == 1 else str(day.day), MONTHS[day.month - 1]]
    return " ".join([*words, str(day.year)] if year else words)


def time_text(at: datetime, zone: ZoneInfo = PARIS) -> str:
    """``14 h 30``, ``9 h`` on the hour, ``9 h 05``."""
    local = at.astimezone(zone)
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"


def moment_text(at: datetime, *, year: bool = False, zone: ZoneInfo = PARIS) -> str:
    """``mardi 3 mai à 14 h 30``, local time of an aware moment."""
    return gettext("%(day)s à %(time)s") % {
        "day": day_text(at.astimezone(zone).date(), year=year),
        "time": time_text(at, zone),
    }


def relative_text(at: datetime, now: datetime, zone: ZoneInfo = PARIS) -> str:
    """How far ``at`` is from ``now`` in words: ``il y a 5 minutes``, ``demain à 9 h``, ``il y a 12 jours``.

    Days are those of the wall calendar; beyond 30 days, the date with its year.
    """
    seconds = (at - now).total_seconds()
    minutes, past = round(abs(seconds) / 60), seconds < 0
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if minutes < 1:
        return gettext("à l’instant")
    if minutes < 60:
        ago = ngettext("il y a %d minute", "il y a %d minutes", minutes)
        return (ago if past else ngettext("dans %d minute", "dans %d minutes", minutes)) % minutes
    if days == 0:
        hours = minutes // 60
        ago = ngettext("il y a %d heure", "il y a %d heures", hours)
        return (ago if past else ngettext("dans %d heure", "dans %d heures", hours)) % hours
    if abs(days) == 1:
        sentence = gettext("hier à %(time)s") if past else gettext("demain à %(time)s")
        return sentence % {"time": time_text(at, zone)}
    if abs(days) <= 30:
        return (gettext("il y a %d jours") if past else gettext("dans %d jours")) % abs(days)
    return gettext("le %(day)s") % {"day": day_text(at.astimezone(zone).date(), year=True, weekday=False)}


def _read(text: str, field: str | None) -> _Read:
    words = re.sub(r"\s+", " ", normalise(text)).strip() if len(text) <= LONGEST else "?"
    if not words:
        raise Refused(_("Donnez une date."), code="date-empty", field=field)
    if iso := _ISO.fullmatch(words):
        return _Read(int(iso[3]), int(iso[2]), iso[1])
    if found := _SEPARATED.fullmatch(words) or _COMPACT.fullmatch(words):
        return _Read(int(found[1]), int(found[2]), found[3])
    if (found := _WORDS.fullmatch(words)) and (month := month_number(found[2])):
        return _Read(int(found[1]), month, found[3])
    raise Refused(
        _("Écrivez la date comme « 3/5/1948 » ou « 3 mai 1948 »."), code="date-unreadable", field=field
    )


def _existing(read: _Read, today: date, field: str | None) -> list[date]:
    """The days this may be, nearest to today first; refused when the calendar has none."""
    known = [day for year in read.years(today) if year and (day := read.on(year))]
    if not known:
        raise Refused(
            _("Cette date n’existe pas : vérifiez le jour et le mois."), code="date-impossible", field=field
        )
    return known


def _within(days: list[date], earliest: date | None, latest: date | None, field: str | None) -> date:
    day = days[0]
    if earliest and day < earliest:
        message = gettext("Cette date est trop ancienne : au plus tôt le %(day)s.")
        raise Refused(message % {"day": day_text(earliest, year=True)}, code="date-too-early", field=field)
    if latest and day > latest:
        message = gettext("Cette date est trop tardive : au plus tard le %(day)s.")
        raise Refused(message % {"day": day_text(latest, year=True)}, code="date-too-late", field=field)
    return day
