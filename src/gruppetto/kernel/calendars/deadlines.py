"""A clock that runs on business time and can be stopped while somebody else is awaited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.calendars import arithmetic
from gruppetto.kernel.calendars.arithmetic import Amount
from gruppetto.kernel.calendars.rules import OpeningRules
from gruppetto.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock, ``until`` None while it lasts."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise under way: when it began (aware), what was promised, and its pauses in order.

    Values never change: ``pause`` and ``resume`` give a new clock.
    """

    started: datetime
    target: Amount
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        moments = [self.started, *(at for pause in self.pauses for at in (pause.since, pause.until))]
        if None in moments[:-1] or any(late < early for early, late in pairwise(filter(None, moments))):
            raise Refused(
                _("Les arrêts de ce délai ne se suivent pas dans le temps."), code="pauses-disordered"
            )

    @property
    def is_paused(self) -> bool:
        """Is the clock stopped now?"""
        return bool(self.pauses) and self.pauses[-1].until is None

    def pause(self, at: datetime) -> Clock:
        """The clock stopped from ``at``. Raises ``Refused`` (clock-paused, pauses-disordered)."""
        if self.is_paused:
            raise Refused(_("Ce délai est déjà suspendu."), code="clock-paused")
        return replace(self, pauses=(*self.pauses, Pause(at)))

    def resume(self, at: datetime) -> Clock:
        """The clock running again from ``at``. Raises ``Refused`` (clock-running, pauses-disordered)."""
        if not self.is_paused:
            raise Refused(_("Ce délai n’est pas suspendu."), code="clock-running")
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], until=at)))

    def to_json(self) -> dict[str, object]:
        """What the ``json`` module can write and ``from_json`` read back equal (moments in UTC)."""
        return {
            "started": _iso(self.started),
            "target": str(self.target),
            "pauses": [[_iso(pause.since), pause.until and _iso(pause.until)] for pause in self.pauses],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Clock:
        """What ``to_json`` wrote. Raises ``Refused`` (clock-unreadable, or the rule that is broken)."""
        try:
            pauses = stored["pauses"]
            if not isinstance(pauses, list):
                raise TypeError("pauses is a list")
            return cls(
                started=_moment(stored["started"]),
                target=Amount.read(str(stored["target"])),
                pauses=tuple(Pause(_moment(since), until and _moment(until)) for since, until in pauses),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(_("Ce délai enregistré est illisible."), code="clock-unreadable") from error


def due(clock: Clock, rules: OpeningRules) -> datetime | None:
    """When the promise falls due (UTC), None while the clock is stopped before it was due.

    The promise is first turned into opening time (for days: up to the end of the last one); the time spent in
    pauses is then given back minute for minute: a pause of one open hour moves the deadline by one open hour,
    a pause outside opening hours moves nothing, one that begins once the promise is due changes nothing.
    Without a pause this is exactly ``arithmetic.add``. Raises ``Refused`` (never-open, due-too-far).
    """
    at = arithmetic.add(clock.started, clock.target, rules)
    left = arithmetic.open_time_between(clock.started, at, rules)
    begin = clock.started
    for pause in clock.pauses:
        ran = arithmetic.open_time_between(begin, pause.since, rules)
        if ran >= left:
            break
        if pause.until is None:
            return None
        left -= ran
        begin = pause.until
    return arithmetic.add_open_time(begin, left, rules)


def elapsed_minutes(clock: Clock, rules: OpeningRules, at: datetime) -> int:
    """Whole business minutes the clock has run until ``at``, pauses left out."""
    ran = arithmetic.open_time_between(clock.started, max(at, clock.started), rules)
    for pause in clock.pauses:
        if pause.since < at:
            ran -= arithmetic.open_time_between(pause.since, min(pause.until or at, at), rules)
    return int(ran / timedelta(minutes=1))


def is_late(clock: Clock, rules: OpeningRules, at: datetime) -> bool:
    """Has the promise been broken at ``at``? A stopped clock is not late."""
    deadline = due(clock, rules)
    return deadline is not None and at > deadline


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _moment(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at
