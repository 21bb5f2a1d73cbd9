"""The catalogue in force: kinds of request, help lines, what to do in grave situations; and vouching for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice.views.organisations import CHECKED, TO_CHECK
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.responses import SeeOther, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.service.catalogue import checking, editing
from gruppetto.service.catalogue.drafts import KIND, draft_of
from gruppetto.service.catalogue.models import KindVersion
from gruppetto.service.catalogue.reads import (
    guides_in_force,
    help_lines_in_force,
    kind_in_force,
    kinds_in_force,
    reasons_in_force,
)
from gruppetto.service.knowledge.verbs import check_article

CHECKS: dict[str, Callable[[str], object]] = {
    "demarche": checking.check_kind,
    "numero": checking.check_help_line,
    "conduite": checking.check_guide,
    "article": check_article,
}
BACK = "a-verifier"


@page("keep_catalogue")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything in force, with what is still to be checked (4 queries)."""
    at = now()
    return render(
        request,
        "backoffice/catalogue.html",
        {
            "kind_columns": [
                Column(_("Démarche")),
                Column(_("Domaine")),
                Column(_("Difficulté")),
                Column(_("Version"), "number"),
                Column(_("Source lue le")),
                Column(_("État")),
            ],
            "kind_rows": [
                [
                    Cell(kind.label, reverse("backoffice:kind", args=[kind.code])),
                    str(kind.sub_domain.label),
                    str(kind.grade.label),
                    kind.version,
                    _day(kind.seen_on),
                    Cell(look=CHECKED if kind.checked else TO_CHECK),
                ]
                for kind in kinds_in_force(at)
            ],
            "help_lines": [(one, CHECKED if one.is_checked else TO_CHECK) for one in help_lines_in_force(at)],
            "guides": [(one, CHECKED if one.checked_on else TO_CHECK) for one in guides_in_force(at)],
            "reasons": reasons_in_force(at),
        },
    )


@page("keep_catalogue")
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """One kind, with all its content."""
    found = kind_in_force(code, now())
    versions = KindVersion.objects.filter(kind_id=code).select_related("created_by", "published_by")
    return render(
        request,
        "backoffice/kind.html",
        {
            "kind": found,
            "look": CHECKED if found.checked else TO_CHECK,
            "draft": draft_of(KIND, code),
            "version_columns": [
                Column(_("Version"), "number"),
                Column(_("À partir du")),
                Column(_("Jusqu’au")),
                Column(_("Écrite par")),
                Column(_("Publiée par")),
                Column(_("Ce qui change")),
            ],
            "versions": [
                [
                    one.number,
                    one.valid_from,
                    one.valid_until or "",
                    one.created_by.name if one.created_by else _("fichier"),
                    one.published_by.name if one.published_by else _("fichier"),
                    one.why,
                ]
                for one in versions.order_by("-number")
            ],
            "planned": versions.filter(valid_from__gt=now()).first(),
            "facts": [
                (_("Domaine"), f"{found.domain.label} – {found.sub_domain.label}"),
                (_("Difficulté"), str(found.grade.label)),
                (_("Prix"), str(found.price_class.label)),
                (_("Confidentialité"), str(found.sensitivity.label)),
                (_("Version"), found.version),
                (_("Source lue le"), _day(found.seen_on)),
                (_("Vérifiée par"), found.checked_by),
                (_("Vérifiée le"), _day(found.checked_on)),
            ],
        },
    )


@page("keep_catalogue")
def check(request: HttpRequest, table: str, code: str) -> HttpResponse:
    """Vouch for one entry; back to where it is shown."""
    if table not in CHECKS:
        raise Unknown(_("Cette entrée du catalogue n’existe pas."), code="unknown-entry")
    if request.method == "POST":
        CHECKS[table](code)
        messages.success(request, _("C’est vérifié, à votre nom et à la date d’aujourd’hui."))
    if request.POST.get("next") == BACK:
        return SeeOther(f"{reverse('backoffice:to_check')}?{urlencode({'quoi': table})}")
    if table == "demarche":
        return see("backoffice:kind", code)
    if table == "article":
        return see("backoffice:articles")
    return SeeOther(f"{reverse('backoffice:catalogue')}#{table}-{code}")


@page("keep_catalogue")
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Offer a kind no more, with the reason."""
    editing.withdraw_kind(code, request.POST.get("why", ""))
    messages.success(request, _("La démarche n’est plus proposée. Les demandes en cours la gardent."))
    return see("backoffice:catalogue")


@page("keep_catalogue")
@require_POST
def unschedule(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take back a version that has not begun."""
    editing.unschedule_kind(code, number)
    messages.success(request, _("La version prévue est retirée."))
    return see("backoffice:kind", code)


def _day(day: date | None) -> str:
    return day_text(day, year=True) if day else ""
