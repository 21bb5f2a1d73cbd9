"""Indicators: the figures of a period, one of them in detail, and the rows behind it. Nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.figures import Cell, Chart, Column, Series
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.supervision.live_figures import live_figures, portfolio_load
from gruppetto.desks.supervision.row_tables import (
    Lines,
    call_back_table,
    calls_table,
    contacts_table,
    interventions_table,
)
from gruppetto.desks.supervision.teams import my_teams
from gruppetto.desks.supervision.telling import charted, said, unit
from gruppetto.insight.indicators import rows
from gruppetto.insight.indicators.measures import AGES, FAMILIES, FEWEST, MEASURES, Group, Measure
from gruppetto.insight.indicators.periods import LENGTHS, Period
from gruppetto.insight.indicators.reads import Told, board, by_group, same_within_chance, trend
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.coverage.models import Portfolio, Team, Zone, ZonePart
from gruppetto.registry.people.models import Address, Need
from gruppetto.service.interventions.reads import portfolios_in_scope

EMPTY: dict[str, Any] = {}
# Only these are cut in a table of the detail; communes are on the map.
CUTS = (Group.ZONE, Group.AGE, Group.NEED)
PARTS = {"oui": True, "non": False, "tout": None}


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a period, and the whole platform or one of one's teams."""

    period: Period
    team: Team | None
    teams: list[Team]

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Two queries or three. Raises ``Unknown`` (period-unknown, team-unknown)."""
        period = Period.read(request.GET.get("periode", "month"), request.GET.get("debut", ""), today())
        teams = list(Team.objects.filter(pk__in=my_teams()).order_by("name"))
        typed = request.GET.get("equipe", "")
        team = next((one for one in teams if str(one.pk) == typed), None)
        if typed and team is None:
            raise Unknown(_("Cette équipe n’est pas la vôtre."), code="team-unknown")
        return cls(period, team, teams)

    @property
    def group(self) -> tuple[str, str]:
        """The group of the figures."""
        return (Group.TEAM, str(self.team.pk)) if self.team else (Group.ALL, "")

    def query(self, **more: str) -> str:
        """The same, for another address."""
        asked = {"periode": self.period.length, "debut": self.period.first.isoformat(), **more}
        if self.team:
            asked = {"equipe": str(self.team.pk), **asked}
        return urlencode(asked)

    def around(self, name: str, *args: str) -> dict[str, Any]:
        """What the choice of period and team shows, for a page that stays the same."""
        here = reverse(name, args=args)

        def to(period: Period, team: Team | None = self.team) -> str:
            return f"{here}?{Asked(period, team, self.teams).query()}"

        return {
            "period": self.period,
            "lengths": [
                (words, to(Period.holding(code, today())), code == self.period.length)  # type: ignore[arg-type]
                for code, words in LENGTHS.items()
            ],
            "before": to(self.period.previous),
            "after": to(self.period.next) if self.period.next.first <= today() else "",
            "scopes": [
                (_("Toute la plate-forme"), to(self.period, None), self.team is None),
                *((one.name, to(self.period, one), one == self.team) for one in self.teams),
            ],
        }


@page("supervise")
def indicators(request: HttpRequest) -> HttpResponse:
    """The figures of a period, by family, each with its definition and its rows."""
    asked = Asked.of(request)
    told = board(asked.period, *asked.group)
    shown = [one for one in MEASURES.values() if one.cut or asked.team is None]
    columns, load = portfolio_load(my_teams())
    families = [
        (
            label,
            [
                {
                    "said": said(told.now[one.code], told.before[one.code]),
                    "rows": f"{reverse('supervision:indicator_rows', args=[one.code])}?{asked.query()}",
                    "detail": f"{reverse('supervision:indicator', args=[one.code])}?{asked.query()}",
                }
                for one in shown
                if one.family == family
            ],
        )
        for family, label in FAMILIES.items()
    ]
    return render(
        request,
        "supervision/indicators.html",
        {
            **asked.around("supervision:indicators"),
            "families": families,
            "counted_at": told.counted_at,
            "live": live_figures(),
            "load_columns": columns,
            "load_rows": load,
            "fewest": FEWEST,
        },
    )


@page("supervise")
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: how it went over the last periods, then by zone, by age, by need."""
    measure, asked = _measure(code), Asked.of(request)
    whole = board(asked.period, *asked.group)
    return render(
        request,
        "supervision/indicator.html",
        {
            **asked.around("supervision:indicator", code),
            "measure": measure,
            "said": said(whole.now[code], whole.before[code]),
            "rows_href": f"{reverse('supervision:indicator_rows', args=[code])}?{asked.query()}",
            "back": f"{reverse('supervision:indicators')}?{asked.query()}",
            "trend": _trend(measure, asked),
            "cuts": _cuts(measure, asked, board(asked.period).now[code]) if measure.cut else [],
            "fewest": FEWEST,
        },
    )


@page("supervise")
def indicator_rows(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of a figure, newest first, within what the reader may see."""
    measure, asked = _measure(code), Asked.of(request)
    part = request.GET.get("part", "oui")
    if part not in PARTS:
        raise Unknown(_("Cette liste n’existe pas."), code="part-unknown")
    portfolios = _portfolios(asked)
    place, where = _place(request)
    columns, lines, after = _rows(measure, asked.period, portfolios, PARTS[part], place, request)
    here = reverse("supervision:indicator_rows", args=[code])
    kept = {name: request.GET[name] for name in ("groupe", "valeur") if name in request.GET}
    return render(
        request,
        "supervision/indicator_rows.html",
        {
            **asked.around("supervision:indicator_rows", code),
            "measure": measure,
            "where": where,
            "columns": columns,
            "rows": lines,
            "after": after,
            "parts": [
                (words, f"{here}?{asked.query(**kept, part=name)}", name == part)
                for name, words in (
                    ("oui", _("Ce que le chiffre compte")),
                    ("non", _("Le reste")),
                    ("tout", _("Tout")),
                )
            ],
            "back": f"{reverse('supervision:indicator', args=[code])}?{asked.query()}",
        },
    )


def _measure(code: str) -> Measure:
    if code not in MEASURES:
        raise Unknown(_("Cet indicateur n’existe pas."), code="measure-unknown")
    return MEASURES[code]


def _trend(measure: Measure, asked: Asked) -> Chart:
    told = trend(measure, asked.period, *asked.group)
    return Chart(
        id="trend",
        title=_("%(measure)s, période après période") % {"measure": measure.label},
        definition=measure.definition,
        labels_name=_("Période"),
        labels=[str(period) for period, _told in told],
        series=[
            Series(measure.label, [charted(measure, one.value) for _period, one in told]),
            *(
                [
                    Series(_("au moins"), [charted(measure, one.low) for _period, one in told]),
                    Series(_("au plus"), [charted(measure, one.high) for _period, one in told]),
                ]
                if any(one.low is not None for _period, one in told)
                else []
            ),
        ],
        unit=unit(measure),
        decimals={"share": 0, "count": 0, "ratio": 2}.get(measure.shape, 1),
        links=[
            f"{reverse('supervision:indicator', args=[measure.code])}?{Asked(period, asked.team, []).query()}"
            for period, _told in told
        ],
    )


def _cuts(measure: Measure, asked: Asked, whole: Told) -> list[tuple[str, list[Column], list[list[Any]]]]:
    """(title, columns, lines) of each cut: denominators and intervals beside each figure, in the order of names."""
    found = []
    for group in CUTS:
        names = _names(group)
        told = by_group(asked.period, [measure], group)
        lines = [
            _cut_line(measure, asked, group, key, name, told.get(key, EMPTY).get(measure.code), whole)
            for key, name in names.items()
            if key in told
        ]
        title = _("Par %(group)s") % {"group": group.label}
        columns = [
            Column(str(group.label).capitalize()),
            Column(measure.label, "number"),
            Column(_("Sur combien"), "number"),
            Column(_("Intervalle à 95 %")),
            Column(_("Par rapport à l’ensemble")),
        ]
        found.append((title, columns, lines))
    return found


def _cut_line(
    measure: Measure, asked: Asked, group: Group, key: str, name: str, told: Told | None, whole: Told
) -> list[Any]:
    one = told or Told(measure)
    words = said(one)
    href = reverse("supervision:indicator_rows", args=[measure.code])
    query = Asked(asked.period, None, []).query(groupe=group.value, valeur=key)
    return [
        name,
        Cell(words.value, f"{href}?{query}"),
        one.counted,
        words.interval or "",
        _against(one, whole),
    ]


def _against(one: Told, whole: Told) -> str:
    if one.value is None or whole.value is None:
        return _("pas assez pour le dire") if one.counted else ""
    if same_within_chance(one, whole) is not False:
        return _("comme l’ensemble, au hasard près")
    return _("plus élevé") if one.value > whole.value else _("plus bas")


def _names(group: Group) -> dict[str, str]:
    """The groups that a supervisor compares, by key, in order."""
    if group == Group.ZONE:
        zones = Zone.objects.order_by("name", "id").values_list("pk", "name")
        return {str(key): name for key, name in zones}
    if group == Group.AGE:
        return {key: str(label) for key, label in AGES.items()}
    return {str(code): str(label).capitalize() for code, label in Need.Kind.choices}


def _portfolios(asked: Asked) -> list[int]:
    mine = portfolios_in_scope()
    if asked.team is None:
        return mine
    return list(Portfolio.objects.filter(team=asked.team, pk__in=mine).values_list("pk", flat=True))


def _place(request: HttpRequest) -> tuple[Q | None, str]:
    """One more condition on whom the rows are about (``groupe``, ``valeur``), and its words."""
    group, value = request.GET.get("groupe", ""), request.GET.get("valeur", "")
    homes = Address.objects.filter(kind=Address.Kind.HOME, until=None)
    if group == Group.ZONE:
        zone = _zone(value)
        here = Q()
        parts = ZonePart.objects.filter(zone=zone, during__contains=today())
        for commune, postcode in parts.values_list("commune_id", "postcode"):
            here |= Q(commune_id=commune, postcode=postcode)
        found = homes.filter(here) if here else homes.none()
        return Q(subject_id__in=found.values("subject_id")), _("Zone : %(name)s") % {"name": zone.name}
    if group == Group.COMMUNE:
        found = homes.filter(commune_id=value)
        return Q(subject_id__in=found.values("subject_id")), _("Commune : %(code)s") % {"code": value}
    if group == Group.NEED and value in Need.Kind.values:
        having = Need.objects.filter(kind=value, ended_on=None).values("subject_id")
        return Q(subject_id__in=having), _("Besoin : %(name)s") % {"name": Need.Kind(value).label}
    if group == Group.AGE and value in AGES:
        return Q(subject_id__in=rows.persons_aged(value, today())), str(AGES[value])
    if group:
        raise Unknown(_("Cette liste n’existe pas."), code="group-unknown")
    return None, ""


def _zone(typed: str) -> Zone:
    try:
        found = Zone.objects.filter(pk=UUID(typed)).first()
    except ValueError:
        found = None
    if found is None:
        raise Unknown(_("Cette zone n’existe pas."), code="zone-unknown")
    return found


def _rows(
    measure: Measure,
    period: Period,
    portfolios: list[int],
    hits: bool | None,
    place: Q | None,
    request: HttpRequest,
) -> Lines:
    after = cursor_of(request)
    if measure.rows == "interventions":
        return interventions_table(
            rows.interventions(measure.code, period, portfolios, hits=hits, place=place, after=after)
        )
    if measure.rows == "contacts":
        return contacts_table(
            rows.contacts(measure.code, period, portfolios, hits=hits, place=place, after=after)
        )
    if measure.rows == "call_backs":
        found = rows.call_backs(period, portfolios, hits=hits, place=place, after=after)
        return call_back_table(found)
    return calls_table(rows.calls(period, hits=hits, after=after))
