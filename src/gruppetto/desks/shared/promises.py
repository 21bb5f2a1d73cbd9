"""What was promised, in words: delays, and the opening time left before a promise falls due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.shared import wording
from gruppetto.kernel.calendars import Amount, Unit
from gruppetto.kernel.calendars.arithmetic import open_time_between
from gruppetto.kernel.calendars.rules import Period
from gruppetto.service.interventions.clocks import STOPPED, Promise
from gruppetto.service.interventions.models import ACTIVE, Intervention

HOUR = 60
# Beyond two working days of the platform, days say more than hours.
A_DAY = 8.5 * HOUR


@dataclass(frozen=True)
class Said:
    """A promise as a page says it. ``first``: the date promised before another was announced."""

    words: str
    left: str
    late: bool
    stopped: bool
    due_at: datetime
    first: datetime | None = None


def amount(promised: Amount) -> str:
    """``3 jours ouvrés``, ``2 heures d’ouverture``, ``20 minutes``."""
    count = promised.count
    if promised.unit is Unit.DAYS:
        said = ngettext("%(count)s jour ouvré", "%(count)s jours ouvrés", count) % {"count": count}
    elif count % HOUR:
        said = ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    else:
        count //= HOUR
        said = ngettext("%(count)s heure d’ouverture", "%(count)s heures d’ouverture", count) % {
            "count": count
        }
    return wording.held(said)


def within(promised: Amount) -> str:
    """``sous 3 jours ouvrés``."""
    return _("sous %(delay)s") % {"delay": amount(promised)}


def promise(of: Intervention, at: datetime, announced: datetime | None = None) -> Said | None:
    """``Réponse promise avant mardi 3 mai à 14 h 30``, and how much opening time is left; None once it is answered.

    ``announced``: the date the person was told in place of the first; it holds when it is the later.
    """
    if of.state not in ACTIVE:
        return None
    holds = max(of.due_at, announced or of.due_at)
    before = of.due_at if of.reopened else of.first_due_at
    first = before if announced and before < holds else None
    moment = wording.exact(holds, at=at)
    if of.state in STOPPED:
        words = _("Délai suspendu. Dernière date promise : %(moment)s") % {"moment": moment}
        return Said(words, "", late=False, stopped=True, due_at=holds, first=first)
    clock = Promise.from_json(of.clock)
    left = clock.left(at) if holds == of.due_at else open_time_between(at, holds, clock.rules)
    words = _("Réponse promise avant %(moment)s") % {"moment": moment}
    late = holds < at
    said = _("%(time)s de retard") if late else _("il reste %(time)s")
    return Said(words, said % {"time": open_time(abs(left))}, late, stopped=False, due_at=holds, first=first)


def left(of: Intervention, at: datetime) -> str:
    """``il reste 3 h ouvrées``, ``25 minutes ouvrées de retard``; empty when stopped or answered."""
    said = promise(of, at)
    return said.left if said else ""


def open_time(length: timedelta) -> str:
    """``3 h ouvrées``, ``1 h 20 ouvrée``, ``25 minutes ouvrées``: opening time, nights and holidays left out."""
    minutes = int(length.total_seconds() // 60)
    if minutes < HOUR:
        said = ngettext("%(count)s minute ouvrée", "%(count)s minutes ouvrées", minutes)
        return wording.held(said % {"count": minutes})
    if minutes < 2 * A_DAY:
        hours, rest = divmod(minutes, HOUR)
        shown = f"{hours} h {rest:02}" if rest else f"{hours} h"
        return wording.held(ngettext("%(time)s ouvrée", "%(time)s ouvrées", hours) % {"time": shown})
    days = round(minutes / A_DAY)
    return wording.held(_("environ %(count)s jours ouvrés") % {"count": days})


def opening(periods: Iterable[Period]) -> str:
    """Opening hours of a day as people type and read them: ``8 h 30 – 12 h 30, 13 h 30 – 18 h``; empty when closed."""
    return ", ".join(f"{_hour(one.opens)} – {_hour(one.closes)}" for one in periods)


def _hour(minute: int) -> str:
    hour = minute // HOUR % 24  # the end of a day reads « 0 h »
    return f"{hour} h {minute % HOUR:02}" if minute % HOUR else f"{hour} h"
