"""Starting lists: received, looked over, decided line by line, loaded."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.backoffice import kept
from gruppetto.desks.backoffice.forms import LineForm, ListForm
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.people import starting_lists
from gruppetto.registry.people.models import StartingList

State = StartingList.State
LOOKS: dict[str, Look] = {
    State.PREVIEW: Look(State.PREVIEW.label.capitalize(), "warning", "eye"),
    State.LOADING: Look(State.LOADING.label.capitalize(), "info", "hourglass-split"),
    State.LOADED: Look(State.LOADED.label.capitalize(), "good", "check-circle-fill"),
    State.DROPPED: Look(State.DROPPED.label.capitalize(), "neutral", "x-circle"),
}
ONLY = {"": "", "fausses": "bad", "ressemblances": "alike", "toutes": "all"}


@page("import_people")
def lists(request: HttpRequest) -> HttpResponse:
    """The lists received, newest first, and a new one."""
    return _lists(request, ListForm())


@page("import_people")
def receive(request: HttpRequest) -> HttpResponse:
    """Take a file in; when the rest must be corrected, the file waits and is not chosen again."""
    if request.method != "POST":
        return see("backoffice:lists")
    form = ListForm(request.POST, request.FILES)
    chosen = request.FILES.get("file")
    waiting = kept.kept_list(request)
    try:
        file = (chosen.name or "", chosen.read()) if chosen else waiting
    except Refused as refused:
        form.is_valid()
        say_no(form, refused)
        return _lists(request, form, TO_CORRECT)
    if form.is_valid() and file is None:
        form.add_error("file", _("Choisissez le fichier."))
    if not form.is_valid() or file is None:
        if file is not None and "file" not in form.errors:
            kept.keep_list(request, file[0], file[1])
        return _lists(request, form, TO_CORRECT)
    kept.forget_list(request)
    try:
        received = starting_lists.receive(file[0], file[1], form.cleaned_data["source"])
    except Refused as refused:
        # What stops here is the file itself: it cannot be read, or it is here already.
        form.add_error("file", str(refused.message))
        return _lists(request, form, TO_CORRECT)
    return see("backoffice:list", received.pk)


@page("import_people")
def one(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """A list to look over: its errors, and whom its lines look like."""
    return _list(request, list_id)


@page("import_people")
def decide(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Load a line or leave it aside; back to where one was."""
    if request.method != "POST":
        return see("backoffice:list", list_id)
    form = LineForm(request.POST)
    if not form.is_valid():
        raise Unknown(_("Cette ligne n’existe pas."), code="unknown-line")
    line = starting_lists.decide(form.cleaned_data["line"], form.cleaned_data["decision"])
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return SeeOther(f"{reverse('backoffice:list', args=[list_id])}{query}#ligne-{line.number}")


@page("import_people")
def load(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Order the loading; a job does it."""
    if request.method != "POST":
        return see("backoffice:list", list_id)
    try:
        starting_lists.load(list_id, only_good=request.POST.get("only_good") == "1")
    except Refused as refused:
        return _list(request, list_id, refused, TO_CORRECT)
    messages.success(request, _("Le chargement commence. Vous pouvez quitter cette page."))
    return see("backoffice:list", list_id)


@page("import_people")
def drop(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Give a list up: what was typed in it is erased."""
    if request.method != "POST":
        return see("backoffice:list", list_id)
    try:
        starting_lists.drop(list_id)
    except Refused as refused:
        return _list(request, list_id, refused, TO_CORRECT)
    messages.success(request, _("La liste est abandonnée et son contenu effacé."))
    return see("backoffice:lists")


def _lists(request: HttpRequest, form: ListForm, status: int = 200) -> HttpResponse:
    rows = [
        [
            Cell(one.name, reverse("backoffice:list", args=[one.pk])),
            one.source,
            one.received_at,
            Cell(look=LOOKS[one.state]),
        ]
        for one in starting_lists.received()
    ]
    return render(
        request,
        "backoffice/lists.html",
        {
            "form": form,
            "waiting": kept.kept_name(request),
            "needed": starting_lists.NEEDED,
            "optional": starting_lists.OPTIONAL,
            "columns": [Column(_("Fichier")), Column(_("Reçu de")), Column(_("Le")), Column(_("État"))],
            "rows": rows,
        },
        status=status,
    )


def _list(
    request: HttpRequest, list_id: UUID, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    only, after = request.GET.get("voir", ""), request.GET.get("apres", "0")
    if only not in ONLY or not after.isdecimal():
        raise Unknown(_("Cette page de la liste n’existe pas."), code="cursor-unknown")
    found = starting_lists.preview(list_id, after=int(after), only=ONLY[only])
    return render(
        request,
        "backoffice/list.html",
        {
            "found": found,
            "list": found.starting_list,
            "look": LOOKS[found.starting_list.state],
            "open": found.starting_list.state == State.PREVIEW,
            "refused": refused,
            "drop_to": reverse("backoffice:drop_list", args=[list_id]),
            "only": only,
            "query": request.GET.urlencode(),
            "after": str(found.next_after or ""),
        },
        status=status,
    )
