"""Calls that wait, were missed or are owed, and contacts nobody is attached to yet."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.context import address
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import CHANNEL
from gruppetto.desks.shared.names import name_of
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.board import call_backs, contacts_without_person, missed_today, waiting_calls
from gruppetto.desks.supervision.items import of_call, of_call_back, of_contact
from gruppetto.desks.supervision.layout import Listed, chosen, show
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.identifiers.phones import display
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.reads import display_names
from gruppetto.service.contacts.models import Contact, ContactReason
from gruppetto.service.contacts.reads import reason_labels
from gruppetto.service.contacts.verbs import owe_call_back

CALLS = "line.changed call_back.due call_back.changed call_back.given_up"
CONTACTS = "contact.concluded contact.person_chosen"


@page("supervise")
def calls(request: HttpRequest) -> HttpResponse:
    """A queue of calls: masked, as the whole desk sees them."""
    kind, cursor = chosen(request, "attente"), cursor_of(request)
    if kind.code == "rappels":
        owed = keyset(call_backs(now()), ["due_at"], cursor, PAGE)
        names = display_names(row.subject_id for row in owed.rows if row.subject_id is not None)
        items = [of_call_back(row, names) for row in owed.rows]
        after = owed.cursor
        empty = _("Aucun rappel à faire pour le moment.")
    else:
        waits = kind.code == "attente"
        found = keyset(
            waiting_calls() if waits else missed_today(), ["rang_at" if waits else "-rang_at"], cursor, PAGE
        )
        items, after = [of_call(row) for row in found.rows], found.cursor
        empty = _("Personne n’attend au téléphone.") if waits else _("Aucun appel manqué aujourd’hui.")
    listed = Listed(kind, items, str(after or ""), CALLS, empty, {"desk": address("call_desk:home")})
    return show(request, "supervision/calls.html", listed)


@page("supervise")
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts that nobody is attached to, newest first."""
    return show(request, "supervision/contacts.html", _contacts(request))


@page("supervise")
def contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """What was noted during one of them."""
    return _contact(request, contact_id, forms.Form())


@page("take_calls")
def call_back(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Promise to call this number back, to learn who it was."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:contact", args=[contact_id]))
    form = forms.Form(request.POST)
    form.is_valid()
    try:
        owe_call_back("promised", contact_id=contact_id)
    except Refused as refused:
        say_no(form, refused)
        return _contact(request, contact_id, form, TO_CORRECT)
    messages.success(request, _("Le rappel est dans la liste des rappels à faire."))
    return SeeOther(reverse("supervision:contacts"))


def _contacts(request: HttpRequest) -> Listed:
    kind = chosen(request, "sans-personne")
    found = keyset(contacts_without_person(), ["-happened_at"], cursor_of(request), PAGE)
    items = [of_contact(row, reverse("supervision:contact", args=[row.pk])) for row in found.rows]
    return Listed(kind, items, str(found.cursor or ""), CONTACTS, _("Tous les contacts ont leur personne."))


def _contact(request: HttpRequest, contact_id: UUID, form: forms.Form, status: int = 200) -> HttpResponse:
    found = Contact.objects.filter(pk=contact_id, subject_id=None).first()
    if found is None:
        raise Unknown(_("Ce contact n’est pas dans cette liste."), code="contact-unknown")
    labels = reason_labels()
    reasons = ContactReason.objects.filter(contact_id=contact_id).order_by("id")
    return show(
        request,
        "supervision/contacts.html",
        _contacts(request),
        current=str(contact_id),
        status=status,
        form=form,
        contact=found,
        channel=CHANNEL[found.channel],
        facts=[
            (_("Le"), moment_text(found.happened_at)),
            (_("Numéro"), display(found.number) if found.number else _("non connu")),
            (_("Motifs"), ", ".join(dict.fromkeys(labels.get(one.reason, one.reason) for one in reasons))),
            (
                _("Noté par"),
                name_of(found.taken_by_id),
            ),
        ],
    )
