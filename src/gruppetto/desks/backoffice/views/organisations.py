"""Organisations: those a human still has to check first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.forms import OrganisationFilter, OrganisationForm
from gruppetto.desks.shared import wording
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import name_of
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.organisations import verbs
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.organisations.reads import active

CHECKED = Look(gettext_lazy("Vérifié"), "good", "check-circle-fill")
TO_CHECK = Look(gettext_lazy("À vérifier"), "warning", "eye")


@page("keep_catalogue")
def organisations(request: HttpRequest) -> HttpResponse:
    """Those open today, by name."""
    form = OrganisationFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = active(today(), asked.get("nature", ""))
    if asked.get("a_verifier"):
        rows = rows.filter(checked_on=None)
    found = keyset(rows.select_related("commune"), ["name_key"], cursor_of(request), PAGE)
    return render(
        request,
        "backoffice/organisations.html",
        {
            "form": form,
            "columns": [
                Column(_("Nom")),
                Column(_("Nature")),
                Column(_("Téléphone")),
                Column(_("Commune")),
                Column(_("État")),
            ],
            "rows": [_row(one) for one in found.rows],
            "after": str(found.cursor or ""),
        },
    )


@page("keep_catalogue")
def one(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """What we say of one, where it comes from, who vouched for it."""
    return _record(request, _known(organisation_id))


@page("keep_catalogue")
def change(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Correct what we say of it: it is then to be checked again."""
    if request.method != "POST":
        return see("backoffice:organisation", organisation_id)
    form = OrganisationForm(request.POST)
    if form.is_valid():
        try:
            verbs.change(organisation_id, **form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est enregistré. Il reste à vérifier."))
            return see("backoffice:organisation", organisation_id)
    return _record(request, _known(organisation_id), form, TO_CORRECT)


@page("keep_catalogue")
def check(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Vouch for it as it stands."""
    if request.method == "POST":
        verbs.check(organisation_id)
        messages.success(request, _("C’est vérifié, à votre nom et à la date d’aujourd’hui."))
    return see("backoffice:organisation", organisation_id)


def _known(organisation_id: UUID) -> Organisation:
    found = Organisation.objects.select_related("commune").filter(pk=organisation_id).first()
    if found is None:
        raise Unknown(_("Cet organisme n’existe pas."), code="unknown-organisation")
    return found


def _record(
    request: HttpRequest, known: Organisation, form: OrganisationForm | None = None, status: int = 200
) -> HttpResponse:
    initial = {name: getattr(known, name) for name in OrganisationForm.base_fields}
    return render(
        request,
        "backoffice/organisation.html",
        {
            "known": known,
            "form": form or OrganisationForm(initial=initial),
            "look": CHECKED if known.is_checked else TO_CHECK,
            "facts": [
                (_("Nature"), known.get_kind_display()),
                (_("Commune"), str(known.commune or "")),
                (_("SIREN"), known.siren),
                (_("SIRET"), known.siret),
                (_("Source lue le"), day_text(known.seen_on, year=True) if known.seen_on else ""),
                (_("Vérifié par"), name_of(known.checked_by_id)),
                (_("Vérifié le"), day_text(known.checked_on, year=True) if known.checked_on else ""),
            ],
        },
        status=status,
    )


def _row(one: Organisation) -> list[object]:
    return [
        Cell(one.name, reverse("backoffice:organisation", args=[one.pk])),
        str(one.get_kind_display()).capitalize(),
        wording.phone(one.phone) if one.phone else "",
        str(one.commune or ""),
        Cell(look=CHECKED if one.is_checked else TO_CHECK),
    ]
