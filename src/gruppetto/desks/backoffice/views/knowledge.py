"""Knowledge as it is kept: articles, searches in vain, corrections to answer, sources to read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice.parts import line, slug
from gruppetto.desks.backoffice.views.organisations import CHECKED, TO_CHECK
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import keyset
from gruppetto.service.catalogue.models import DistressGuide, HelpLine, KindVersion
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.knowledge import corrections as answering
from gruppetto.service.knowledge import reads, verbs
from gruppetto.service.knowledge.models import ArticleVersion, Correction

State = Correction.State
LOOKS = {
    State.OPEN: Look(gettext_lazy("En attente"), "info", "hourglass-split"),
    State.ACCEPTED: Look(gettext_lazy("Acceptée"), "good", "check-circle-fill"),
    State.DECLINED: Look(gettext_lazy("Non retenue"), "neutral", "x-circle"),
}
LATE = Look(gettext_lazy("En retard"), "danger", "alarm-fill")
MOST_VAIN = 25
MONTHS = 12
ALL = Q()


class NewArticle(forms.Form):
    """A new article, from its title."""

    title = line(gettext_lazy("Titre"), gettext_lazy("80 lettres au plus."), required=True)


class AnswerForm(forms.Form):
    """What is done with a proposal, told to its author."""

    state = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[
            (State.ACCEPTED, gettext_lazy("Acceptée : c’est corrigé, ou un brouillon est commencé")),
            (State.DECLINED, gettext_lazy("Non retenue")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Votre réponse à l’auteur"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )


class MonthsForm(forms.Form):
    """How old a check may be."""

    mois = forms.IntegerField(
        label=gettext_lazy("Vérifié il y a plus de combien de mois ?"),
        min_value=1,
        max_value=120,
        required=False,
    )


@page("keep_catalogue")
def articles(request: HttpRequest) -> HttpResponse:
    """Articles in force, by title, and the searches in vain (3 queries)."""
    found = keyset(reads.articles(now()).defer("search"), ["title"], cursor_of(request), PAGE)
    return render(
        request,
        "backoffice/articles.html",
        {
            "columns": [
                Column(_("Titre")),
                Column(_("Version"), "number"),
                Column(_("En vigueur depuis")),
                Column(_("État")),
            ],
            "rows": [
                [
                    Cell(one.title, reverse("knowledge_desk:article", args=[one.article_id])),
                    one.number,
                    one.valid_from,
                    Cell(look=CHECKED if one.is_checked else TO_CHECK),
                ]
                for one in found.rows
            ],
            "after": str(found.cursor or ""),
            "vain": reads.vain_searches()[:MOST_VAIN],
        },
    )


@page("keep_catalogue")
def new_article(request: HttpRequest) -> HttpResponse:
    """An article that does not exist yet."""
    form = NewArticle(request.POST or None)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        try:
            found = verbs.new_article(slug(title), title)
        except Refused as refused:
            say_no(form, refused)
        else:
            return see("backoffice:draft", found.pk)
    context = {"form": form, "heading": _("Nouvel article")}
    return render(request, "backoffice/new_kind.html", context, status=TO_CORRECT if form.errors else 200)


@page("keep_catalogue")
@require_POST
def settle(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """A search in vain is dealt with."""
    verbs.settle_search(search_id)
    messages.success(request, _("C’est réglé. La recherche reviendra ici si elle reste sans réponse."))
    return see("backoffice:articles")


@page("keep_catalogue")
def corrections(request: HttpRequest) -> HttpResponse:
    """Proposals to answer, the oldest first; or all, the newest first (3 queries)."""
    at, everything = now(), request.GET.get("voir") == "toutes"
    order = ["-proposed_at"] if everything else ["due_at"]
    rows = answering.answered() if everything else answering.waiting()
    found = keyset(rows, order, cursor_of(request), PAGE)
    return render(
        request,
        "backoffice/corrections.html",
        {
            "everything": everything,
            "late": answering.late(at).count(),
            "caption": _("Propositions, de la plus récente à la plus ancienne")
            if everything
            else _("Propositions en attente, de la plus ancienne à la plus récente"),
            "columns": [
                Column(_("À propos de")),
                Column(_("Nature")),
                Column(_("Proposée par")),
                Column(_("Réponse due")),
                Column(_("État")),
            ],
            "rows": [
                [
                    Cell(one.title, reverse("backoffice:correction", args=[one.pk])),
                    one.get_about_display().capitalize(),
                    one.proposed_by.name,
                    one.due_at,
                    Cell(
                        look=LATE if one.state == State.OPEN and one.due_at <= at else LOOKS[State(one.state)]
                    ),
                ]
                for one in found.rows
            ],
            "after": str(found.cursor or ""),
        },
    )


@page("keep_catalogue")
def correction(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """One proposal, and its answer."""
    one = answering.correction(correction_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(correction_id, form.cleaned_data["state"], form.cleaned_data["words"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("L’auteur a votre réponse."))
            return see("backoffice:corrections")
    context = {
        "one": one,
        "form": form,
        "look": LATE if one.state == State.OPEN and one.due_at <= now() else LOOKS[State(one.state)],
        "subject_href": _subject(one),
        "facts": [
            (_("Nature"), one.get_about_display().capitalize()),
            (_("Proposée par"), one.proposed_by.name),
            (_("Répondue par"), one.answered_by.name if one.answered_by else ""),
        ],
    }
    return render(request, "backoffice/correction.html", context, status=TO_CORRECT if form.errors else 200)


def _subject(one: Correction) -> str:
    match one.about:
        case Correction.About.KIND:
            return reverse("backoffice:kind", args=[one.code])
        case Correction.About.ARTICLE:
            return reverse("knowledge_desk:article", args=[one.code])
        case _:
            return reverse("backoffice:organisation", args=[one.code])


@dataclass(frozen=True)
class ToCheck:
    """A thing whose source a human must read; ``mine``: written by whoever looks."""

    table: str
    code: str
    title: str
    source_url: str
    checked_by: str
    checked_on: date | None
    mine: bool


@dataclass(frozen=True)
class Sources:
    """Rows of one sort whose sources are read again. ``code``: in the address, ``key``: the row's stable name."""

    code: str
    label: Promise
    model: type[Model]
    key: str
    title: Callable[[Any], object]
    only: Q = ALL

    def old(self, before: date) -> QuerySet[Any]:
        """What nobody checked, or not since ``before``."""
        stale = Q(checked_on=None) | Q(checked_on__lt=before)
        return self.model._default_manager.filter(in_force(now()) & stale & self.only)


SOURCES = (
    Sources("numero", gettext_lazy("Numéros d’aide"), HelpLine, "code", str),
    Sources(
        "conduite",
        gettext_lazy("Conduites à tenir"),
        DistressGuide,
        "code",
        lambda one: one.content["label"],
    ),
    Sources(
        "demarche",
        gettext_lazy("Démarches"),
        KindVersion,
        "kind_id",
        lambda one: one.content["label"],
        Q(published=True),
    ),
    Sources("article", gettext_lazy("Articles"), ArticleVersion, "article_id", lambda one: one.title),
)


@page("keep_catalogue")
def to_check(request: HttpRequest) -> HttpResponse:
    """What nobody checked, or not for N months: one sort at a time, in force longest first (5 queries, 6 later)."""
    form = MonthsForm(request.GET or None)
    months = (form.cleaned_data.get("mois") if form.is_bound and form.is_valid() else None) or MONTHS
    before = _months_ago(today(), months)
    counts = {one.code: one.old(before).count() for one in SOURCES}
    # The sort asked for; else the first with something to read.
    asked = next((one for one in SOURCES if one.code == request.GET.get("quoi")), None)
    current = asked or next((one for one in SOURCES if counts[one.code]), SOURCES[0])
    rows = current.old(before)
    if current.model is ArticleVersion:
        rows = rows.defer("search")
    found = keyset(rows, ["valid_from"], cursor_of(request), PAGE)
    kept = {"mois": months} if months != MONTHS else {}
    return render(
        request,
        "backoffice/to_check.html",
        {
            "form": form,
            "total": sum(counts.values()),
            "current": current,
            "sorts": [
                (one, counts[one.code], f"?{urlencode({'quoi': one.code, **kept})}", one is current)
                for one in SOURCES
            ],
            "rows": [
                ToCheck(
                    current.code,
                    getattr(one, current.key),
                    str(current.title(one)),
                    str(getattr(one, "content", {}).get("source_url", "")),
                    one.checked_by,
                    one.checked_on,
                    one.created_by_id == request.user.pk,
                )
                for one in found.rows
            ],
            "of": str(counts[current.code]),
            "after": str(found.cursor or ""),
        },
    )


def _months_ago(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 - months
    return date(whole // 12, whole % 12 + 1, min(day.day, 28))
