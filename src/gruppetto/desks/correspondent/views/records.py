"""Changing a person's record: one small page per change, one verb each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from gruppetto.desks.correspondent.edits import EDITS
from gruppetto.desks.shared.details import asked_field
from gruppetto.desks.shared.responses import SeeOther
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people import identity
from gruppetto.registry.people.reads import card


@page("edit_persons")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, person_id: UUID, what: str, row_id: UUID | None = None) -> HttpResponse:
    """One of ``EDITS``; refused, the page comes back with what was typed and the reason beside the field."""
    edit = EDITS.get(what)
    if edit is None or (edit.row is None) != (row_id is None):
        raise Unknown(_("Cette page n’existe pas."), code="edit-unknown")
    shown = card(person_id, look=request.method != "POST")
    row = edit.row(shown, row_id) if edit.row and row_id else None
    if row_id is not None and row is None:
        raise Unknown(_("Cette ligne n’est plus dans la fiche."), code="row-unknown")
    speech = identity.speech_with(shown.person.pk) if edit.order else None
    form = edit.form(request.POST if request.method == "POST" else None, initial=edit.initial(shown, row))
    if edit.order and speech is None:
        form.fields["asked"] = asked_field()
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                with transaction.atomic():
                    edit.run(person_id, row_id, form.cleaned_data)
                messages.success(request, str(edit.said))
                return SeeOther(reverse("correspondent:person", args=[person_id]))
            status = Refused.status
        except Unknown:
            raise
        except Refused as refused:
            status = refused.status
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
    context = {
        "edit": edit,
        "form": form,
        "card": shown,
        "row_name": edit.named(row) if row else "",
        "too_soon": speech if speech and edit.order and not speech.allows(edit.order) else None,
    }
    return render(request, "correspondent/edit.html", context, status=status)
