"""Standard texts: whoever answers reads them and may ask for a change; the back office writes versions (Q18)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice.message_forms import ReplyForm, RequestForm, TextForm
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import abilities_of, page
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.messages import readability, sms, wording
from gruppetto.service.messages.leaving import put_together
from gruppetto.service.messages.models import Message, TextRequest, TextVersion
from gruppetto.service.messages.texts import TEXTS, VARIABLES, example, fill

SHOWN = 50
EASY = Look(gettext_lazy("Facile à lire"), "good", "check-circle-fill")
HARD = Look(gettext_lazy("À simplifier"), "warning", "exclamation-triangle-fill")
WAITS = Look(gettext_lazy("Attend une réponse"), "info", "hourglass-split")
LATE = Look(gettext_lazy("Attend depuis plus de 48 heures"), "danger", "alarm")
ANSWERED = {
    TextRequest.Answer.DONE: Look(gettext_lazy("Accepté"), "good", "check-circle-fill"),
    TextRequest.Answer.REFUSED: Look(gettext_lazy("Refusé"), "neutral", "x-circle"),
}


@page("read_knowledge")
def texts(request: HttpRequest) -> HttpResponse:
    """Every standard text, and the requests that wait, the one due first at the top."""
    versions = {kind: wording.in_force(kind) for kind in TEXTS}
    waiting = list(
        TextRequest.objects.filter(answer=TextRequest.Answer.WAITING).order_by("due_at", "id")[:SHOWN]
    )
    return render(
        request,
        "backoffice/texts.html",
        {
            "columns": [
                Column(_("Texte")),
                Column(_("Version"), "number"),
                Column(_("SMS"), "number"),
                Column(_("Lecture")),
            ],
            "rows": [_row(kind, version) for kind, version in versions.items()],
            "requests": _requests(waiting),
            "writes": _writes(request),
        },
    )


@page("read_knowledge")
def text(request: HttpRequest, kind: str) -> HttpResponse:
    """One text: as it will be read, its variables, its versions; a form to ask for a change, or to write one."""
    return _page(request, kind)


@page("keep_catalogue")
@require_POST
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """Look at what is typed as it will be read, or put it in force."""
    wording.in_force(kind)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, kind, TO_CORRECT, form=form)
    said = form.cleaned_data
    typed = TextVersion(
        kind=kind, version=said["after"] + 1, title=said["title"], body=said["body"], short=said["short"]
    )
    if request.POST.get("do") == "preview":
        try:
            wording.check(kind, said["title"], said["body"], said["short"])
        except Refused as refused:
            say_no(form, refused)
            return _page(request, kind, TO_CORRECT, form=form)
        return _page(request, kind, form=form, typed=typed)
    try:
        wording.write(kind, **said)
    except Refused as refused:
        say_no(form, refused)
        return _page(request, kind, TO_CORRECT, form=form)
    messages.success(request, _("C’est écrit : les prochains messages partent avec ces mots."))
    return see("backoffice:text", kind)


@page("read_knowledge")
@require_POST
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a change."""
    wording.in_force(kind)
    form = RequestForm(request.POST)
    if form.is_valid():
        try:
            wording.ask_change(kind, form.cleaned_data["words"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(
                request, _("C’est transmis. Vous aurez une réponse dans les 48 heures, sur cette page.")
            )
            return see("backoffice:text", kind)
    return _page(request, kind, TO_CORRECT, request_form=form)


@page("keep_catalogue")
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request and its answer."""
    asked = TextRequest.objects.filter(pk=request_id).first()
    if asked is None:
        return see("backoffice:texts")
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wording.answer_change(request_id, **form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Votre collègue verra votre réponse."))
            return see("backoffice:texts")
    context = {"asked": _requests([asked])[0], "form": form}
    return render(request, "backoffice/text_request.html", context, status=TO_CORRECT if form.errors else 200)


def _page(request: HttpRequest, kind: str, status: int = 200, **more: Any) -> HttpResponse:
    version = wording.in_force(kind)
    shown: TextVersion = more.pop("typed", version)
    words = fill(shown.title, shown.body, shown.short, example(kind))
    mine = {} if _writes(request) else {"asked_by": current_actor().account_id}
    past = list(TextVersion.objects.filter(kind=kind).order_by("-version")[:SHOWN])
    names = names_of(one.written_by for one in past)
    context: dict[str, Any] = {
        "kind": kind,
        "name": TEXTS[kind].name,
        "urgent": TEXTS[kind].urgent,
        "version": version,
        "typed": shown is not version,
        "preview": words,
        "paragraphs": [part for part in words.text.split("\n") if part.strip()],
        "sms": _sms(words.short, words.title),
        "reading": readability.measure(f"{shown.body}\n{shown.short}"),
        "look": EASY if readability.measure(f"{shown.body}\n{shown.short}").easy else HARD,
        "variables": [
            (f"{{{name}}}", VARIABLES[name][0], name in TEXTS[kind].needed) for name in TEXTS[kind].variables
        ],
        "past": [(one, names.get(one.written_by, "")) for one in past],
        "requests": _requests(
            list(TextRequest.objects.filter(kind=kind, **mine).order_by("-asked_at", "id")[:SHOWN])
        ),
        "writes": _writes(request),
        "form": TextForm(
            initial={
                "after": version.version,
                "title": version.title,
                "body": version.body,
                "short": version.short,
            }
        ),
        "request_form": RequestForm(),
        **more,
    }
    return render(request, "backoffice/text.html", context, status=status)


def _sms(short: str, title: str) -> dict[str, Any] | None:
    """The SMS as it leaves, and in how many parts; None when it never does."""
    if not short:
        return None
    words = put_together([Message(title=title, text="", short=short)], "sms").text
    parts = sms.parts(words)
    said = ngettext("%(n)d SMS", "%(n)d SMS", parts.count) % {"n": parts.count}
    return {"text": words, "parts": said, "dear": parts.alphabet == "UCS-2"}


def _row(kind: str, version: TextVersion) -> list[object]:
    words = fill(version.title, version.body, version.short, example(kind))
    measured = readability.measure(f"{version.body}\n{version.short}")
    short = put_together([Message(title="", text="", short=words.short)], "sms").text if words.short else ""
    return [
        Cell(str(TEXTS[kind].name), reverse("backoffice:text", args=[kind])),
        version.version,
        sms.parts(short).count if short else 0,
        Cell(look=EASY if measured.easy else HARD),
    ]


def _requests(rows: list[TextRequest]) -> list[dict[str, Any]]:
    names, at = names_of(row.asked_by for row in rows), now()
    return [
        {
            "row": row,
            "name": TEXTS[row.kind].name if row.kind in TEXTS else row.kind,
            "who": names.get(row.asked_by, ""),
            "look": ANSWERED.get(TextRequest.Answer(row.answer)) or (LATE if row.due_at < at else WAITS),
        }
        for row in rows
    ]


def _writes(request: HttpRequest) -> bool:
    return "keep_catalogue" in abilities_of(current_actor().role)
