"""What did not succeed and a supervisor should know: identities not confirmed, calls back in vain."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import CALL_BACK, CHANNEL
from gruppetto.desks.shared.names import name_of
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.board import call_backs_given_up, identities_not_confirmed
from gruppetto.desks.supervision.items import of_call_back, of_failed_identity
from gruppetto.desks.supervision.layout import Listed, chosen, person_facts, show
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.identifiers.phones import display
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.identity import WRONG_ANSWERS, questions_missed
from gruppetto.registry.people.reads import card, display_names
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.contacts.verbs import see_failures, settle_given_up

GIVEN_UP = "call_back.given_up call_back.changed"
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
    messages.success(request, _("C’est noté : vous l’avez lu."))
    return SeeOther(reverse("supervision:identities"))


@page("supervise")
def given_up(request: HttpRequest) -> HttpResponse:
    """Numbers of nobody we know that did not answer twice, newest first."""
    return show(request, "supervision/given_up.html", _given_up(request))


@page("supervise")
def one_given_up(request: HttpRequest, call_back_id: UUID) -> HttpResponse:
    """One of them: why we called, when."""
    return _one_given_up(request, call_back_id, forms.Form())


@page("supervise")
def settle(request: HttpRequest, call_back_id: UUID) -> HttpResponse:
    """Call again, or go no further."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:one_given_up", args=[call_back_id]))
    form, again = forms.Form(request.POST), request.POST.get("again") == "yes"
    form.is_valid()
    try:
        settle_given_up(call_back_id, again=again)
    except Refused as refused:
        say_no(form, refused)
        return _one_given_up(request, call_back_id, form, TO_CORRECT)
    messages.success(
        request,
        _("Le rappel est dans la liste des rappels à faire.") if again else _("C’est noté : rien de plus."),
    )
    return SeeOther(reverse("supervision:given_up"))


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


def _given_up(request: HttpRequest) -> Listed:
    kind = chosen(request, "rappels-abandonnes")
    found = keyset(call_backs_given_up(), ["-due_at"], cursor_of(request), PAGE)
    items = [of_call_back(row, {}, reverse("supervision:one_given_up", args=[row.pk])) for row in found.rows]
    return Listed(kind, items, str(found.cursor or ""), GIVEN_UP, _("Aucun rappel abandonné."))


def _one_given_up(request: HttpRequest, owed_id: UUID, form: forms.Form, status: int = 200) -> HttpResponse:
    owed = CallBack.objects.filter(pk=owed_id, state=CallBack.State.GIVEN_UP, subject_id=None).first()
    if owed is None:
        raise Unknown(_("Ce rappel n’est pas dans cette liste."), code="call-back-unknown")
    return show(
        request,
        "supervision/given_up.html",
        _given_up(request),
        current=str(owed_id),
        status=status,
        form=form,
        owed=owed,
        look=CALL_BACK[owed.state],
        others=[{"label": _("Rien de plus à faire"), "name": "again", "value": "no"}],
        facts=[
            (_("Numéro"), display(owed.number)),
            (_("Pourquoi on rappelait"), str(owed.get_why_display()).capitalize()),
            (_("Essais"), str(owed.attempts)),
            (_("Dernier essai"), moment_text(owed.last_attempt_at) if owed.last_attempt_at else ""),
            (_("Dernier essai par"), name_of(owed.done_by)),
        ],
    )
