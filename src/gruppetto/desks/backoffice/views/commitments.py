"""What we promise: delays by case, counting the promises under way again, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gruppetto.desks.backoffice.commitment_forms import PromiseForm, RecomputeForm, midnight
from gruppetto.desks.shared import promises
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.catalogue.vocabulary import Grade
from gruppetto.service.commitments import verbs
from gruppetto.service.commitments.models import Commitment, Recomputation
from gruppetto.service.commitments.reads import commitments as in_force
from gruppetto.service.commitments.reads import past_commitments, recomputations
from gruppetto.service.commitments.shipped import FIRST, answer
from gruppetto.service.contacts.models import Contact

State = Recomputation.State
LOOKS: Mapping[str, Look] = {
    State.ASKED: Look(State.ASKED.label.capitalize(), "warning", "hourglass"),
    State.RUNNING: Look(State.RUNNING.label.capitalize(), "info", "hourglass-split"),
    State.DONE: Look(State.DONE.label.capitalize(), "good", "check-circle-fill"),
}


@page("keep_commitments")
@require_http_methods(["GET", "HEAD", "POST"])
def commitments(request: HttpRequest) -> HttpResponse:
    """What is promised now, and a new promise."""
    if request.method != "POST":
        return _commitments(request, _form(None), RecomputeForm())
    form = _form(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            verbs.promise(
                form.amount,
                said["why"],
                nature=said["nature"],
                channel=said["channel"],
                kind=said["kind"],
                grade=said["grade"],
                urgent=said["urgent"],
                since=midnight(said["since"]),
            )
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est promis. Les délais déjà donnés ne changent pas."))
            return see("backoffice:commitments")
    return _commitments(request, form, RecomputeForm(), TO_CORRECT)


@page("keep_commitments")
@require_POST
def end(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """Stop promising this."""
    verbs.end(commitment_id)
    messages.success(request, _("Cet engagement est terminé. Les délais déjà donnés ne changent pas."))
    return see("backoffice:commitments")


@page("keep_commitments")
@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Order the recount; a job does it, by small groups."""
    form = RecomputeForm(request.POST)
    if form.is_valid():
        try:
            verbs.ask_recompute(form.cleaned_data["why"], later=form.cleaned_data["later"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Le recalcul commence. Vous pouvez quitter cette page."))
            return see("backoffice:commitments")
    return _commitments(request, _form(None), form, TO_CORRECT)


@page("keep_commitments")
def runs(request: HttpRequest) -> HttpResponse:
    """The recounts, read again by the page as they advance (2 queries)."""
    return render(request, "backoffice/parts/recomputations.html", {"runs": _runs()})


def _runs() -> list[tuple[Recomputation, Look, str]]:
    found = recomputations()
    names = names_of(run.asked_by_id for run in found)
    return [(run, LOOKS[run.state], names.get(run.asked_by_id, "")) for run in found]


def _form(data: Mapping[str, object] | None) -> PromiseForm:
    return PromiseForm(data, kinds=kinds_in_force(now()))


def _commitments(
    request: HttpRequest, form: PromiseForm, again: RecomputeForm, status: int = 200
) -> HttpResponse:
    at = now()
    rows, past = in_force(at), past_commitments(at)
    names = names_of(row.created_by_id for row in (*rows, *past))
    kinds = {kind.code: kind.label for kind in kinds_in_force(at)}
    return render(
        request,
        "backoffice/commitments.html",
        {
            "form": form,
            "again": again,
            "shipped_columns": [Column(_("Cas")), Column(_("Délai"))],
            "shipped": [
                *([str(grade.label), promises.amount(answer(grade, urgent=False))] for grade in Grade),
                [_("Urgent"), promises.amount(answer(Grade.SIMPLE, urgent=True))],
                *(
                    [
                        _("Premier contact, %(channel)s") % {"channel": Contact.Channel(code).label},
                        promises.amount(said),
                    ]
                    for code, said in FIRST.items()
                ),
            ],
            "kept": [
                (row, case(row, kinds), promises.amount(row.amount), names.get(row.created_by_id, ""))
                for row in rows
            ],
            "past_columns": [
                Column(_("Cas")),
                Column(_("Délai")),
                Column(_("Du")),
                Column(_("Au")),
                Column(_("Par")),
                Column(_("Pourquoi")),
            ],
            "past": [
                [
                    case(row, kinds),
                    promises.amount(row.amount),
                    row.valid_from,
                    row.valid_until or Cell(""),
                    names.get(row.created_by_id, ""),
                    row.why,
                ]
                for row in past
            ],
            "runs": _runs(),
        },
        status=status,
    )


def case(row: Commitment, kinds: Mapping[str, str]) -> str:
    """What a commitment is about, in words."""
    about = [
        kinds.get(row.kind, row.kind) if row.kind else "",
        str(Grade(row.grade).label) if row.grade else "",
        _("urgent") if row.urgent else "",
        Contact.Channel(row.channel).label if row.channel else "",
    ]
    said = ", ".join(str(one) for one in about if one) or _("toutes les demandes")
    return _("Premier contact, %(case)s") % {"case": said} if row.nature == Commitment.Nature.FIRST else said
