"""Protected records: who may read them is the database's to say, each reading is in the journal (G23, G24)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.supervision.board import unread_records
from gruppetto.desks.supervision.items import of_record
from gruppetto.desks.supervision.kinds import Kind
from gruppetto.desks.supervision.layout import Listed, chosen, show
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.reads import display_names
from gruppetto.service.catalogue.reads import guides_in_force
from gruppetto.service.contacts.models import ProtectedRecord
from gruppetto.service.contacts.verbs import open_protected

ALL = Kind(
    "toutes",
    "people",
    gettext_lazy("Fiches protégées"),
    "shield",
    "supervision:protected",
    gettext_lazy("Danger, arnaque ou violence signalés, lus ou non."),
)


@page("see_protected_records")
def records(request: HttpRequest) -> HttpResponse:
    """The records of the teams, newest first; their words stay closed."""
    return show(request, "supervision/protected.html", _listed(request))


@page("see_protected_records")
def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One record, read: the reading is written before it is shown."""
    read = open_protected(record_id)
    guides = {guide.code: guide for guide in guides_in_force(now())}
    guide = guides.get(read.guide)
    authors = names_of([read.written_by, read.seen_by])
    person = display_names([read.subject_id]) if read.subject_id else {}
    return show(
        request,
        "supervision/protected.html",
        _listed(request),
        current=str(record_id),
        record=read,
        guide=guide,
        title=guide.label if guide else read.guide,
        facts=[
            (_("Écrite par"), authors.get(read.written_by, "")),
            (_("Personne concernée"), person.get(read.subject_id, "") if read.subject_id else ""),
            (_("Première lecture par"), authors.get(read.seen_by, "")),
            (_("Concerne un membre de l’équipe"), _("oui") if read.about_account else _("non")),
        ],
    )


def _listed(request: HttpRequest) -> Listed:
    kind = chosen(request, "a-lire", ALL) if request.GET.get("file") else ALL
    rows = unread_records() if kind.code == "a-lire" else ProtectedRecord.objects.all()
    found = keyset(rows.defer("words"), ["-written_at"], cursor_of(request), PAGE)
    labels = {guide.code: guide.label for guide in guides_in_force(now())}
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    items = [
        of_record(row, labels.get(row.guide, row.guide), reverse("supervision:record", args=[row.pk]) + query)
        for row in found.rows
    ]
    return Listed(
        kind, items, str(found.cursor or ""), "protected.written", _("Aucune fiche protégée à lire.")
    )
