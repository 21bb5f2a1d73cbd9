"""Letters and messages prepared for persons: read, printed, handed over by a human."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import CHANNEL
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.items import of_message
from gruppetto.desks.supervision.layout import Listed, chosen, person_facts, show
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.search.pages import lateral
from gruppetto.registry.people.models import Need
from gruppetto.registry.people.reads import PersonCard, card, display_names
from gruppetto.service.interventions.reads import portfolios_in_scope
from gruppetto.service.messages import letters as post
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.verbs import hand_over


@page("supervise")
def letters(request: HttpRequest) -> HttpResponse:
    """What is prepared and not handed over yet, oldest first."""
    return show(request, "supervision/letters.html", _listed(request))


@page("supervise")
def one(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message: its text, how the person wants it, its paper."""
    message = _message(message_id)
    _look(message)
    return _record(request, message, forms.Form())


@page("supervise")
def paper(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The letter as PDF; ``gros``: in large print."""
    message = _message(message_id)
    _look(message)
    large = request.GET.get("gros") == "1"
    envelope = _envelope(card(message.subject_id, look=False))
    content = post.paper(message.title, message.text, envelope, message.prepared_at, large_print=large)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="courrier.pdf"'
    return response


@page("supervise")
def handed_over(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """A human posted it, read it out or typed it."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:letter", args=[message_id]))
    message, form = _message(message_id), forms.Form(request.POST)
    form.is_valid()
    try:
        hand_over(message_id)
    except Refused as refused:
        say_no(form, refused)
        return _record(request, message, form, TO_CORRECT)
    messages.success(request, _("C’est noté : le courrier est remis."))
    return SeeOther(reverse("supervision:letters"))


def _listed(request: HttpRequest) -> Listed:
    kind = chosen(request, "a-remettre")
    prepared = Message.objects.filter(state=Message.State.PREPARED).defer("text")
    found = lateral(
        prepared, "portfolio_id", portfolios_in_scope(), ["prepared_at"], cursor_of(request), PAGE
    )
    names = display_names(row.subject_id for row in found.rows)
    items = [
        of_message(row, names.get(row.subject_id, ""), reverse("supervision:letter", args=[row.pk]))
        for row in found.rows
    ]
    return Listed(
        kind,
        items,
        str(found.cursor or ""),
        "message.prepared message.sent",
        _("Tous les courriers sont remis."),
    )


def _envelope(known: PersonCard) -> list[str]:
    """The lines of the envelope. Raises ``Refused`` (address-missing)."""
    where = known.mail or known.home
    if where is None:
        raise Refused(
            _("Il manque l’adresse de la personne : notez-la dans sa fiche, puis imprimez la lettre."),
            code="address-missing",
        )
    return [known.name, *where.lines.splitlines()[:4], f"{where.postcode} {where.commune}"]


def _message(message_id: UUID) -> Message:
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        raise Unknown(_("Ce message n’est pas dans votre périmètre."), code="message-unknown")
    return message


def _record(request: HttpRequest, message: Message, form: forms.Form, status: int = 200) -> HttpResponse:
    known = card(message.subject_id, look=False)
    return show(
        request,
        "supervision/letters.html",
        _listed(request),
        current=str(message.pk),
        status=status,
        form=form,
        message=message,
        channel=CHANNEL[message.channel],
        paragraphs=[part for part in message.text.split("\n") if part.strip()],
        known=known,
        facts=person_facts(known),
        large=_reads_large(known),
    )


def _reads_large(known: PersonCard) -> bool:
    return any(need.kind == Need.Kind.SIGHT for need in known.needs)


def _look(message: Message) -> None:
    journal.look(
        "message.read",
        subject=("service_messages.message", message.pk),
        person_id=message.subject_id,
        portfolio_id=message.portfolio_id,
    )
