"""Figures in words: what it is, on how many, how sure, and against the period before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.shared import wording
from gruppetto.insight.indicators.measures import FEWEST, Measure
from gruppetto.insight.indicators.reads import Told, same_within_chance
from gruppetto.kernel.amounts import NO_BREAK

# Hours; shorter times are told in hours.
DAYS_FROM = 48


@dataclass(frozen=True)
class Said:
    """A figure ready to show; ``value`` says « trop peu » when it is not told."""

    measure: Measure
    value: str
    base: str
    interval: str = ""
    provisional: str = ""
    compared: str = ""


def said(told: Told, before: Told | None = None) -> Said:
    """A figure in words, compared with the one before."""
    return Said(
        measure=told.measure,
        value=value_of(told),
        base=_base(told),
        interval=_interval(told),
        provisional=_provisional(told),
        compared=_compared(told, before) if before is not None else "",
    )


def value_of(told: Told) -> str:
    """« 62 % », « 2,4 jours », « 1,31 », or why there is no figure."""
    if told.value is None:
        return _("rien à compter") if not told.counted else _("trop peu")
    return written(told.measure, told.value)


def written(measure: Measure, value: float, beside: float = 0.0) -> str:
    """A value of ``measure`` with its unit, that of the value ``beside`` which it stands if there is one."""
    if measure.shape == "share":
        return f"{wording.number(100 * value)}{NO_BREAK}%"
    if measure.shape == "ratio":
        return wording.number(value, 2)
    if measure.shape == "median":
        if (beside or value) < DAYS_FROM:
            return f"{wording.number(value)}{NO_BREAK}h"
        return _("%(days)s jours") % {"days": wording.number(value / 24, 1)}
    return wording.number(value)


def charted(measure: Measure, value: float | None) -> float | None:
    """A value in the unit of its chart: percent, days, contacts."""
    if value is None:
        return None
    scale = {"share": 100.0, "median": 1 / 24}.get(measure.shape, 1.0)
    return round(value * scale, 2)


def unit(measure: Measure) -> str:
    """The unit of its chart."""
    return {"share": "%", "median": _("jours")}.get(measure.shape, "")


def _base(told: Told) -> str:
    if told.measure.shape == "count":
        return ""
    words = {"n": wording.number(told.counted), "of": told.measure.of}
    if told.enough:
        return _("sur %(n)s %(of)s") % words
    return _("sur %(n)s %(of)s : le chiffre se montre à partir de %(least)s") % {**words, "least": FEWEST}


def _interval(told: Told) -> str:
    if told.low is None or told.high is None:
        return ""
    low, high = (written(told.measure, one, told.value or 0.0) for one in (told.low, told.high))
    return _("entre %(low)s et %(high)s") % {"low": low, "high": high}


def _provisional(told: Told) -> str:
    if not told.provisional or told.value is None:
        return ""
    return ngettext(
        "Provisoire : %(n)s contact peut encore revenir.",
        "Provisoire : %(n)s contacts peuvent encore revenir.",
        told.pending,
    ) % {"n": wording.number(told.pending)}


def _compared(told: Told, before: Told) -> str:
    if told.value is None or before.value is None:
        return _("Pas de chiffre pour la période d’avant.") if told.value is not None else ""
    was = written(told.measure, before.value, told.value)
    if same_within_chance(told, before):
        return _("Avant : %(was)s. Le hasard peut expliquer l’écart.") % {"was": was}
    if round(told.value, 4) == round(before.value, 4):
        return _("Avant : %(was)s.") % {"was": was}
    words = (
        _("Avant : %(was)s. En hausse.") if told.value > before.value else _("Avant : %(was)s. En baisse.")
    )
    return words % {"was": was}
