"""Changing a number or an address while the person, confirmed, is on the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from gruppetto.desks.call_desk.screen import screen
from gruppetto.desks.call_desk.views.answers import around, to_contact
from gruppetto.desks.shared.details import HomeForm, NumberForm, change_home
from gruppetto.desks.shared.forms import say_no
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.identity import Order
from gruppetto.service.contacts.standing import speech_with, standing


@dataclass(frozen=True)
class Change:
    """What may be changed from a call: its form, its verb and the words of its page."""

    title: Promise
    button: Promise
    form: type[forms.Form]
    run: Callable[[UUID, Mapping[str, Any]], object]
    said: Promise


CHANGES = {
    "telephone": Change(
        _("Ajouter un numéro"),
        _("Ajouter le numéro"),
        NumberForm,
        lambda person_id, typed: people.add_phone(
            person_id, typed["number"], label=typed["label"], main=typed["main"]
        ),
        _("Le numéro est ajouté."),
    ),
    "adresse": Change(
        _("Changer l’adresse"),
        _("Enregistrer l’adresse"),
        HomeForm,
        change_home,
        _("L’adresse est enregistrée."),
    ),
}


@page("identify_persons")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, contact_id: UUID, what: str) -> HttpResponse:
    """One of ``CHANGES``; the verb asks for the level, the page says so before anything is typed."""
    one = CHANGES.get(what)
    if one is None:
        raise Unknown(_("Cette page n’existe pas."), code="edit-unknown")
    person_id = standing(contact_id).contact.subject_id
    if person_id is None:
        raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
    form, status = one.form(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                with transaction.atomic():
                    one.run(person_id, form.cleaned_data)
                messages.success(request, str(one.said))
                return to_contact(contact_id, "identite")
            status = Refused.status
        except Refused as refused:
            status = refused.status
            say_no(form, refused)
    speech = speech_with(person_id)
    context = {
        **around(screen(contact_id)),
        "change": one,
        "form": form,
        "may": speech is not None and speech.allows(Order.CHANGE_DETAILS),
    }
    return render(request, "call_desk/details.html", context, status=status)
