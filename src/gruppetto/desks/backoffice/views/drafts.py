"""Drafts: what somebody prepares, part by part; looked at as the agent will see it; published by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice import drafting
from gruppetto.desks.backoffice.draft_forms import BackForm, FromForm, NewForm, WhyForm
from gruppetto.desks.backoffice.drafting import Section, Wrong
from gruppetto.desks.backoffice.parts import slug
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.desks.shared.scripts import ScriptForm
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.search.pages import keyset
from gruppetto.service.catalogue import drafts, editing, script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.differences import differences
from gruppetto.service.catalogue.models import DistressGuide, Draft, HelpLine, KindVersion
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.knowledge.models import ArticleVersion
from gruppetto.service.knowledge.verbs import edit_article

WRITING = Look(gettext_lazy("En cours d’écriture"), "neutral", "pencil")
PROPOSED = Look(gettext_lazy("À relire et publier"), "warning", "eye")
RETURNED = Look(gettext_lazy("Renvoyé à son auteur"), "danger", "arrow-return-left")
BEGIN = {
    "demarche": (drafts.KIND, editing.edit_kind),
    "numero": (drafts.LINE, editing.edit_line),
    "conduite": (drafts.GUIDE, editing.edit_guide),
    "article": (drafts.ARTICLE, edit_article),
}


@page("review_content")
def all_drafts(request: HttpRequest) -> HttpResponse:
    """What is being prepared, the latest first (2 queries)."""
    found = keyset(Draft.objects.select_related("created_by"), ["-saved_at"], cursor_of(request), PAGE)
    return render(
        request,
        "backoffice/drafts.html",
        {
            "columns": [
                Column(_("Brouillon")),
                Column(_("Nature")),
                Column(_("Auteur")),
                Column(_("Écrit")),
                Column(_("État")),
            ],
            "rows": [
                [
                    Cell(drafting.title_of(one), reverse("backoffice:draft", args=[one.pk])),
                    str(drafts.table_of(one.table).said).capitalize(),
                    one.created_by.name,
                    one.saved_at,
                    Cell(look=_look(one)),
                ]
                for one in found.rows
            ],
            "after": str(found.cursor or ""),
        },
    )


@page("keep_catalogue")
@require_POST
def begin(request: HttpRequest, table: str, code: str) -> HttpResponse:
    """Open the draft of a thing: the one under way, else a new one."""
    if table not in BEGIN:
        raise Unknown(_("Cette entrée du catalogue n’existe pas."), code="unknown-entry")
    name, start = BEGIN[table]
    found = drafts.draft_of(name, code) or start(code)
    return see("backoffice:draft", found.pk)


@page("keep_catalogue")
def new_kind(request: HttpRequest) -> HttpResponse:
    """A kind that is not in the catalogue yet."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["label"]
        try:
            found = editing.new_kind(slug(label), label, form.cleaned_data["copy_of"])
        except Refused as refused:
            say_no(form, refused)
        else:
            return see("backoffice:draft", found.pk)
    status = TO_CORRECT if form.errors else 200
    context = {"form": form, "heading": _("Nouvelle démarche")}
    return render(request, "backoffice/new_kind.html", context, status=status)


@page("review_content")
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The whole draft: its parts, its errors, what changes, and what may be done with it."""
    return _draft(request, drafts.draft(draft_id))


@page("review_content")
@require_POST
def decide(request: HttpRequest, draft_id: UUID, what: str) -> HttpResponse:
    """Propose, publish, send back, take over, give up."""
    found = drafts.draft(draft_id)
    form: forms.Form = {"proposer": WhyForm, "publier": FromForm, "renvoyer": BackForm}.get(what, forms.Form)(
        request.POST
    )
    if not form.is_valid():
        return _draft(request, found, what, form, TO_CORRECT)
    try:
        match what:
            case "proposer":
                drafts.propose(draft_id, form.cleaned_data["why"])
                messages.success(request, _("C’est proposé. Une autre personne relit et publie."))
            case "publier":
                drafts.publish(draft_id, _moment(form.cleaned_data["valid_from"]), edition=_edition(request))
                messages.success(request, _("C’est publié."))
                return see("backoffice:drafts")
            case "renvoyer":
                drafts.send_back(draft_id, form.cleaned_data["words"])
                messages.success(request, _("Le brouillon est renvoyé à son auteur."))
            case "reprendre":
                drafts.take_over(draft_id)
                messages.success(request, _("Vous êtes l’auteur. Une autre personne publiera."))
            case "abandonner":
                drafts.drop(draft_id)
                messages.success(request, _("Le brouillon est abandonné."))
                return see("backoffice:drafts")
            case _:
                raise Unknown(_("Cette action n’existe pas."), code="unknown-act")
    except Refused as refused:
        say_no(form, refused)
        return _draft(request, found, what, form, TO_CORRECT)
    return see("backoffice:draft", draft_id)


@page("keep_catalogue")
def part(request: HttpRequest, draft_id: UUID, section_code: str, number: int = 0) -> HttpResponse:
    """One part, as a form: what was typed is kept even when it is wrong, and the errors stand beside the fields."""
    found = drafts.draft(draft_id)
    section = drafting.section_of(found, section_code)
    item, number = _item(request, section, found.content, number)
    offers = drafting.offers(found, section, number)
    if request.method != "POST":
        form = section.form(item, offers, found.edition)
        _blame(form, _wrong(found, section, number) if item else [])
        return _part(request, found, section, number, form, 200)
    form = section.form(item, offers, found.edition, request.POST)
    if not form.is_valid():
        return _part(request, found, section, number, form, TO_CORRECT)
    piece, number = _placed(section, found.content, number, form.said())
    try:
        saved = drafts.save(draft_id, section.put(found.content, piece), form.cleaned_data["edition"])
    except Refused as refused:
        say_no(form, refused)
        return _part(request, found, section, number, form, refused.status)
    wrong = _wrong(saved, section, number)
    if not wrong:
        messages.success(request, _("C’est gardé dans le brouillon."))
        return SeeOther(f"{reverse('backoffice:draft', args=[draft_id])}#{section.code}")
    again = section.form(
        _item(request, section, saved.content, number)[0], offers, saved.edition, _edited(request, saved)
    )
    again.is_valid()
    _blame(again, wrong)
    return _part(request, saved, section, number, again, TO_CORRECT)


@page("keep_catalogue")
@require_POST
def move(request: HttpRequest, draft_id: UUID, section_code: str, number: int) -> HttpResponse:
    """An element of a list goes up, down or away."""
    found = drafts.draft(draft_id)
    section = drafting.section_of(found, section_code)
    elements = section.piece(found.content)
    if not section.many or not 1 <= number <= len(elements):
        raise Unknown(_("Cette partie du brouillon n’existe pas."), code="unknown-part")
    element = elements.pop(number - 1)
    match request.POST.get("way"):
        case "up":
            elements.insert(max(number - 2, 0), element)
        case "down":
            elements.insert(number, element)
        case "away":
            messages.success(request, _("C’est retiré du brouillon."))
        case _:
            raise Unknown(_("Cette action n’existe pas."), code="unknown-act")
    drafts.save(draft_id, section.put(found.content, elements), _edition(request) or 0)
    return SeeOther(f"{reverse('backoffice:draft', args=[draft_id])}#{section.code}")


@page("review_content")
def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The script and the three sentences, exactly as the agent will see them; answers are kept nowhere."""
    found = drafts.draft(draft_id)
    if found.table != drafts.KIND:
        raise Unknown(_("Cette page n’existe pas pour ce brouillon."), code="no-preview")
    try:
        kind = Kind.from_dict(found.content, found.code)
    except Refused:
        messages.info(request, _("Corrigez d’abord les erreurs : le script ne peut pas encore se lire."))
        return see("backoffice:draft", draft_id)
    typed = {name: request.POST[name] for name in request.POST if name.startswith("q-")}
    form = ScriptForm(kind, typed)
    answers = form.answers()
    return render(
        request,
        "backoffice/preview.html",
        {
            "draft": found,
            "kind": kind,
            "form": form,
            "effects": script.effects(kind, answers),
            "papers": script.papers(kind, answers),
            "steps": script.steps(kind, answers),
            "warnings": script.warnings(kind, answers),
            "sentences": script.read_back(
                kind, answers, _("au plus tard mardi 3 mai à 18 h"), person=_("Madame Roux")
            ),
        },
    )


@dataclass(frozen=True)
class Shown:
    """A section on the page of a draft. ``lines``: what names each element."""

    section: Section
    lines: list[str]
    wrong: list[Wrong]


def _draft(
    request: HttpRequest, found: Draft, what: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    wrong = drafting.place(found, drafts.errors_of(found))
    mine = found.created_by_id == request.user.pk
    before = _before(found)
    changes = differences(before, found.content) if before is not None else []
    return render(
        request,
        "backoffice/draft.html",
        {
            "draft": found,
            "title": drafting.title_of(found),
            "look": _look(found),
            "nature": str(drafts.table_of(found.table).said),
            "mine": mine,
            "dated": drafts.table_of(found.table).dated,
            "sections": [
                Shown(
                    section,
                    [str(one.get(section.shown_by, "")) for one in section.piece(found.content)]
                    if section.many
                    else [],
                    [one for one in wrong if one.section is section],
                )
                for section in drafting.SECTIONS[found.table]
            ],
            "wrong": wrong,
            "new": before is None,
            "change_columns": [Column(_("Où")), Column(_("En vigueur")), Column(_("Brouillon"))],
            "changes": [[drafting.told(one.path), one.before, one.after] for one in changes],
            "why_form": form if what == "proposer" and form else WhyForm(initial={"why": found.why}),
            "from_form": form if what == "publier" and form else FromForm(),
            "back_form": form if what == "renvoyer" and form else BackForm(),
            "refused": form if form is not None and form.non_field_errors() else None,
            "has_preview": found.table == drafts.KIND,
        },
        status=status,
    )


def _before(found: Draft) -> Mapping[str, Any] | None:
    """The content in force of the same thing, if there is one."""
    at = in_force(now())
    match found.table:
        case drafts.KIND:
            row = KindVersion.objects.filter(at, kind_id=found.code, published=True).first()
            return row.content if row else None
        case drafts.GUIDE:
            guide = DistressGuide.objects.filter(at, code=found.code).first()
            return guide.content if guide else None
        case drafts.ARTICLE:
            article = ArticleVersion.objects.filter(at, article_id=found.code).first()
            return article.content if article else None
        case _:
            fields = ("code", "number", "label", "purpose", "channel")
            return HelpLine.objects.filter(at, code=found.code).values(*fields).first()


def _look(found: Draft) -> Look:
    if found.proposed_at:
        return PROPOSED
    return RETURNED if found.returned else WRITING


def _item(
    request: HttpRequest, section: Section, content: Mapping[str, Any], number: int
) -> tuple[Mapping[str, Any], int]:
    """The piece to show, and its place; 0 for a new element."""
    piece = section.piece(content)
    if not section.many:
        return piece, 0
    if number > len(piece):
        raise Unknown(_("Cette partie du brouillon n’existe pas."), code="unknown-part")
    return (piece[number - 1] if number else {}), number


def _placed(
    section: Section, content: Mapping[str, Any], number: int, said: dict[str, Any]
) -> tuple[Any, int]:
    """The piece with what was said in its place. A new sentence comes before the last, which is always said."""
    if not section.many:
        return said, 0
    elements = section.piece(content)
    if number:
        elements[number - 1] = said
        return elements, number
    last = len(elements) if section.path[0] != "read_back" or not said.get("shows_if") else len(elements) - 1
    elements.insert(max(last, 0), said)
    return elements, max(last, 0) + 1


def _wrong(found: Draft, section: Section, number: int) -> list[Wrong]:
    placed = drafting.place(found, drafts.errors_of(found))
    here = [one for one in placed if one.section is section]
    return [one for one in here if one.number == number] if section.many else here


def _blame(form: Any, wrong: list[Wrong]) -> None:
    """Show the errors of the domain; a form not sent is bound to what it shows."""
    if not form.is_bound and wrong:
        form.data = {name: form[name].value() for name in form.fields}
        form.is_bound = True
        form.full_clean()
    for one in wrong:
        form.blame(one.field, one.said)


def _part(
    request: HttpRequest, found: Draft, section: Section, number: int, form: Any, status: int
) -> HttpResponse:
    new = section.many and not number
    context = {
        "draft": found,
        "title": drafting.title_of(found),
        "section": section,
        "number": number,
        "new": new,
        "form": form,
        "names": [(one.get("id", ""), one.get("ask", "")) for one in found.content.get("questions", [])]
        if section.path[:1] == ("read_back",)
        else [],
    }
    return render(request, "backoffice/part.html", context, status=status)


def _edited(request: HttpRequest, saved: Draft) -> Any:
    data = request.POST.copy()
    data["edition"] = str(saved.edition)
    return data


def _edition(request: HttpRequest) -> int | None:
    typed = request.POST.get("edition", "")
    return int(typed) if typed.isdecimal() else None


def _moment(day: Any) -> datetime | None:
    """The first moment of that day; now for today or none."""
    return datetime.combine(day, time.min, PARIS) if day and day > today() else None
