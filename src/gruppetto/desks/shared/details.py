"""A number added, an address changed: asked the same way on the person's record and during a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.geography.reads import communes_of
from gruppetto.registry.people import verbs
from gruppetto.registry.people.identity import Asked

DAY = _("Par exemple 3/5/2026. Laissez vide pour aujourd’hui.")


def asked_field() -> forms.ChoiceField:
    """How the person asked it: a question for who changes a record without a contact under way."""
    return forms.ChoiceField(
        label=_("Comment la personne vous l’a-t-elle demandé ?"),
        choices=Asked.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la personne vous l’a demandé.")},
    )


class NumberForm(forms.Form):
    """A number to add."""

    number = forms.CharField(
        label=_("Numéro"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    label = forms.CharField(
        label=_("Précision"), required=False, max_length=60, help_text=_("Par exemple « chez sa fille ».")
    )
    main = forms.BooleanField(label=_("C’est le numéro à appeler d’abord"), required=False)


class HomeForm(forms.Form):
    """Where the person lives."""

    lines = forms.CharField(
        label=_("Numéro et rue"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(
        label=_("Code postal"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    commune = forms.CharField(
        label=_("Commune"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    commune_code = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)
    moved = forms.ChoiceField(
        label=_("Que s’est-il passé ?"),
        choices=[("yes", _("La personne a déménagé")), ("no", _("L’adresse était mal écrite"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    since = forms.CharField(label=_("Depuis le"), required=False, help_text=DAY)


def change_home(person_id: UUID, typed: Mapping[str, Any]) -> object:
    """Write the address of a ``HomeForm``: moved there, or the same one written better.

    Raises ``Refused`` (commune-unclear) and as the verbs.
    """
    code = commune_code(typed["postcode"], typed["commune"], typed["commune_code"])
    where, asked = (person_id, typed["lines"], typed["postcode"], code), typed.get("asked", "")
    if typed["moved"] == "no":
        return verbs.correct_home(*where, asked=asked)
    return verbs.move_home(*where, since=typed["since"], asked=asked)


def commune_code(postcode: str, name: str, chosen: str) -> str:
    """The commune meant by a postcode and a name as typed. Raises ``Refused`` (commune-unclear)."""
    proposed = communes_of(postcode)
    alike = [one for one in proposed if one.code == chosen] or [
        one for one in proposed if one.name_key == name_key(name)
    ]
    if alike:
        return str(alike[0].code)
    names = ", ".join(one.name for one in proposed[:6])
    raise Refused(
        _("Ce code postal sert : %(names)s. Choisissez la commune.") % {"names": names}
        if names
        else _("Ce code postal n’existe pas."),
        code="commune-unclear",
        field="commune" if names else "postcode",
    )
