"""The territory as a map of our own, with its table: people, lateness, delays, repeats, commune by commune."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.lists import address
from gruppetto.desks.supervision.drawing import Place, draw, ranges
from gruppetto.desks.supervision.teams import my_teams
from gruppetto.desks.supervision.telling import written
from gruppetto.desks.supervision.views.indicators import Asked
from gruppetto.insight.indicators.measures import FEWEST, LATE, MEASURES, PEOPLE, Group, Measure
from gruppetto.insight.indicators.periods import Period
from gruppetto.insight.indicators.reads import Told, by_group
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.geography.models import Commune

Tolds = dict[str, Told]
# Else the position is the centre of something larger.
EXACT = ("official", "commune")


@dataclass(frozen=True)
class Shown:
    """A figure of the map: how it is read from what was counted, written, and where its rows are."""

    label: Promise
    definition: Promise
    measure: Measure
    value: Callable[[Tolds], float | None]

    def said(self, value: float) -> str:
        """A value in words."""
        if self.measure is MEASURES["repeat"]:
            return wording.number(value)
        return written(self.measure, value)


def _told(code: str) -> Callable[[Tolds], float | None]:
    return lambda known: known[code].value if code in known else None


def _repeats_per_hundred(known: Tolds) -> float | None:
    people, repeats = known.get("people"), known.get("repeat")
    if people is None or people.hits < FEWEST:
        return None
    return 100 * (repeats.hits if repeats else 0) / people.hits


FIGURES: dict[str, Shown] = {
    "personnes": Shown(
        gettext_lazy("Personnes suivies"),
        gettext_lazy("Abonnés dont le domicile est dans la commune."),
        PEOPLE,
        _told("people"),
    ),
    "retard": Shown(
        gettext_lazy("Demandes en retard"),
        gettext_lazy("Part des demandes en cours dont l’échéance est passée."),
        LATE,
        _told("late"),
    ),
    "delai": Shown(
        gettext_lazy("Délai médian de réponse"),
        MEASURES["delay"].definition,
        MEASURES["delay"],
        _told("delay"),
    ),
    "reiterations": Shown(
        gettext_lazy("Réitérations pour 100 personnes"),
        gettext_lazy("Contacts répétés pour le même motif pendant la période, pour 100 personnes suivies."),
        MEASURES["repeat"],
        _repeats_per_hundred,
    ),
}


@page("supervise")
def territory_map(request: HttpRequest) -> HttpResponse:
    """The communes that one's teams serve, sized by their people and shaded by the figure asked for."""
    asked, code = Asked.of(request), request.GET.get("chiffre", "personnes")
    if code not in FIGURES:
        raise Unknown(_("Ce chiffre n’est pas sur la carte."), code="figure-unknown")
    shown = FIGURES[code]
    communes = _communes(asked)
    told = _counted(asked, [one.code for one in communes])
    places = [
        Place(
            one.code,
            one.name,
            one.latitude or 0.0,
            one.longitude or 0.0,
            _people(told.get(one.code, {})),
            shown.value(told.get(one.code, {})),
            one.precision in EXACT,
        )
        for one in communes
        if one.latitude is not None
    ]
    drawing = draw(places)
    here = reverse("supervision:map")
    known = {one.code: told.get(one.code, {}) for one in communes}
    return render(
        request,
        "supervision/map.html",
        {
            **asked.around("supervision:map"),
            "figures": [
                (one.label, f"{here}?{asked.query(chiffre=name)}", name == code)
                for name, one in FIGURES.items()
            ],
            "shown": shown,
            "drawing": drawing,
            "dots": [
                (dot, _words(shown, known[dot.code]), address(commune=dot.code, etat="a-faire"))
                for dot in drawing.dots
            ],
            "legend": [(shade, _range(shown, low, high)) for shade, low, high in ranges(drawing.steps)],
            "approximate": any(not dot.exact for dot in drawing.dots),
            "columns": _columns(),
            "rows": [_row(one, known[one.code], asked) for one in communes],
            "fewest": FEWEST,
        },
    )


def _communes(asked: Asked) -> list[Commune]:
    """The communes of the zones that the team asked for, or one's teams, serve today, by name. One query."""
    teams = [asked.team.pk] if asked.team else my_teams()
    day = today()
    return list(
        Commune.objects.filter(
            zonepart__during__contains=day,
            zonepart__zone__coverages__team__in=teams,
            zonepart__zone__coverages__during__contains=day,
        )
        .distinct()
        .order_by("name_key", "code")
    )


def _counted(asked: Asked, codes: list[str]) -> dict[str, Tolds]:
    """What was counted in each commune: people and lateness are those of today, whatever the period. Two queries."""
    current = Period.holding(asked.period.length, today())
    told = by_group(current, [PEOPLE, LATE], Group.COMMUNE, codes)
    for code, more in by_group(
        asked.period, [MEASURES["delay"], MEASURES["repeat"]], Group.COMMUNE, codes
    ).items():
        told[code] = told.get(code, {}) | more
    return told


def _people(known: Tolds) -> float:
    return known["people"].hits if "people" in known else 0


def _words(shown: Shown, known: Tolds) -> str:
    value = shown.value(known)
    return shown.said(value) if value is not None else _("trop peu")


def _range(shown: Shown, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return _("une seule valeur")
    if low is None:
        return _("moins de %(high)s") % {"high": shown.said(high or 0)}
    if high is None:
        return _("%(low)s ou plus") % {"low": shown.said(low)}
    return _("de %(low)s à moins de %(high)s") % {"low": shown.said(low), "high": shown.said(high)}


def _columns() -> list[Column]:
    return [
        Column(_("Commune")),
        Column(_("Habitants"), "number"),
        Column(_("Personnes suivies"), "number"),
        Column(_("En retard"), "number"),
        Column(_("Délai médian"), "number"),
        Column(_("Réitérations pour 100 personnes"), "number"),
    ]


def _row(one: Commune, known: Tolds, asked: Asked) -> list[Any]:
    rows = asked.query(groupe=Group.COMMUNE.value, valeur=one.code)

    def cell(code: str, measure: str, href: str) -> Cell:
        """The figure with its rows; where there is none to count, nothing to open."""
        if measure not in known or not known[measure].counted:
            return Cell(_("rien"))
        return Cell(_words(FIGURES[code], known), href)

    return [
        one.name,
        one.population,
        Cell(int(_people(known))),
        cell("retard", "late", address(commune=one.code, retard=True)),
        cell("delai", "delay", f"{reverse('supervision:indicator_rows', args=['delay'])}?{rows}&part=tout"),
        cell("reiterations", "repeat", f"{reverse('supervision:indicator_rows', args=['repeat'])}?{rows}"),
    ]
