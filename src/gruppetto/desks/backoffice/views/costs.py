"""What messages cost, month by month, and how much each territory may spend."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice.message_forms import BudgetForm, PriceForm
from gruppetto.desks.shared.figures import Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.desks.shared.wording import number
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.coverage.models import Team
from gruppetto.registry.geography.models import Department
from gruppetto.registry.people.models import Channel
from gruppetto.service.messages import costs, verbs
from gruppetto.service.messages.models import Budget, Price, Spending

MONTHS = 6


@page("keep_catalogue")
def spending(request: HttpRequest) -> HttpResponse:
    """The months by team, the prices in force, the budgets."""
    return _page(request)


@page("keep_catalogue")
@require_POST
def set_price(request: HttpRequest) -> HttpResponse:
    """A new price."""
    form = PriceForm(request.POST)
    if form.is_valid():
        try:
            verbs.set_price(**form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Le prix est noté."))
            return see("backoffice:costs")
    return _page(request, TO_CORRECT, price=form)


@page("keep_catalogue")
@require_POST
def set_budget(request: HttpRequest) -> HttpResponse:
    """A new budget."""
    form = _budget_form(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        sort, _colon, key = said["territory"].partition(":")
        whom: dict[str, Any] = {"team_id": UUID(key)} if sort == "team" else {"department": key}
        try:
            verbs.set_budget(said["mills"], said["from_month"], **whom)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Le budget est noté."))
            return see("backoffice:costs")
    return _page(request, TO_CORRECT, budget=form)


def _budget_form(data: Any = None) -> BudgetForm:
    teams = [(f"team:{team.pk}", team.name) for team in Team.objects.order_by("name")]
    used = Spending.objects.exclude(department="").values_list("department", flat=True).distinct()
    named = Department.objects.filter(code__in=list(used)).order_by("name").values_list("code", "name")
    return BudgetForm(data, territories=[*teams, *((f"department:{code}", name) for code, name in named)])


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    teams = dict(Team.objects.values_list("pk", "name"))
    counted = Spending.objects.filter(month__gte=_first_month()).order_by("-month", "team_id", "channel")
    context = {
        "columns": [
            Column(_("Mois")),
            Column(_("Équipe")),
            Column(_("SMS (parties)"), "number"),
            Column(_("Courriels"), "number"),
            Column(_("Lettres"), "number"),
            Column(_("Appels"), "number"),
            Column(_("Dépensé"), "money"),
            Column(_("Budget du mois")),
        ],
        "rows": _rows(list(counted), teams),
        "price_columns": [
            Column(_("Moyen")),
            Column(_("Prix d’un envoi")),
            Column(_("Depuis")),
            Column(_("Source")),
        ],
        "prices": [_price(channel) for channel in Channel],
        "price": PriceForm(),
        "budget": None,
        **forms,
    }
    context["budget"] = context["budget"] or _budget_form()
    return render(request, "backoffice/costs.html", context, status=status)


def _rows(counted: list[Spending], teams: dict[UUID, str]) -> list[list[object]]:
    """One line a month and a team; the budget is that of the team, else of its department."""
    by: dict[tuple[date, UUID | None, str], dict[str, Spending]] = defaultdict(dict)
    for one in counted:
        by[one.month, one.team_id, one.department][one.channel] = one
    budgets = list(Budget.objects.order_by("-from_month"))
    return [
        [
            f"{month:%m/%Y}",
            teams.get(team, _("Personnes à placer")) if team else _("Personnes à placer"),
            *(
                _parts(channels.get(channel))
                for channel in (Channel.SMS, Channel.EMAIL, Channel.LETTER, Channel.PHONE)
            ),
            round(sum(one.mills for one in channels.values()) / 10),
            _budget(budgets, team, department, month),
        ]
        for (month, team, department), channels in by.items()
    ]


def _parts(one: Spending | None) -> int:
    return one.parts if one else 0


def _budget(budgets: list[Budget], team: UUID | None, department: str, month: date) -> str:
    for wanted in ("team", "department"):
        for one in budgets:
            same = (
                one.team_id == team and team is not None
                if wanted == "team"
                else one.department == department != ""
            )
            if same and one.from_month <= month:
                return euros(one.mills)
    return _("sans limite")


def _price(channel: str) -> list[str]:
    dated = Price.objects.filter(channel=channel, valid_from__lte=today()).order_by("-valid_from").first()
    return [
        capfirst(str(Channel(channel).label)),
        euros(costs.price(channel, today())),
        day_text(dated.valid_from, year=True) if dated else _("le départ"),
        dated.source if dated else _("prix de départ, à vérifier"),
    ]


def euros(mills: int) -> str:
    """Thousandths of a euro as people read them: ``0,049 €``, ``25,00 €``."""
    decimals = 3 if mills % 10 else 2
    return f"{number(Decimal(mills) / 1000, decimals)}\u00a0€"


def _first_month() -> date:
    month = costs.month_of(now())
    back = month.year * 12 + month.month - 1 - (MONTHS - 1)
    return date(back // 12, back % 12 + 1, 1)
