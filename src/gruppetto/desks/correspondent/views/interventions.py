"""The page of one intervention, and what its reader may do to it: each act is one verb of the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.correspondent import record, work
from gruppetto.desks.correspondent.acts import ACTS, form_of, run
from gruppetto.desks.correspondent.together import said_of
from gruppetto.desks.shared.responses import SeeOther
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.files.downloads import download_headers
from gruppetto.kernel.files.verbs import open_clean
from gruppetto.kernel.live import presence
from gruppetto.service.contacts.reads import kept_draft
from gruppetto.service.contacts.verbs import save_draft
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs.correcting import Conflict
from gruppetto.service.interventions.verbs.steps import get, portfolios_in_scope

TARGET = "#detail"
# The page that asks shows the line of the request in its list.
LISTED = "X-Gruppetto-Listed"


@page("work_interventions")
@require_safe
def intervention(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """One request: the person at the right, what to do now, its story. Each opening is a look."""
    context = record.shown(intervention_id)
    found: Intervention = context["intervention"]
    journal.look(
        "intervention.looked_at",
        subject=("interventions.intervention", found.pk),
        person_id=found.subject_id,
        portfolio_id=found.portfolio_id,
    )
    return answered(request, intervention_id, context)


def answered(
    request: HttpRequest,
    intervention_id: UUID,
    context: dict[str, Any],
    *,
    status: int = 200,
    moved: bool = False,
) -> HttpResponse:
    """The whole page, or the two panes that changed when a script asks (``moved``: its line and the counts too)."""
    htmx = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    queue = work.queue_of(request)
    context = {**context, "queue": queue, "moved": moved}
    if not htmx:
        return render(
            request,
            "correspondent/intervention.html",
            {**context, **work.desk(request, intervention_id)},
            status=status,
        )
    if moved:
        context["listed"] = LISTED in request.headers
        portfolios = portfolios_in_scope()
        context["shelves"], context["figures"] = work.shelves(queue, portfolios)
        found: Intervention = context["intervention"]
        found.person = context["page"].person  # type: ignore[attr-defined]  # as with_names gives it
        context["item"] = work.item(found, queue, context["page"].at, found.pk)
    response = render(request, "correspondent/intervention_fragment.html", context, status=status)
    if status >= 400:
        # Beside the field that is wrong, not among the messages of the page.
        response["HX-Retarget"], response["HX-Reswap"] = TARGET, "innerHTML show:none"
    return response


# --- acts ---------------------------------------------------------------------------------------------


@page("work_interventions")
@require_POST
def act(request: HttpRequest, intervention_id: UUID, name: str) -> HttpResponse:
    """Do one of ``ACTS``; refused, the page comes back with what was typed and the reason beside the field."""
    todo = ACTS.get(name)
    if todo is None:
        raise Unknown(_("Cette action n’existe pas."), code="act-unknown")
    spent(request.POST, intervention_id)
    form = form_of(todo, name, request.POST, request.FILES, intervention_id)
    try:
        if todo.read or request.POST.get("go", "note") not in ("", "note"):
            _as_read(request.POST, intervention_id)
        if form.is_valid():
            # All of it or nothing: a note is not kept of a step that was refused.
            with transaction.atomic():
                run(name, todo, intervention_id, form)
    except Unknown:
        raise
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.is_valid()
        form.add_error(field, str(refused.message))
        return _again(request, intervention_id, name, form, refused.status, refused)
    if form.errors:
        return _again(request, intervention_id, name, form, Refused.status)
    messages.success(request, str(todo.said))
    if request.headers.get("HX-Request"):
        return answered(request, intervention_id, record.shown(intervention_id), moved=True)
    return SeeOther(work.address(intervention_id, work.queue_of(request)))


def _again(
    request: HttpRequest,
    intervention_id: UUID,
    name: str,
    form: Form,
    status: int,
    refused: Refused | None = None,
) -> HttpResponse:
    """The page again, with what was typed; too late, with what a colleague did meanwhile beside it."""
    own = f"paper-{request.POST.get('paper', '')}" if name == "papier" else name
    late = isinstance(refused, TooLate)
    conflict = refused if isinstance(refused, Conflict) else None
    context = record.shown(
        intervention_id,
        typed={own: form},
        since=_moment(request.POST) if late and not conflict else None,
        conflict=conflict,
    )
    return answered(request, intervention_id, context, status=status)


def _as_read(posted: QueryDict, intervention_id: UUID) -> None:
    """The act was decided on what its reader saw: refuse when somebody changed it since. Raises ``TooLate``."""
    version = posted.get("version", "")
    if version and version != str(get(intervention_id).version):
        raise TooLate(
            _(
                "Quelqu’un a modifié cette demande pendant que vous la lisiez. Voyez ce qui a changé, puis décidez."
            ),
            code="intervention-changed",
        )


def _moment(posted: QueryDict) -> datetime | None:
    try:
        at = datetime.fromisoformat(posted.get("read_at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


# --- what is sent beside the acts ---------------------------------------------------------------------


def spent(posted: QueryDict, intervention_id: UUID) -> None:
    """Add the working time that the page measured and showed, in whole seconds; nonsense counts for nothing."""
    seconds = posted.get("seconds", "")
    if seconds.isdecimal() and len(seconds) < 7:
        verbs.spend(intervention_id, int(seconds))


@page("work_interventions")
@require_POST
def time(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """The time measured when the reader leaves the page."""
    spent(request.POST, intervention_id)
    return HttpResponse(status=204)


@page("work_interventions")
@require_POST
def draft(request: HttpRequest, intervention_id: UUID, part: str = "noter") -> HttpResponse:
    """What is being typed in a part of the page, kept for its author."""
    if part not in record.DRAFTS:
        raise Unknown(_("Ce formulaire n’existe pas."), code="form-unknown")
    get(intervention_id)
    typed = {name: request.POST[name] for name in record.DRAFTS[part] if name in request.POST}
    key = record.draft_name(intervention_id, part)
    save_draft(key, {**(kept_draft(key) or {}), **typed})
    return HttpResponse(status=204)


@page("work_interventions")
@require_POST
def here(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """The page says that it is open, or closed, and hears who else is there; nothing of it is kept."""
    try:
        shown_in = UUID(request.POST.get("page", ""))
    except ValueError:
        return HttpResponse(status=400)
    if request.POST.get("gone"):
        presence.gone(shown_in)
        return HttpResponse(status=204)
    get(intervention_id)
    presence.here(shown_in, intervention_id, typing=bool(request.POST.get("typing")))
    return JsonResponse({"said": said_of(presence.around(intervention_id))})


@page("work_interventions")
@require_safe
def story(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """What happened since, read again when a colleague has done something; not another look."""
    return render(request, "correspondent/story.html", record.told(intervention_id))


@page("work_interventions")
@require_safe
def document(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A document found clean, saved by the browser; each opening is a look."""
    file, content = open_clean(file_id)
    return HttpResponse(content, headers=download_headers(file))
