"""What is typed before going in, and what is written of an alarm once it is over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gruppetto.service.visits.models import LONGEST, MOST_GRACE, Visit

QUIET = {"autocomplete": "off"}
DURATIONS = (
    (30, _("30 minutes")),
    (60, _("1 heure")),
    (90, _("1 heure et demie")),
    (120, _("2 heures")),
    (180, _("3 heures")),
)
USUAL = 60


class BeginForm(forms.Form):
    """Where one goes, until when, and how long to wait for a word."""

    person_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    whose = forms.CharField(
        label=_("Chez qui"), max_length=160, required=False, widget=forms.TextInput(QUIET)
    )
    place = forms.CharField(
        label=_("Adresse où vous serez"),
        max_length=LONGEST,
        widget=forms.Textarea({**QUIET, "rows": 2}),
        help_text=_("Avec l’étage et le code de la porte : c’est là qu’on ira vous chercher."),
    )
    phone = forms.CharField(
        label=_("Numéro où vous répondez"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    minutes = forms.TypedChoiceField(
        label=_("Durée prévue"), coerce=int, choices=DURATIONS, initial=USUAL, widget=forms.RadioSelect
    )
    grace = forms.IntegerField(
        label=_("Minutes d’attente avant l’alarme"),
        min_value=0,
        max_value=MOST_GRACE,
        widget=forms.NumberInput({**QUIET, "inputmode": "numeric"}),
        help_text=_("Si vous n’avez rien dit à la fin prévue, on attend ce temps, puis l’alarme part seule."),
    )

    def __init__(self, known: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial={"grace": settings.GRUPPETTO_VISIT_GRACE, **known})


class CloseForm(forms.Form):
    """What was found."""

    finding = forms.ChoiceField(
        label=_("Ce qui s’est passé"), choices=Visit.Finding.choices, widget=forms.RadioSelect
    )
    found = forms.CharField(
        label=_("Ce que vous avez constaté, et comment"),
        max_length=LONGEST,
        widget=forms.Textarea({**QUIET, "rows": 3}),
        help_text=_("Par exemple : je lui ai parlé de vive voix à 15 h 10."),
    )


class TakeOverForm(forms.Form):
    """Whom one saw in charge when one pressed the button."""

    from_account = forms.TypedChoiceField(coerce=UUID, widget=forms.HiddenInput)

    def __init__(self, visit: Visit, data: Any = None) -> None:
        super().__init__(data, initial={"from_account": visit.taken_by})
        field: Any = self.fields["from_account"]
        field.choices = [(str(key), "") for key in visit.alerted]
