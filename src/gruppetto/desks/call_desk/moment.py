"""How it goes on the line, for who answers: the wait now, and when many will call (Q2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gruppetto.desks.shared import wording
from gruppetto.insight.indicators.busy import busy_hours, next_busy
from gruppetto.insight.indicators.line import waiting_now
from gruppetto.kernel.clock import PARIS, day_of, now
from gruppetto.kernel.identifiers.dates import day_text


@dataclass(frozen=True)
class Moment:
    """Two sentences; ``busy`` is empty when nothing was counted yet."""

    wait: str
    busy: str


def moment(rings: Iterable[datetime] | None = None) -> Moment:
    """The sentences of now, from what is counted each night. Three queries; two when ``rings`` is known."""
    at = now()
    return Moment(waiting_now(at, rings).sentence, _busy(at))


def _busy(at: datetime) -> str:
    found = next_busy(busy_hours(), at)
    if found is None:
        return ""
    day, hour = found
    starts = datetime.combine(day, hour.starts, PARIS)
    words = {
        "day": _day(starts, at),
        "starts": _clock(starts),
        "ends": _clock(starts + timedelta(minutes=30)),
    }
    if starts <= at:
        return _("Beaucoup d’appels d’habitude en ce moment, jusqu’à %(ends)s.") % words
    return _("Prochaine demi-heure chargée d’habitude : %(day)s, de %(starts)s à %(ends)s.") % words


def _day(starts: datetime, at: datetime) -> str:
    ahead = (day_of(starts) - day_of(at)).days
    return (_("aujourd’hui"), _("demain"))[ahead] if ahead < 2 else day_text(day_of(starts))


def _clock(at: datetime) -> str:
    return wording.held(f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h")
