"""The search box of every desk: its suggestions while one types, and the page of all that was found.

What is typed is sent, never written in an address: the page of results is named by the search sealed for this one
session (docs/adr/0009), so that going back and forth works and an address says nothing to anybody else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.kernel.access.rules import abilities_of, page
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.secrets import CannotOpen, Sealed, open_, seal
from gruppetto.service.contacts.models import Contact
from gruppetto.service.finding.query import LONGEST, read
from gruppetto.service.finding.reads import PAGE, SUGGESTED, Found, search


class BoxForm(forms.Form):
    """The box, as it stands on its own page."""

    q = forms.CharField(
        label=gettext_lazy("Chercher une personne, une demande, un échange, une commune"),
        help_text=gettext_lazy(
            "Un nom, un téléphone, une date de naissance (« 1941 », « 12/1941 »), une référence, une commune ou des"
            " mots de l’histoire ; plusieurs à la fois, dans n’importe quel ordre : « dupont revel 1941 »."
        ),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True)
class Line:
    """A line of the results. ``href`` empty: to be read, not opened."""

    one: Any
    href: str


@dataclass(frozen=True)
class Shown:
    """What was found, with where each line leads."""

    found: Found
    people: list[Line]
    interventions: list[Line]
    contacts: list[Line]
    articles: list[Line]

    @property
    def said(self) -> str:
        """How many, in words: what a screen reader is told."""
        number = self.found.number
        if not number:
            return _("Rien trouvé.")
        return ngettext("%(n)d résultat.", "%(n)d résultats.", number) % {"n": number}


@page("find")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The box alone; what is sent leads to its results."""
    if request.method != "POST":
        return render(request, "shared/finding/page.html", {"form": BoxForm(), "shown": None})
    typed = request.POST.get("q", "")
    try:
        read(typed, today())
    except Refused as refused:
        form = BoxForm({"q": typed[: 2 * LONGEST]})
        form.is_valid()
        form.add_error("q", str(refused.message))
        return render(request, "shared/finding/page.html", {"form": form, "shown": None}, status=TO_CORRECT)
    return SeeOther(reverse("find_results", args=[_sealed(typed)]))


@page("find")
@require_safe
def results(request: HttpRequest, sealed: str) -> HttpResponse:
    """All that a search finds; each reading of the page is a look."""
    try:
        typed = _opened(sealed)
    except CannotOpen:
        messages.info(request, _("Cette recherche est refermée : tapez-la de nouveau."))
        return see("find")
    context = {"form": BoxForm({"q": typed}), "shown": _shown(search(typed, PAGE))}
    return render(request, "shared/finding/page.html", context)


@page("find")
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The best of each group while one types; words to be read out when there is nothing to choose."""
    try:
        shown = _shown(search(request.POST.get("q", ""), SUGGESTED, unfinished=True))
    except Refused as refused:
        return render(request, "shared/finding/suggestions.html", {"shown": None, "said": refused.message})
    context = {"shown": shown, "said": shown.said}
    return render(request, "shared/finding/suggestions.html", context)


def _shown(found: Found) -> Shown:
    """Where each line leads: to the record for who may open it, to the contact under way for who has only that."""
    persons = {one.id for one in found.people} | {one.person_id for one in found.contacts if one.person_id}
    leads = _leads(persons)
    may_work = "work_interventions" in abilities_of(current_actor().role)
    return Shown(
        found,
        people=[Line(one, leads.get(one.id, "")) for one in found.people],
        interventions=[
            Line(one, reverse("correspondent:intervention", args=[one.id]) if may_work else "")
            for one in found.interventions
        ],
        contacts=[Line(one, leads.get(one.person_id, "") if one.person_id else "") for one in found.contacts],
        articles=[Line(one, reverse("knowledge_desk:article", args=[one.code])) for one in found.articles],
    )


def _leads(persons: Iterable[UUID]) -> dict[UUID, str]:
    """The page of each of these persons, as far as one may open it (at most one query)."""
    actor = current_actor()
    if "see_persons" in abilities_of(actor.role):
        return {key: reverse("correspondent:person", args=[key]) for key in persons}
    in_hand = Contact.objects.filter(
        taken_by_id=actor.account_id, state__in=("taken", "wrapping"), subject_id__in=set(persons)
    )
    return {
        subject: reverse("call_desk:contact", args=[key])
        for key, subject in in_hand.values_list("pk", "subject_id")
        if subject is not None
    }


def _bound() -> str:
    """What a sealed search opens for: this session, nobody else's."""
    return f"search:{hashlib.sha256(current_actor().key.encode()).hexdigest()}"


def _sealed(typed: str) -> str:
    packed = seal(typed.encode(), _bound()).to_bytes()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _opened(sealed: str) -> str:
    """The search as it was typed. Raises ``CannotOpen`` for another session's, or what was never one."""
    try:
        packed = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except (binascii.Error, ValueError) as error:
        raise CannotOpen("unknown-format") from error
    return open_(Sealed.from_bytes(packed), _bound()).decode()
