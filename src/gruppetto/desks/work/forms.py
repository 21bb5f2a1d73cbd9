"""The forms of the lists: all the filters on one page, a view to keep, an act to decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.forms import DayField
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.registry.coverage.models import Coverage, Holding, Portfolio, Team, TeamMember, Territory
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.geography.models import Commune
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.worklists.acts import HOLDER, Act
from gruppetto.service.worklists.fields import FIELDS, ME, MINE, NOBODY, Choice, Day, Number
from gruppetto.service.worklists.filters import ORDER, ORDERS, Filters
from gruppetto.service.worklists.models import SavedView
from gruppetto.service.worklists.scopes import seen

Choices = list[tuple[str, Any]]
ANY = ("", gettext_lazy("Peu importe"))


class FilterForm(forms.Form):
    """Every filter; several boxes of one question mean any of them."""

    def __init__(self, data: Any = None, *, initial: Filters | None = None) -> None:
        super().__init__(data, initial=_given(initial or Filters()))
        known = _known()
        for name, field in FIELDS.items():
            self.fields[name] = _form_field(name, known)
            self.fields[name].label = str(field.label)
            self.fields[name].required = False
        self.fields[ORDER] = forms.ChoiceField(
            label=gettext_lazy("Ordre"),
            required=False,
            choices=[("", _("Celui qui convient aux états")), *ORDERS.items()],
        )


def _given(asked: Filters) -> dict[str, Any]:
    """The values of filters as the fields of the form take them."""
    given: dict[str, Any] = {ORDER: asked.order}
    for name, field in FIELDS.items():
        value = asked.one(name)
        given[name] = field.day(value) if value and isinstance(field, Day) else value
        if field.many:
            given[name] = list(asked.get(name))
    return given


def _form_field(name: str, known: dict[str, Choices]) -> forms.Field:
    field = FIELDS[name]
    choices = list(field.choices.items()) if isinstance(field, Choice) else known.get(name, [])
    if field.many:
        return _Several(choices=choices, widget=forms.CheckboxSelectMultiple)
    if isinstance(field, Day):
        return DayField(help_text=_("Par exemple 3/5 ou 3 mai 2027."))
    if isinstance(field, Number):
        return forms.CharField(widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
    return forms.ChoiceField(choices=[ANY, *choices])


class _Several(forms.MultipleChoiceField):
    """Boxes; what the address asks beyond those shown (another team's colleague) stays asked."""

    def valid_value(self, value: str) -> bool:
        return True


def _known() -> dict[str, Choices]:
    """What may be chosen beyond closed lists: colleagues, portfolios, teams, places and kinds that one sees."""
    portfolios = list(seen().select_related("team__territory").order_by("team__name", "pk"))
    teams = {p.team_id: p.team for p in portfolios if p.team}
    territories = {team.territory_id: team.territory for team in teams.values()}
    zones = Coverage.objects.filter(team__in=list(teams), during__contains=today()).values("zone")
    communes = Commune.objects.filter(zonepart__zone__in=zones, zonepart__during__contains=today())
    return {
        "qui": [(ME, _("Moi")), (NOBODY, _("Personne")), *colleagues(portfolios)],
        "portefeuille": [(str(p.pk), p.name) for p in portfolios],
        "equipe": [(MINE, _("La mienne")), *((str(key), team.name) for key, team in teams.items())],
        "territoire": [(MINE, _("Le mien")), *((str(key), place.name) for key, place in territories.items())],
        "type": [(kind.code, kind.label) for kind in kinds_in_force(now())],
        "commune": [(one.code, one.name) for one in communes.distinct().order_by("name_key", "code")],
        "departement": sorted(
            {(code, code) for code in communes.values_list("department_id", flat=True).distinct().order_by()}
        ),
    }


def colleagues(portfolios: Iterable[Portfolio]) -> Choices:
    """Who holds these portfolios or leads their teams today, by name (2 queries)."""
    keys = [portfolio.pk for portfolio in portfolios]
    holding = Holding.objects.filter(portfolio__in=keys, during__contains=today()).values("staff__account")
    leading = TeamMember.objects.filter(team__portfolios__in=keys, leads=True, during__contains=today())
    who = Account.objects.filter(is_active=True)
    found = who.filter(pk__in=holding) | who.filter(pk__in=leading.values("staff__account"))
    return [(str(one.pk), one.name) for one in found.order_by("name", "id")]


class ViewForm(forms.Form):
    """A list to keep under a name."""

    name = forms.CharField(
        label=gettext_lazy("Nom de la vue"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Qui la voit ?"),
        help_text=gettext_lazy("Chacun n’y trouve que les demandes de ses propres portefeuilles."),
        widget=forms.RadioSelect,
    )
    pinned = forms.BooleanField(
        label=gettext_lazy("La montrer à gauche de la liste, avec son nombre"), required=False
    )
    opens_for = forms.ChoiceField(
        label=gettext_lazy("S’ouvre d’abord pour"),
        required=False,
        choices=SavedView.Opens.choices,
        help_text=gettext_lazy("La première liste que l’on voit en arrivant."),
    )

    def __init__(self, *args: Any, led: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = list(led)
        teams = Team.objects.filter(pk__in=keys).order_by("name")
        places = Territory.objects.filter(pk__in=keys).order_by("name")
        shared = [
            *((f"team:{one.pk}", _("Équipe %(name)s") % {"name": one.name}) for one in teams),
            *((f"territory:{one.pk}", _("Territoire %(name)s") % {"name": one.name}) for one in places),
        ]
        self.fields["audience"].choices = [("me", _("Moi")), *shared]  # type: ignore[attr-defined]  # a ChoiceField
        if not shared:
            self.fields["opens_for"].choices = SavedView.Opens.choices[:2]  # type: ignore[attr-defined]  # the same


AWAITED = (
    ("person", gettext_lazy("La personne")),
    ("paper", gettext_lazy("Un papier")),
    ("provider", gettext_lazy("L’organisme")),
)


class ActForm(forms.Form):
    """What an act needs to know; only the fields of that act."""

    def __init__(self, act: Act, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in act.needs:
            self.fields[name] = _argument(name)


def _argument(name: str) -> forms.Field:
    match name:
        case "account":
            chosen = [(HOLDER, _("À qui suit chaque portefeuille aujourd’hui")), *colleagues(seen())]
            return forms.ChoiceField(
                label=_("À qui ?"),
                choices=chosen,
                initial=HOLDER,
                widget=forms.RadioSelect,
                help_text=_(
                    "Qui ne voit pas un portefeuille n’en reçoit rien : notez d’abord un remplacement."
                ),
            )
        case "awaited":
            return forms.ChoiceField(
                label=_("Qui ou quoi est attendu ?"), choices=AWAITED, widget=forms.RadioSelect
            )
        case "day":
            return DayField(
                label=_("Jusqu’à quel jour ?"), help_text=_("Par exemple 3/5 ou 3 mai 2027."), past=False
            )
        case "text":
            return forms.CharField(label=_("Note interne"), widget=forms.Textarea({"rows": 4}))
    return forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("La raison reste dans l’histoire de chaque demande."),
    )
