"""What is typed about standard texts, prices and budgets of messages."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.forms import DayField
from gruppetto.registry.people.models import Channel
from gruppetto.service.messages.models import TextRequest
from gruppetto.service.messages.wording import LONGEST_BODY, LONGEST_REQUEST, LONGEST_SHORT

CHOOSE = ("", _("Choisissez"))


class Mills(forms.CharField):
    """An amount of euros typed as people type it, to a thousandth: ``0,049``, ``25``; kept in thousandths."""

    widget = forms.TextInput({"autocomplete": "off", "inputmode": "decimal"})

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        bare = re.sub(r"[\s€]", "", typed).replace(",", ".")
        try:
            euros = Decimal(bare)
        except InvalidOperation:
            euros = Decimal("NaN")
        if not euros.is_finite() or abs(euros) > 10_000_000 or euros != round(euros, 3):
            raise forms.ValidationError(_("Écrivez un montant comme « 0,049 » ou « 250 »."), code="amount")
        return int(euros * 1000)


class TextForm(forms.Form):
    """A new version of a standard text."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(
        label=_("Objet"),
        max_length=120,
        help_text=_("Il se lit sans ouvrir le message : aucun nom, aucun sujet."),
    )
    body = forms.CharField(
        label=_("Texte du courriel et de la lettre"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea({"rows": 14}),
        strip=False,
    )
    short = forms.CharField(
        label=_("Texte court pour les SMS"),
        max_length=LONGEST_SHORT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Rien de privé. Laissez vide si ce message ne doit jamais partir par SMS."),
    )
    why = forms.CharField(label=_("Pourquoi ce changement"), max_length=200, required=False)


class RequestForm(forms.Form):
    """What a colleague would change."""

    words = forms.CharField(
        label=_("Ce qu’il faudrait changer, et pourquoi"),
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea({"rows": 3}),
    )


class ReplyForm(forms.Form):
    """The answer to a colleague's request."""

    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=[
            CHOOSE,
            (TextRequest.Answer.DONE, _("C’est accepté")),
            (TextRequest.Answer.REFUSED, _("C’est non")),
        ],
    )
    reply = forms.CharField(
        label=_("En une phrase, pour votre collègue"),
        max_length=LONGEST_REQUEST,
        widget=forms.Textarea({"rows": 2}),
    )


class PriceForm(forms.Form):
    """A price from a day on."""

    channel = forms.ChoiceField(
        label=_("Moyen"),
        choices=[CHOOSE, *((one.value, one.label) for one in Channel)],
        help_text=_("Un SMS se compte par partie ; « téléphone » est l’appel qui dit un code."),
    )
    mills = Mills(label=_("Prix d’un envoi, en euros"), help_text=_("Par exemple : 0,049"))
    valid_from = DayField(label=_("À partir du"), past=False)
    source = forms.CharField(
        label=_("D’où vient ce prix"), max_length=200, help_text=_("Par exemple : contrat de mai 2026")
    )


class BudgetForm(forms.Form):
    """A monthly budget from a month on."""

    territory = forms.ChoiceField(label=_("Équipe ou département"))
    mills = Mills(label=_("Budget d’un mois, en euros"))
    from_month = DayField(label=_("À partir du mois de"), help_text=_("N’importe quel jour de ce mois."))

    def __init__(self, *args: Any, territories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].choices = [CHOOSE, *territories]  # type: ignore[attr-defined]  # a choice field
