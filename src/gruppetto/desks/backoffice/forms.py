"""What the back office and the administrator type; the rules themselves stay in the domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.forms import DayField
from gruppetto.desks.shared.hours import LANGUAGES, HoursField, hours_text
from gruppetto.gateways.identity.views import offered
from gruppetto.kernel import clock
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.journal.verbs import declared
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.staff.models import Role, Skill, Staff
from gruppetto.registry.staff.verbs import Period

QUIET = {"autocomplete": "off", "spellcheck": "false"}
DAYS = (
    (1, gettext_lazy("Lundi")),
    (2, gettext_lazy("Mardi")),
    (3, gettext_lazy("Mercredi")),
    (4, gettext_lazy("Jeudi")),
    (5, gettext_lazy("Vendredi")),
    (6, gettext_lazy("Samedi")),
)


def line(label: Any, help_text: Any = "", *, required: bool = True, longest: int = 200) -> forms.CharField:
    """One line of text that the browser does not remember."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=longest,
        widget=forms.TextInput(QUIET),
    )


class BirthDay(forms.CharField):
    """A date of birth as people type it."""

    widget = forms.TextInput(QUIET)

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        try:
            return dates.parse_birth_date(typed, clock.today()) if typed else None
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None


class ListForm(forms.Form):
    """A starting list. A file that waits from an attempt before needs not be chosen again."""

    source = line(
        gettext_lazy("Qui nous l’envoie ?"),
        gettext_lazy("Par exemple : centre communal d’action sociale de Revel."),
    )
    file = forms.FileField(
        label=gettext_lazy("Le fichier"),
        help_text=gettext_lazy("Un fichier CSV, comme le tableur l’enregistre."),
        required=False,
    )


class LineForm(forms.Form):
    """What becomes of one line."""

    line = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("load", ""), ("skip", "")])


class OrganisationForm(forms.Form):
    """The facts of an organisation that a human corrects before vouching for them."""

    name = line(gettext_lazy("Nom"), longest=120)
    phone = line(
        gettext_lazy("Téléphone"), gettext_lazy("Tel que vous le composez."), required=False, longest=30
    )
    website = forms.URLField(
        label=gettext_lazy("Site internet"), required=False, assume_scheme="https", max_length=200
    )
    source_url = forms.URLField(
        label=gettext_lazy("D’où cela vient"),
        help_text=gettext_lazy("L’adresse de la page lue."),
        required=False,
        assume_scheme="https",
        max_length=300,
    )


class OrganisationFilter(forms.Form):
    """Which organisations to list."""

    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"),
        required=False,
        choices=[("", gettext_lazy("Toutes")), *Organisation.Kind.choices],
    )
    a_verifier = forms.BooleanField(label=gettext_lazy("Seulement ceux à vérifier"), required=False)


class WeekForm(forms.Form):
    """The usual week, one field a day."""

    day_1 = HoursField(label=DAYS[0][1], required=False)
    day_2 = HoursField(label=DAYS[1][1], required=False)
    day_3 = HoursField(label=DAYS[2][1], required=False)
    day_4 = HoursField(label=DAYS[3][1], required=False)
    day_5 = HoursField(label=DAYS[4][1], required=False)
    day_6 = HoursField(label=DAYS[5][1], required=False)

    @property
    def week(self) -> list[Period]:
        """The periods typed, once valid."""
        return [
            Period(number, starts, ends)
            for number, _label in DAYS
            for starts, ends in self.cleaned_data[f"day_{number}"]
        ]

    def days(self) -> list[Any]:
        """The fields of the week, for the page."""
        return [self[f"day_{number}"] for number, _label in DAYS]


def week_of(staff: Staff) -> dict[str, str]:
    """What ``WeekForm`` shows of a record."""
    times = list(staff.working_times.all())
    return {
        f"day_{number}": hours_text(one for one in times if one.weekday == number) for number, _label in DAYS
    }


class RecordForm(WeekForm):
    """The staff record: phone, calls, languages, the usual week."""

    phone = line(
        gettext_lazy("Téléphone de travail"),
        gettext_lazy("Pour faire venir la personne dans un appel."),
        required=False,
    )
    takes_calls = forms.BooleanField(label=gettext_lazy("Prend des appels"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Langues parlées"),
        choices=LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Sait accueillir"),
        help_text=gettext_lazy("Formé ou habitué à aider ces personnes."),
        choices=Skill.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HireForm(RecordForm):
    """A record to open, from its first day."""

    starts = DayField(
        label=gettext_lazy("Premier jour"), help_text=gettext_lazy("Par exemple 3/5 ou 3 mai 2027.")
    )


class ChangeForm(RecordForm):
    """A record to change, perhaps to end."""

    ends = DayField(
        label=gettext_lazy("Dernier jour"),
        help_text=gettext_lazy("Vide tant que la personne reste."),
        required=False,
    )


class AccountForm(forms.Form):
    """A new account."""

    name = line(gettext_lazy("Prénom et nom"), longest=120)
    email = line(gettext_lazy("Courriel de travail"), gettext_lazy("Il sert à se connecter."), longest=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"), choices=[("", gettext_lazy("Choisissez")), *Role.choices]
    )


class WhyForm(forms.Form):
    """The reason of an act on an account."""

    why = line(gettext_lazy("Pourquoi ?"), gettext_lazy("La raison reste dans le journal."))


class RoleForm(WhyForm):
    """Another role, with the reason."""

    role = forms.ChoiceField(label=gettext_lazy("Nouveau rôle"), choices=Role.choices)
    field_order = ("role", "why")


def issuers() -> list[tuple[str, str]]:
    """The identity providers set for the house."""
    return [(provider.issuer, provider.name) for provider in offered()]


class IdentityToRemove(WhyForm):
    """At which provider, with the reason."""

    issuer = forms.ChoiceField(label=gettext_lazy("Fournisseur d’identité"), choices=issuers)
    field_order: tuple[str, ...] = ("issuer", "why")


class IdentityToBind(IdentityToRemove):
    """Who the person is there."""

    subject = line(
        gettext_lazy("Identifiant chez le fournisseur"),
        gettext_lazy(
            "Le « sub » que donne son annuaire, signe pour signe. Ce n’est ni le nom ni le courriel."
        ),
        longest=255,
    )
    field_order = ("issuer", "subject", "why")


class PersonToAudit(forms.Form):
    """The person a question is about: both facts are needed."""

    name = line(gettext_lazy("Nom de la personne"), longest=120)
    birth_date = BirthDay(
        label=gettext_lazy("Date de naissance"), help_text=gettext_lazy("Par exemple 3/5/48.")
    )


class JournalFilter(forms.Form):
    """Which entries of the journal to read."""

    qui = forms.ChoiceField(label=gettext_lazy("Membre de l’équipe"), required=False)
    du = DayField(label=gettext_lazy("Du"), required=False)
    au = DayField(label=gettext_lazy("Au"), required=False)
    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"),
        required=False,
        choices=[("", gettext_lazy("Toutes")), *Entry.Kind.choices],
    )
    verbe = forms.ChoiceField(label=gettext_lazy("Ce qui a été fait"), required=False)
    personne = forms.UUIDField(required=False, widget=forms.HiddenInput)
    objet = forms.UUIDField(required=False, widget=forms.HiddenInput)
    geste = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, accounts: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", str(_("Toute l’équipe"))), *((str(one.pk), one.name) for one in accounts)]
        verbs = sorted(((capfirst(str(one.said)), one.name) for one in declared().values()), key=str)
        self.fields["qui"].choices = everybody  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["verbe"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", str(_("Tout"))),
            *((name, f"{said} ({name})") for said, name in verbs),
        ]
