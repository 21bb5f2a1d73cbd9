"""The page of one intervention, and what its reader may do to it: each act is one verb of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.correspondent import forms, record, work
from gruppetto.desks.shared.responses import SeeOther
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.files.downloads import download_headers
from gruppetto.kernel.files.verbs import open_clean, receive
from gruppetto.service.contacts.verbs import drop_draft, save_draft
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Intervention, Note
from gruppetto.service.interventions.verbs.steps import get, portfolios_in_scope

Cleaned = Mapping[str, Any]
TARGET = "#detail"


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


def _note(intervention_id: UUID, typed: Cleaned) -> None:
    to_person = typed["text_kind"] == "to_person"
    text, go = typed["text"], typed["go"] or "note"
    if go == "note" or (to_person and text.strip()):
        verbs.note(intervention_id, Note.For.PERSON if to_person else Note.For.US, text)
    if go == "resume":
        verbs.resume(intervention_id, text[:300])
    elif go != "note":
        verbs.wait(intervention_id, go, text[:300])
    drop_draft(record.draft_name(intervention_id))


def _assign(intervention_id: UUID, typed: Cleaned) -> None:
    verbs.assign(intervention_id, typed["account"], typed["why"])


def _confirm(intervention_id: UUID, typed: Cleaned) -> None:
    verbs.confirm(intervention_id, str(dict(forms.SAID)[typed["said"]]))


def _kept(intervention_id: UUID, upload: Any) -> UUID:
    about = get(intervention_id)
    return receive(
        upload.name,
        upload,
        about.subject_id,
        portfolio_id=about.portfolio_id,
        department=about.department,
        declared=upload.content_type or "",
    ).pk


def _paper(intervention_id: UUID, typed: Cleaned) -> None:
    file_id = _kept(intervention_id, typed["file"]) if typed["file"] else None
    verbs.set_paper(typed["paper"], "received" if file_id else typed["state"], file_id)


def _attach(intervention_id: UUID, typed: Cleaned) -> None:
    verbs.attach(intervention_id, _kept(intervention_id, typed["file"]), typed["label"])


@dataclass(frozen=True)
class Act:
    """An act of the page: its form, the verb, what is said when it is done; ``read``: only on what was read last."""

    form: Callable[..., Form]
    run: Callable[[UUID, Cleaned], object]
    said: Promise
    read: bool = True


ACTS: dict[str, Act] = {
    "commencer": Act(forms.EmptyForm, lambda key, _typed: verbs.start(key), _("C’est commencé.")),
    "noter": Act(forms.ProgressForm, _note, _("C’est noté."), read=False),
    "repondre": Act(
        forms.AnswerForm,
        lambda key, typed: verbs.answer(key, typed["outcome"], typed["text"]),
        _("La réponse est gardée. Lisez-la maintenant à la personne."),
    ),
    "accord": Act(forms.ConfirmForm, _confirm, _("L’accord de la personne est noté.")),
    "essai": Act(
        forms.EmptyForm,
        lambda key, _typed: verbs.attempt(key),
        _("L’appel sans réponse est noté."),
        read=False,
    ),
    "rouvrir": Act(
        forms.ReopenForm, lambda key, typed: verbs.reopen(key, typed["why"]), _("La demande est rouverte.")
    ),
    "clore": Act(forms.EmptyForm, lambda key, _typed: verbs.close(key), _("La demande est close.")),
    "annuler": Act(
        forms.CancelForm, lambda key, typed: verbs.cancel(key, typed["why"]), _("La demande est annulée.")
    ),
    "confier": Act(forms.AssignForm, _assign, _("La demande est confiée.")),
    "papier": Act(forms.PaperForm, _paper, _("Le papier est à jour."), read=False),
    "document": Act(
        forms.AttachForm, _attach, _("Le document est gardé. Il est d’abord vérifié."), read=False
    ),
}


@page("work_interventions")
@require_POST
def act(request: HttpRequest, intervention_id: UUID, name: str) -> HttpResponse:
    """Do one of ``ACTS``; refused, the page comes back with what was typed and the reason beside the field."""
    todo = ACTS.get(name)
    if todo is None:
        raise Unknown(_("Cette action n’existe pas."), code="act-unknown")
    spent(request.POST, intervention_id)
    form = _form(todo, name, request, intervention_id)
    try:
        if todo.read or request.POST.get("go", "note") not in ("", "note"):
            _as_read(request.POST, intervention_id)
        if form.is_valid():
            # All of it or nothing: a note is not kept of a step that was refused.
            with transaction.atomic():
                todo.run(intervention_id, form.cleaned_data)
    except Unknown:
        raise
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.is_valid()
        form.add_error(field, str(refused.message))
        late = isinstance(refused, TooLate)
        return _again(request, intervention_id, name, form, refused.status, late=late)
    if form.errors:
        return _again(request, intervention_id, name, form, Refused.status)
    messages.success(request, str(todo.said))
    if request.headers.get("HX-Request"):
        return answered(request, intervention_id, record.shown(intervention_id), moved=True)
    return SeeOther(work.address(intervention_id, work.queue_of(request)))


def _form(todo: Act, name: str, request: HttpRequest, intervention_id: UUID) -> Form:
    about: dict[str, Any] = {}
    if name == "papier":
        about["own"] = f"paper-{request.POST.get('paper', '')}"
    elif name == "confier":
        about["people"] = record.possible_workers(get(intervention_id).portfolio_id)
    return todo.form(request.POST, request.FILES, **about)


def _again(
    request: HttpRequest, intervention_id: UUID, name: str, form: Form, status: int, *, late: bool = False
) -> HttpResponse:
    own = f"paper-{request.POST.get('paper', '')}" if name == "papier" else name
    context = record.shown(intervention_id, typed={own: form}, since=_moment(request.POST) if late else None)
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
def draft(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """What is being typed in the text box, kept for its author."""
    get(intervention_id)
    typed = {name: request.POST[name] for name in ("text", "text_kind") if name in request.POST}
    save_draft(record.draft_name(intervention_id), {**record.NOTHING_TYPED, **typed})
    return HttpResponse(status=204)


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
