"""The periods that figures are counted over: weeks, months and quarters of the French calendar (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers.dates import day_text

Length = Literal["week", "month", "quarter"]
LENGTHS: dict[str, object] = {
    "week": gettext_lazy("semaine"),
    "month": gettext_lazy("mois"),
    "quarter": gettext_lazy("trimestre"),
}
MONTHS = (
    gettext_lazy("janvier"),
    gettext_lazy("février"),
    gettext_lazy("mars"),
    gettext_lazy("avril"),
    gettext_lazy("mai"),
    gettext_lazy("juin"),
    gettext_lazy("juillet"),
    gettext_lazy("août"),
    gettext_lazy("septembre"),
    gettext_lazy("octobre"),
    gettext_lazy("novembre"),
    gettext_lazy("décembre"),
)


@dataclass(frozen=True, order=True)
class Period:
    """A week, month or quarter by its first day."""

    length: Length
    first: date

    @classmethod
    def holding(cls, length: Length, day: date) -> Period:
        """The period of that length that ``day`` is in."""
        if length == "week":
            return cls(length, day - timedelta(days=day.weekday()))
        month = day.month if length == "month" else 3 * ((day.month - 1) // 3) + 1
        return cls(length, date(day.year, month, 1))

    @classmethod
    def read(cls, length: str, first: str, today: date) -> Period:
        """What an address says (``mois``… are codes of ``LENGTHS``); the period of today when it says nothing.

        Raises ``Unknown`` (period-unknown), also for one that has not begun.
        """
        unknown = Unknown(_("Cette période n’existe pas."), code="period-unknown")
        if length not in LENGTHS:
            raise unknown
        try:
            day = date.fromisoformat(first) if first else today
            found = cls.holding(length, day)  # type: ignore[arg-type]  # one of them, checked
            _known = found.previous
        except (ValueError, OverflowError) as error:
            raise unknown from error
        if found.first > today:
            raise unknown
        return found

    @property
    def next(self) -> Period:
        """The one after."""
        far = {"week": 7, "month": 31, "quarter": 92}[self.length]
        return Period.holding(self.length, self.first + timedelta(days=far))

    @property
    def previous(self) -> Period:
        """The one before, to compare with."""
        return Period.holding(self.length, self.first - timedelta(days=1))

    @property
    def since(self) -> datetime:
        """Its first moment (UTC)."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after it (UTC)."""
        return _midnight(self.next.first)

    def __str__(self) -> str:
        if self.length == "week":
            return _("semaine du %(day)s") % {"day": day_text(self.first, year=True, weekday=False)}
        if self.length == "month":
            return f"{MONTHS[self.first.month - 1]} {self.first.year}"
        number = (self.first.month - 1) // 3
        rank = (_("1er trimestre"), _("2e trimestre"), _("3e trimestre"), _("4e trimestre"))[number]
        return f"{rank} {self.first.year}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), PARIS).astimezone(UTC)
