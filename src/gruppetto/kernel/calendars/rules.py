"""When a service is open: a week, the public holidays, and the days that differ.

Rules are plain frozen values: an intervention stores the ones its promise was made under
(``to_json``), so that a change of hours never moves a promise already given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays as public
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused

DAY = 24 * 60
WEEK = 7
YEARS = range(1900, 2201)
"""Years in which public holidays are known well enough to promise anything."""

LOCAL_DAYS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "FR": (),
    "FR-alsace-moselle": (),
    "FR-guadeloupe": ((5, 27),),
    "FR-martinique": ((5, 22),),
    "FR-guyane": ((6, 10),),
    "FR-reunion": ((12, 20),),
    "FR-mayotte": ((4, 27),),
    "FR-saint-barthelemy": ((10, 9),),
    "FR-saint-martin": ((5, 28),),
    "FR-saint-pierre-et-miquelon": (),
}
"""Calendar name → (month, day) of what is off there beside the eleven days of the whole country (L3133-1).

Source: Code du travail, L3422-2, for the end of slavery overseas; 28 May at Saint-Martin by the circular of 4 May 2018,
where the article still holds a slip. Alsace-Moselle (L3134-13) is a subdivision of the ``holidays`` package, whose
lists for overseas also hold days off by usage (Mi-Carême, 21 July): those are set as days unlike the others.
"""

SUBDIVISIONS = {"FR-alsace-moselle": "57"}

CALENDARS = frozenset(LOCAL_DAYS)

ZONES = frozenset(
    {
        "Europe/Paris",
        "America/Guadeloupe",
        "America/Martinique",
        "America/Cayenne",
        "America/Miquelon",
        "America/Marigot",
        "America/St_Barthelemy",
        "Indian/Reunion",
        "Indian/Mayotte",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of a local day in minutes after 0:00 (0 to 1440), ``opens`` included, ``closes`` excluded."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY:
            raise Refused(
                _("Une plage d’ouverture commence avant de finir, entre 0:00 et 24:00."), code="period-order"
            )

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))

    @classmethod
    def read(cls, text: str) -> Period:
        """A period from ``"08:30-12:30"``; 24:00 ends a day. ``Refused``: period-unreadable, period-order."""
        found = re.fullmatch(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", text.strip(), re.ASCII)
        if not found:
            raise Refused(_("Écrivez une plage d’ouverture comme « 08:30-12:30 »."), code="period-unreadable")
        opens, opens_minute, closes, closes_minute = map(int, found.groups())
        return cls(opens * 60 + opens_minute, closes * 60 + closes_minute)


Periods = tuple[Period, ...]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """Opening hours of one service.

    ``week``: seven tuples of periods, Monday first, in local time. ``holidays``: a name of ``CALENDARS``, closed
    on its days, or None. ``added_holidays``: other closed days (a holiday added later by law, a bridge).
    ``exceptions``: (day, periods) pairs that win over everything; no period means closed. ``zone``: a French
    time zone. Raises ``Refused`` when the rules contradict themselves; that they open at all is checked when
    time is counted.
    """

    week: tuple[Periods, ...]
    holidays: str | None = "FR"
    added_holidays: tuple[date, ...] = ()
    exceptions: tuple[tuple[date, Periods], ...] = ()
    zone: str = "Europe/Paris"

    def __post_init__(self) -> None:
        if len(self.week) != WEEK:
            raise Refused(_("Donnez les horaires des sept jours de la semaine."), code="week-incomplete")
        if self.holidays is not None and self.holidays not in CALENDARS:
            raise Refused(_("Ce calendrier de jours fériés n’existe pas."), code="calendar-unknown")
        if self.zone not in ZONES:
            raise Refused(
                _("Ce fuseau horaire n’est pas celui d’un territoire français."), code="zone-unknown"
            )
        days = [day for day, _periods in self.exceptions]
        if len(set(days)) != len(days):
            raise Refused(_("Un même jour a deux horaires exceptionnels."), code="exception-twice")
        for periods in (*self.week, *(periods for _day, periods in self.exceptions)):
            if any(late.opens < early.closes for early, late in pairwise(periods)):
                raise Refused(
                    _("Deux plages d’ouverture d’un même jour se chevauchent."), code="periods-overlap"
                )

    @classmethod
    def of(
        cls,
        week: Iterable[str],
        *,
        holidays: str | None = "FR",
        added_holidays: Iterable[date] = (),
        exceptions: Mapping[date, str] | None = None,
        zone: str = "Europe/Paris",
    ) -> OpeningRules:
        """Rules from text: a day is periods with spaces between, ``"08:30-12:30 13:30-18:00"``, or ``""``."""
        return cls(
            week=tuple(periods_of(text) for text in week),
            holidays=holidays,
            added_holidays=tuple(sorted(set(added_holidays))),
            exceptions=tuple(sorted((day, periods_of(text)) for day, text in (exceptions or {}).items())),
            zone=zone,
        )

    def periods(self, day: date) -> Periods:
        """The opening periods of a local day, in order; empty when closed."""
        for exception, periods in self.exceptions:
            if exception == day:
                return periods
        if day in self.added_holidays or self.is_public_holiday(day):
            return ()
        return self.week[day.weekday()]

    def is_public_holiday(self, day: date) -> bool:
        """Is this day in the rules' calendar of public holidays?"""
        return self.holidays is not None and day in _public_holidays(self.holidays, day.year)

    def is_open_day(self, day: date) -> bool:
        """A business day is a day with at least one opening period."""
        return bool(self.periods(day))

    def spans(self, day: date) -> tuple[Span, ...]:
        """The moments (UTC, end excluded) when the service is open on a local day.

        Open means that the clock on the wall shows an opening time: on the spring night the hour that does
        not exist counts for nothing, on the autumn night the hour shown twice counts twice.
        """
        return _spans(self.periods(day), day, self.zone)

    def local_day(self, at: datetime) -> date:
        """The date on the wall calendar at that (aware) moment."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def to_json(self) -> dict[str, object]:
        """A value that the ``json`` module can write, and ``from_json`` can read back equal."""
        return {
            "week": [_text(periods) for periods in self.week],
            "holidays": self.holidays,
            "added_holidays": [day.isoformat() for day in self.added_holidays],
            "exceptions": {day.isoformat(): _text(periods) for day, periods in self.exceptions},
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> OpeningRules:
        """What ``to_json`` wrote. Raises ``Refused`` (rules-unreadable, or the rule that is broken)."""
        try:
            week, added, exceptions = stored["week"], stored["added_holidays"], stored["exceptions"]
            name, zone = stored["holidays"], stored["zone"]
            if not (isinstance(week, list) and isinstance(added, list) and isinstance(exceptions, Mapping)):
                raise TypeError("week and added_holidays are lists, exceptions a mapping")
            return cls.of(
                week,
                holidays=None if name is None else str(name),
                added_holidays=[date.fromisoformat(day) for day in added],
                exceptions={date.fromisoformat(day): text for day, text in exceptions.items()},
                zone=str(zone),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused(_("Ces horaires enregistrés sont illisibles."), code="rules-unreadable") from error


def periods_of(text: str) -> Periods:
    """The periods of a day written ``"08:30-12:30 13:30-18:00"``; none for an empty text.

    Raises ``Refused`` (period-unreadable, period-order).
    """
    return tuple(sorted(Period.read(part) for part in text.split()))


def _text(periods: Periods) -> str:
    return " ".join(map(str, periods))


@lru_cache(maxsize=512)
def _public_holidays(calendar: str, year: int) -> frozenset[date]:
    if year not in YEARS:
        raise Refused(_("Cette date est trop éloignée pour compter les jours ouvrés."), code="date-too-far")
    known = public.country_holidays("FR", subdiv=SUBDIVISIONS.get(calendar), years=year)
    return frozenset({*known, *(date(year, month, day) for month, day in LOCAL_DAYS[calendar])})


@lru_cache(maxsize=4096)
def _spans(periods: Periods, day: date, zone: str) -> tuple[Span, ...]:
    """Moments of the day whose wall-clock time is in a period; see ``OpeningRules.spans``."""
    local = ZoneInfo(zone)
    start, end = (datetime.combine(day + timedelta(extra), time(), local).astimezone(UTC) for extra in (0, 1))
    midnight = datetime.combine(day, time(), UTC)
    spans: list[Span] = []
    for begin, finish, offset in _offsets(start, end, local):
        for period in periods:
            opens = max(begin, midnight + timedelta(minutes=period.opens) - offset)
            closes = min(finish, midnight + timedelta(minutes=period.closes) - offset)
            if opens < closes:
                spans.append((opens, closes))
    return tuple(spans)


def _offsets(start: datetime, end: datetime, local: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    """Stretches of [start, end) with one offset to UTC each: one, or two on a night when clocks change."""

    def offset(at: datetime) -> timedelta:
        return at.astimezone(local).utcoffset() or timedelta()

    if offset(start) == offset(end - timedelta(minutes=1)):
        return [(start, end, offset(start))]
    before, after = start, end - timedelta(minutes=1)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // timedelta(minutes=2) * timedelta(minutes=1)
        before, after = (middle, after) if offset(middle) == offset(start) else (before, middle)
    return [(start, after, offset(start)), (after, end, offset(after))]


PLATFORM_HOURS = OpeningRules.of([*["08:30-12:30 13:30-18:00"] * 5, "09:00-12:00", ""])
"""Hours of the phone platform to start with: Monday to Friday, and Saturday morning."""
