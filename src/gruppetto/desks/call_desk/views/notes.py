"""What is written during a call: reasons, drafts, a call back promised, a protected record."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gruppetto.desks.call_desk.forms import CallBackForm, ProtectedForm
from gruppetto.desks.call_desk.screen import draft_key, screen
from gruppetto.desks.call_desk.views.answers import (
    CORRECT,
    around,
    reasons_form,
    show_contact,
    to_contact,
    to_correct,
)
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people import identity
from gruppetto.service.catalogue.guides import Guide
from gruppetto.service.catalogue.reads import guides_in_force
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import CallBack

# The forms whose drafts are kept: the conclusion (no name), reasons, new person, one per guide, one per kind.
PART = re.compile(r"(conclure|motifs|personne|(signaler|demande)-[a-z0-9-]{1,60})")


@page("record_requests")
@require_POST
def reasons(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Why the person contacts us; several, in one act."""
    shown = screen(contact_id)
    form = reasons_form(shown, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                verbs.note_reasons(contact_id, form.chosen())
                if request.POST.get("asked_by_us"):
                    verbs.asked_by_us(contact_id)
        except Refused as refused:
            form.refuse(refused)
        else:
            verbs.drop_draft(draft_key(contact_id, "motifs"))
            messages.success(request, _("Les motifs sont notés."))
            return to_contact(contact_id, "demarche" if shown.person else "qui")
    return show_contact(request, contact_id, CORRECT, reasons=form)


@page("take_calls")
@require_POST
def draft(request: HttpRequest, contact_id: UUID, part: str) -> HttpResponse:
    """Keep what is being typed: only what changed is sent, and joins what was kept."""
    if not PART.fullmatch(part):
        raise Unknown(_("Ce formulaire n’existe pas."), code="form-unknown")
    key = draft_key(contact_id, "" if part == "conclure" else part)
    typed = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and values
    }
    verbs.save_draft(key, {**(reads.kept_draft(key) or {}), **typed})
    return HttpResponse(status=204)


@page("take_calls")
@require_POST
def promise_call_back(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Promise a call on an agreed time; after three wrong answers, only to a verified number."""
    form = CallBackForm(request.POST)
    if form.is_valid():
        contact = reads.contact_page(contact_id).contact
        blocked = contact.failures >= identity.WRONG_ANSWERS
        try:
            verbs.owe_call_back(
                CallBack.Why.SAFETY if blocked else CallBack.Why.PROMISED,
                contact_id=contact_id,
                number=form.cleaned_data["number"],
                due_at=form.due_at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Le rappel est noté."))
            return to_contact(contact_id)
    return show_contact(request, contact_id, CORRECT, call_back=form, call_back_open=True)


@page("open_distress")
@require_POST
def protect(request: HttpRequest, contact_id: UUID, guide_code: str) -> HttpResponse:
    """Write the protected record of a grave situation; whoever writes it does not read it again."""
    guide = _guide(guide_code)
    form = ProtectedForm(
        request.POST, guide=guide, colleagues=[(one.pk, one.name) for one in reads.colleagues()]
    )
    if form.is_valid():
        try:
            verbs.write_protected(contact_id, guide.code, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            verbs.drop_draft(draft_key(contact_id, f"signaler-{guide.code}"))
            messages.success(request, _("Le signalement est écrit. Un responsable est prévenu."))
            return to_contact(contact_id)
    panels = around(screen(contact_id))["panels"]
    return show_contact(request, contact_id, CORRECT, panels=to_correct(panels, form, guide.code))


def _guide(code: str) -> Guide:
    found = next((guide for guide in guides_in_force(now()) if guide.code == code), None)
    if found is None:
        raise Unknown(_("Cette aide n’existe pas."), code="unknown-guide")
    return found
