"""What a supervisor decides; the rules themselves stay in the domain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.absences import named
from gruppetto.desks.shared.forms import DayField
from gruppetto.registry.staff.models import Staff


def reason(label: Any, help_text: Any = "") -> forms.CharField:
    """One line that says why."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )


class AssignForm(forms.Form):
    """Who follows an intervention from now on."""

    account = forms.ChoiceField(label=_("Qui la suit ?"), widget=forms.RadioSelect)
    why = reason(
        _("Pourquoi ?"), _("La personne peut le demander. La raison reste dans l’histoire de la demande.")
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


class PlaceForm(forms.Form):
    """The portfolio of a person."""

    portfolio = forms.ChoiceField(label=_("Portefeuille"), widget=forms.RadioSelect)
    reason = reason(_("Pourquoi ?"), _("La raison est dite à la personne : écrivez-la pour elle."))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portfolio"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


class HandOverForm(forms.Form):
    """To whom a portfolio goes, and from which day: enough for the preview."""

    staff = forms.ChoiceField(label=_("Qui le reprend ?"))
    on = DayField(
        label=_("À partir de quel jour ?"), help_text=_("Par exemple 3/5 ou 3 mai 2027."), past=False
    )

    def __init__(self, *args: Any, colleagues: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = named(colleagues)  # type: ignore[attr-defined]  # a ChoiceField


class HandOverConfirmed(HandOverForm):
    """The same, with the reason: the act itself."""

    why = reason(
        _("Pourquoi ?"),
        _("La raison est écrite aux personnes suivies : par exemple « départ à la retraite »."),
    )


class FindForm(forms.Form):
    """Somebody of the teams, to see or change who follows them."""

    q = forms.CharField(
        label=_("Chercher une personne"),
        help_text=_("Nom, numéro de téléphone ou date de naissance."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
