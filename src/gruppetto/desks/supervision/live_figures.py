"""What is counted at this moment, straight from the rows: declared figures, and the load of each portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.lists import address
from gruppetto.insight.indicators.declared import Declared, declare_figure, declared_figures
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.search.pages import count
from gruppetto.registry.coverage.reads import cards_of_teams
from gruppetto.registry.staff.reads import weekly_hours_of
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.interventions.clocks import STOPPED
from gruppetto.service.interventions.models import ACTIVE, Intervention, State
from gruppetto.service.interventions.reads import portfolios_in_scope

# A call back is late a quarter of an hour after its time; work waits too long after fifteen days.
LATE = timedelta(minutes=15)
TOO_LONG = timedelta(days=15)
WAITING = (State.WAITING_PERSON, State.WAITING_PROVIDER, State.WAITING_PAPER)


@dataclass(frozen=True)
class Live:
    """A declared figure with its count."""

    declared: Declared
    value: str
    href: str


def live_figures() -> list[Live]:
    """Every declared figure, counted now. At most two queries each."""
    return [
        Live(
            one,
            wording.number(one.count()),
            reverse(one.page) + (f"?{one.query}" if one.query else ""),
        )
        for one in declared_figures()
    ]


def late_call_backs() -> Any:
    """The rows of « Rappels en retard »."""
    return CallBack.objects.filter(state=CallBack.State.DUE, due_at__lt=now() - LATE)


def waiting_long() -> Any:
    """The rows of « En attente depuis longtemps »: opened long ago, and still waiting for somebody."""
    return Intervention.objects.filter(
        portfolio_id__in=portfolios_in_scope(), state__in=WAITING, opened_at__lt=now() - TOO_LONG
    )


def declare() -> None:
    """The desk's own; called once when the room opens."""
    declare_figure(
        Declared(
            "late-call-backs",
            gettext_lazy("Rappels en retard"),
            gettext_lazy("Rappels dont l’heure est passée depuis plus d’un quart d’heure."),
            "telephone-outbound",
            lambda: count(late_call_backs()).number,
            "supervision:call_backs",
            urlencode({"file": "retard"}),
        )
    )
    declare_figure(
        Declared(
            "waiting-long",
            gettext_lazy("En attente depuis longtemps"),
            gettext_lazy(
                "Demandes de plus de quinze jours qui attendent la personne, un organisme ou un papier."
            ),
            "hourglass-split",
            lambda: count(waiting_long()).number,
            "supervision:work",
            urlencode({"file": "suspendues"}),
        )
    )


def portfolio_load(team_ids: Iterable[UUID]) -> tuple[list[Column], list[list[Any]]]:
    """How full each portfolio is, in the order of teams and numbers: to share the work out. Seven queries."""
    cards = cards_of_teams(list(team_ids), today())
    work = _work([card.portfolio.pk for card in cards])
    hours = weekly_hours_of(card.worker.staff_id for card in cards)
    columns = [
        Column(_("Portefeuille")),
        Column(_("Équipe")),
        Column(_("Personnes"), "number"),
        Column(_("Places, selon les heures"), "number"),
        Column(_("Rempli à"), "text"),
        Column(_("En cours"), "number"),
        Column(_("Dont en retard"), "number"),
    ]
    lines: list[list[Any]] = []
    for card in cards:
        one, week = card.portfolio, hours.get(card.worker.staff_id, 0.0)
        # Full time is 35 hours, as when a portfolio is proposed.
        places = round(one.target_size * min(week, 35) / 35)
        open_, late = work.get(one.pk, (0, 0))
        lines.append(
            [
                one.name,
                str(one.team),
                card.persons,
                places,
                f"{round(100 * card.persons / places)} %" if places else _("personne ne le suit"),
                Cell(open_, address(portefeuille=one.pk, etat="a-faire")),
                Cell(late, address(portefeuille=one.pk, retard=True)),
            ]
        )
    return columns, lines


def _work(portfolios: list[int]) -> dict[int, tuple[int, int]]:
    """(under way, late) of each portfolio (one query)."""
    late = Q(due_at__lt=now()) & ~Q(state__in=STOPPED)
    rows = (
        Intervention.objects.filter(portfolio_id__in=portfolios, state__in=ACTIVE)
        .values_list("portfolio_id")
        .annotate(open=Count("pk"), late=Count("pk", filter=late))
    )
    return {portfolio: (open_, late) for portfolio, open_, late in rows}
