"""What did not succeed and a supervisor should know: identities that were not confirmed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import CHANNEL
from gruppetto.desks.shared.names import name_of
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.board import identities_not_confirmed
from gruppetto.desks.supervision.items import of_failed_identity
from gruppetto.desks.supervision.layout import Listed, chosen, person_facts, show
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.identifiers.phones import display
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.identity import WRONG_ANSWERS, questions_missed
from gruppetto.registry.people.reads import card, display_names
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.contacts.verbs import see_failures

IDENTITIES = "people.identity_failed contact.failures_seen"


@page("supervise")
def identities(request: HttpRequest) -> HttpResponse:
    """Contacts where three answers were wrong, newest first."""
    return show(request, "supervision/identities.html", _identities(request))


@page("supervise")
def identity(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """One of them: who was named, who took it, which questions failed; never an answer."""
    return _identity(request, contact_id, forms.Form())


@page("supervise")
def identity_seen(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The supervisor has read it: it leaves the list."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:identity", args=[contact_id]))
    form = forms.Form(request.POST)
    form.is_valid()
    try:
        see_failures(contact_id)
    except Refused as refused:
        say_no(form, refused)
        return _identity(request, contact_id, form, TO_CORRECT)
    messages.success(request, _("C’est noté : vous l’avez lu."))
    return SeeOther(reverse("supervision:identities"))


def _identities(request: HttpRequest) -> Listed:
    kind = chosen(request, "identites")
    found = keyset(identities_not_confirmed(), ["-happened_at"], cursor_of(request), PAGE)
    names = display_names(row.subject_id for row in found.rows if row.subject_id)
    items = [
        of_failed_identity(row, names, reverse("supervision:identity", args=[row.pk])) for row in found.rows
    ]
    return Listed(
        kind, items, str(found.cursor or ""), IDENTITIES, _("Toutes les identités ont pu être confirmées.")
    )


def _identity(request: HttpRequest, contact_id: UUID, form: forms.Form, status: int = 200) -> HttpResponse:
    found = Contact.objects.filter(pk=contact_id, failures__gte=WRONG_ANSWERS).first()
    if found is None:
        raise Unknown(_("Ce contact n’est pas dans cette liste."), code="contact-unknown")
    known = card(found.subject_id) if found.subject_id else None
    owed = CallBack.objects.filter(contact_id=found.pk, why=CallBack.Why.SAFETY).order_by("-due_at").first()
    return show(
        request,
        "supervision/identities.html",
        _identities(request),
        current=str(contact_id),
        status=status,
        form=form,
        contact=found,
        channel=CHANNEL[found.channel],
        title=_("Identité non confirmée"),
        questions=questions_missed(found.pk),
        known=known,
        person=person_facts(known) if known else [],
        facts=[
            (_("Le"), moment_text(found.happened_at)),
            (_("Numéro"), display(found.number) if found.number else _("non connu")),
            (_("Disait être"), found.caller_link or _("la personne elle-même")),
            (_("Noté par"), name_of(found.taken_by_id)),
            (_("Rappel sur un numéro vérifié"), owed.get_state_display() if owed else _("pas prévu")),
        ],
    )
