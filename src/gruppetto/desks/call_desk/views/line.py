"""The line: what rings, what one takes, the contacts that no line brings, the calls that we owe."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.call_desk.board import board
from gruppetto.desks.call_desk.forms import HandTypedForm
from gruppetto.desks.call_desk.moment import moment
from gruppetto.desks.call_desk.views.answers import home, to_contact
from gruppetto.desks.shared.responses import see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.reads import help_lines_in_force
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import CallBack, Contact


@page("take_calls")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The desk between two calls."""
    return _desk(request, HandTypedForm())


def _desk(request: HttpRequest, hand_typed: HandTypedForm, status: int = 200) -> HttpResponse:
    shown = board()
    context = {
        "board": shown,
        "moment": moment(one.row.call.rang_at for one in shown.calls if one.waits),
        "hand_typed": hand_typed,
        "help_lines": help_lines_in_force(now()),
    }
    return render(request, "call_desk/desk.html", context, status=status)


@page("take_calls")
@require_safe
def line(request: HttpRequest) -> HttpResponse:
    """The pane of the line alone, read again when something changed."""
    try:
        here = UUID(request.GET.get("contact", ""))
    except ValueError:
        here = None
    context = {"board": board(here, quiet="calme" in request.GET), "again": True}
    return render(request, "call_desk/parts/line.html", context)


@page("take_calls")
@require_safe
def how_it_goes(request: HttpRequest) -> HttpResponse:
    """The wait and the busy half hour alone, read again when a call moves."""
    return render(request, "call_desk/parts/moment.html", {"moment": moment()})


@page("take_calls")
@require_POST
def take(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Take a call; who comes second learns who has it."""
    try:
        verbs.take(contact_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return home()
    return to_contact(contact_id)


@page("take_calls")
@require_POST
def visit(request: HttpRequest) -> HttpResponse:
    """Somebody is at the counter."""
    return to_contact(verbs.visit(Contact.Channel.COUNTER).pk)


@page("take_calls")
@require_POST
def hand_typed(request: HttpRequest) -> HttpResponse:
    """A contact that came by another way than the line."""
    form = HandTypedForm(request.POST)
    if form.is_valid():
        try:
            return to_contact(verbs.visit(form.cleaned_data["channel"]).pk)
        except Refused as refused:
            form.refuse(refused)
    return _desk(request, form, status=422)


@page("join_calls")
@require_POST
def join(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The correspondent joins a call that a colleague has."""
    try:
        verbs.join(contact_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return home()
    return to_contact(contact_id)


@page("take_calls")
@require_safe
def call_backs(request: HttpRequest) -> HttpResponse:
    """The calls that we owe now."""
    context = {"board": board(quiet=True), "owed": reads.call_backs_due()}
    return render(request, "call_desk/call_backs.html", context)


@page("take_calls")
@require_POST
def start_call_back(request: HttpRequest, call_back_id: UUID) -> HttpResponse:
    """Dial: the call becomes a contact in one's hands, about whom it is owed to."""
    try:
        with transaction.atomic():
            contact = verbs.start_call_back(call_back_id)
            if person_id := CallBack.objects.values_list("subject_id", flat=True).get(pk=call_back_id):
                verbs.choose_person(contact.pk, person_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return see("call_desk:call_backs")
    return to_contact(contact.pk)


@page("take_calls")
@require_POST
def note_call_back(request: HttpRequest, contact_id: UUID, call_back_id: UUID) -> HttpResponse:
    """How a try went; when nobody answered there is nothing more to write."""
    reached = request.POST.get("reached") == "yes"
    try:
        with transaction.atomic():
            owed = verbs.attempt_call_back(call_back_id, reached)
            if not reached:
                verbs.conclude(contact_id, _("Rappel : personne n’a répondu."))
    except Refused as refused:
        messages.warning(request, str(refused.message))
        return to_contact(contact_id)
    if reached:
        return to_contact(contact_id)
    if owed.state == CallBack.State.GIVEN_UP:
        messages.info(
            request, _("Deux essais sans réponse : ce rappel est terminé, la suite se fait par écrit.")
        )
    return see("call_desk:call_backs")
