"""What the back office types about delays, opening hours and days unlike the others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.forms import DayField
from gruppetto.desks.shared.hours import HoursField
from gruppetto.desks.shared.promises import opening
from gruppetto.kernel.calendars import Amount, OpeningRules, Unit
from gruppetto.kernel.clock import PARIS
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.vocabulary import Grade
from gruppetto.service.commitments.models import Commitment
from gruppetto.service.contacts.models import Contact

ANY = ("", _("tous"))
CALENDAR_NAMES = (
    ("FR", _("France entière (11 jours)")),
    ("FR-alsace-moselle", _("Alsace et Moselle")),
    ("FR-guadeloupe", _("Guadeloupe")),
    ("FR-martinique", _("Martinique")),
    ("FR-guyane", _("Guyane")),
    ("FR-reunion", _("La Réunion")),
    ("FR-mayotte", _("Mayotte")),
    ("FR-saint-barthelemy", _("Saint-Barthélemy")),
    ("FR-saint-martin", _("Saint-Martin")),
    ("FR-saint-pierre-et-miquelon", _("Saint-Pierre-et-Miquelon")),
    ("", _("Aucun : on ouvre les jours fériés")),
)
ZONE_NAMES = (
    ("Europe/Paris", _("Hexagone et Corse")),
    ("America/Guadeloupe", _("Guadeloupe")),
    ("America/Martinique", _("Martinique")),
    ("America/Cayenne", _("Guyane")),
    ("Indian/Reunion", _("La Réunion")),
    ("Indian/Mayotte", _("Mayotte")),
    ("America/St_Barthelemy", _("Saint-Barthélemy")),
    ("America/Marigot", _("Saint-Martin")),
    ("America/Miquelon", _("Saint-Pierre-et-Miquelon")),
)
DAYS = (_("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"))
HOURS_HELP = _("Par exemple : 8 h 30 – 12 h 30, 13 h 30 – 18 h. Laissez vide pour fermer.")


def why(help_text: Any = "") -> forms.CharField:
    """The reason, which everybody can read."""
    return forms.CharField(label=_("Pourquoi"), max_length=120, help_text=help_text)


class PromiseForm(forms.Form):
    """A delay promised for a case."""

    nature = forms.ChoiceField(
        label=_("Ce qui est promis"),
        choices=[
            (Commitment.Nature.ANSWER, _("La réponse à la demande")),
            (Commitment.Nature.FIRST, _("Le premier contact avec quelqu’un")),
        ],
    )
    channel = forms.ChoiceField(
        label=_("Quand la demande arrive par"), choices=[ANY, *Contact.Channel.choices], required=False
    )
    grade = forms.ChoiceField(label=_("Difficulté"), choices=[ANY, *Grade.choices], required=False)
    kind = forms.ChoiceField(
        label=_("Démarche"), required=False, help_text=_("Choisissez une difficulté ou une démarche.")
    )
    urgent = forms.BooleanField(label=_("Pour ce qui est urgent seulement"), required=False)
    count = forms.IntegerField(
        label=_("Délai"), min_value=1, widget=forms.TextInput({"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label=_("Compté en"), choices=Commitment.In.choices)
    since = DayField(
        label=_("À partir du"), past=False, required=False, help_text=_("Vide : à partir de maintenant.")
    )
    why = why()

    def __init__(self, data: Any = None, *, kinds: Iterable[Kind]) -> None:
        super().__init__(data, initial={"unit": Unit.DAYS.value})
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("toutes")),
            *((kind.code, kind.label) for kind in kinds),
        ]

    @property
    def amount(self) -> Amount:
        """The business time promised, once valid."""
        return Amount(self.cleaned_data["count"], Unit(self.cleaned_data["unit"]))


class PlaceForm(forms.Form):
    """A place with hours of its own."""

    label = forms.CharField(
        label=_("Nom du lieu"), max_length=80, help_text=_("Par exemple : Guichet de Revel.")
    )
    department = forms.ChoiceField(
        label=_("Département"),
        required=False,
        help_text=_("Si les demandes de tout un département se comptent à ces horaires."),
    )

    def __init__(self, data: Any = None, *, departments: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        choices = [("", _("aucun : c’est un guichet")), *departments]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a choice field


class WeekForm(forms.Form):
    """The week of a place, its holidays and its hour."""

    holidays = forms.ChoiceField(label=_("Jours fériés"), choices=CALENDAR_NAMES, required=False)
    zone = forms.ChoiceField(label=_("Heure de"), choices=ZONE_NAMES)
    since = DayField(
        label=_("À partir du"), past=False, required=False, help_text=_("Vide : à partir de maintenant.")
    )
    why = why(_("Par exemple : horaires d’été."))

    def __init__(self, data: Any = None, *, rules: OpeningRules) -> None:
        week = {f"day{n}": opening(periods) for n, periods in enumerate(rules.week)}
        super().__init__(
            data, auto_id="week_%s", initial={"holidays": rules.holidays or "", "zone": rules.zone, **week}
        )
        self.before = rules
        for number, name in enumerate(DAYS):
            self.fields[f"day{number}"] = HoursField(label=name, required=False)

    @property
    def days(self) -> list[forms.BoundField]:
        """The seven fields of the week."""
        return [self[f"day{n}"] for n in range(len(DAYS))]

    def rules(self) -> OpeningRules:
        """The rules typed, once valid. Raises ``Refused`` (periods-overlap, period-order)."""
        cleaned = self.cleaned_data
        return OpeningRules.of(
            [text(cleaned[f"day{n}"]) for n in range(len(DAYS))],
            holidays=cleaned["holidays"] or None,
            added_holidays=self.before.added_holidays,
            zone=cleaned["zone"],
        )


class SpecialForm(forms.Form):
    """A day unlike the others."""

    day = DayField(label=_("Jour"), past=False)
    hours = HoursField(label=_("Horaires ce jour-là"), required=False, help_text=HOURS_HELP)
    everywhere = forms.BooleanField(label=_("Partout, comme un jour férié ajouté"), required=False)
    why = why(_("Par exemple : pont de l’Ascension."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="special_%s")


class RecomputeForm(forms.Form):
    """Counting the promises under way again."""

    why = why(_("Par exemple : jour férié ajouté le 2 janvier."))
    later = forms.BooleanField(
        label=_("Reporter aussi des dates déjà dites"),
        required=False,
        help_text=_("Chaque personne concernée reçoit alors un message avec sa nouvelle date."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="again_%s")


def text(pairs: Iterable[tuple[time, time]]) -> str:
    """Hours typed, as ``OpeningRules`` reads them; midnight at the end of a day is 24:00."""
    return " ".join(f"{a:%H:%M}-{'24:00' if b == time() else f'{b:%H:%M}'}" for a, b in pairs)


def midnight(day: date | None) -> datetime | None:
    """When a day begins in Paris; None for no day."""
    return datetime.combine(day, time(), PARIS) if day else None
