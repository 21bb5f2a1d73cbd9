"""The auditor's desk: the journal, one entry, and whom a question is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.backoffice import audit
from gruppetto.desks.backoffice.forms import JournalFilter, PersonToAudit
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.registry.people.audit import find_to_audit
from gruppetto.registry.staff.reads import accounts

HIDDEN = ("personne", "objet", "geste")


@page("audit")
def entries(request: HttpRequest) -> HttpResponse:
    """The journal, newest first, as asked; reading it is written in it."""
    form = JournalFilter(request.GET or None, accounts=_others(request))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = audit.read(asked, cursor_of(request))
    journal.look("journal.read")
    return _page(
        request, form, found=found, narrowed={name: asked[name] for name in HIDDEN if asked.get(name)}
    )


@page("audit")
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry, with the others of the same gesture."""
    one = audit.entries({}).filter(pk=entry_id).first()
    if one is None:
        raise Unknown(_("Cette entrée n’existe pas, ou elle est la vôtre."), code="entry-unknown")
    same = audit.read({"geste": one.request}, None) if one.request else audit.Found([], "")
    journal.look("journal.read", subject=("journal.entry", one.pk))
    line = audit.worded([one])[0]
    return render(
        request,
        "backoffice/entry.html",
        {
            "line": line,
            "facts": [
                (_("Écrite le"), moment_text(one.recorded_at, year=True)),
                (_("Fait le"), moment_text(one.happened_at, year=True)),
                (_("Acteur"), one.actor),
                (_("Verbe"), one.verb),
                (_("Dossier"), f"{one.subject} {one.subject_id or ''}".strip()),
                (_("Portefeuille"), one.portfolio_id),
                (_("Empreinte"), bytes(one.commitment).hex()),
            ],
            "columns": _columns(),
            "others": [_row(other) for other in same.lines if other.entry.pk != one.pk],
        },
    )


@page("audit")
def person(request: HttpRequest) -> HttpResponse:
    """Whom a question is about, by name and birth date; what is typed never stands in an address."""
    form = PersonToAudit(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = find_to_audit(form.cleaned_data["name"], form.cleaned_data["birth_date"])
    return render(
        request,
        "backoffice/audit_person.html",
        {"form": form, "found": found},
        status=422 if form.errors else 200,
    )


def _page(request: HttpRequest, form: JournalFilter, **more: Any) -> HttpResponse:
    rows = [_row(line) for line in more["found"].lines]
    context = {"form": form, "columns": _columns(), "rows": rows, **more}
    return render(request, "backoffice/journal.html", context)


def _columns() -> list[Column]:
    return [
        Column(_("Quand")),
        Column(_("Qui")),
        Column(_("Quoi")),
        Column(_("Nature")),
        Column(_("Contenu")),
        Column(_("Personne")),
    ]


def _row(line: audit.Line) -> list[Any]:
    moment = line.entry.recorded_at.astimezone(PARIS)
    person = line.entry.person_id
    return [
        f"{moment:%d/%m/%Y %H:%M:%S}",
        line.who,
        Cell(line.did, reverse("audit:entry", args=[line.entry.pk])),
        Cell(look=line.look),
        Cell(look=line.lost)
        if line.lost
        else " ; ".join(f"{name} : {value}" for name, value in line.body or ()),
        Cell(_("ses traces"), f"{reverse('audit:home')}?personne={person}") if person else "",
    ]


def _others(request: HttpRequest) -> list[Any]:
    return [one for one in accounts() if one.pk != request.user.pk]
