"""What staff read to answer: articles, kinds, organisations; found by words, rated, corrected in one gesture."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.organisations.reads import propose as organisations_named
from gruppetto.service.catalogue.reads import kind_in_force, kinds_in_force, search_kinds
from gruppetto.service.knowledge import corrections, reads, verbs
from gruppetto.service.knowledge.models import Correction

About, State = Correction.About, Correction.State
LOOKS = {
    State.OPEN: Look(gettext_lazy("En attente"), "info", "hourglass-split"),
    State.ACCEPTED: Look(gettext_lazy("Acceptée"), "good", "check-circle-fill"),
    State.DECLINED: Look(gettext_lazy("Non retenue"), "neutral", "x-circle"),
}
CHECKED = Look(gettext_lazy("Vérifié"), "good", "check-circle-fill")
TO_CHECK = Look(gettext_lazy("À vérifier"), "warning", "eye")
# The words searched last, so that reading the page again does not count twice.
ASKED = "knowledge.asked"


class SearchForm(forms.Form):
    """Words to search."""

    q = forms.CharField(
        label=gettext_lazy("Chercher dans le savoir"),
        help_text=gettext_lazy("Quelques mots, comme les gens les disent. Jamais le nom d’une personne."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "type": "search", "maxlength": "200"}),
    )


class ProposalForm(forms.Form):
    """What is wrong, in the reader's words."""

    words = forms.CharField(
        label=gettext_lazy("Ce qui est faux, ou ce qui manque"),
        help_text=gettext_lazy(
            "Sans nom de personne. Réponse sous 48 heures, nuits et jours fermés compris."
        ),
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "maxlength": str(corrections.LONGEST)}),
    )


@page("read_knowledge")
def home(request: HttpRequest) -> HttpResponse:
    """Search, or everything by title (at most 6 queries)."""
    form = SearchForm(request.GET or None)
    text = request.GET.get("q", "")[: reads.LONGEST_SEARCH]
    context = {
        "form": form,
        "asked": text.strip(),
        "unread": corrections.unread(_me(request)).count(),
        **(_found(request, text) if text.strip() else _everything(request)),
    }
    return render(request, "knowledge/home.html", context)


def _found(request: HttpRequest, text: str) -> dict[str, object]:
    at = now()
    found, kinds = reads.search(text, at), search_kinds(text, at)
    organisations = organisations_named(text, today())
    words = " ".join(sorted(reads.asked(text)))
    vain = bool(words) and not (found or kinds or organisations)
    if vain and request.session.get(ASKED) != words:
        verbs.count_vain(words)
        request.session[ASKED] = words
    return {
        "found": found,
        "kinds": kinds,
        "organisations": organisations,
        "near": reads.near(text, at) if not found else (),
        "vain": vain,
        "short": not words,
    }


def _everything(request: HttpRequest) -> dict[str, object]:
    at = now()
    listed = keyset(reads.articles(at).defer("search"), ["title"], cursor_of(request), PAGE)
    return {
        "columns": [Column(_("Article")), Column(_("On y trouve")), Column(_("Mis à jour"))],
        "rows": [
            [
                Cell(one.title, reverse("knowledge_desk:article", args=[one.article_id])),
                one.content.get("summary", ""),
                one.valid_from,
            ]
            for one in listed.rows
        ],
        "after": str(listed.cursor or ""),
        "most_read": reads.most_read(at),
        "all_kinds": kinds_in_force(at),
    }


@page("read_knowledge")
def article(request: HttpRequest, code: str) -> HttpResponse:
    """One article, with its links both ways and the kinds it serves (5 queries, and one when it is counted as read)."""
    shown = reads.page_of(code, now(), _me(request))
    # Shown again after an opinion or a proposal, it is the same reading.
    if not request.headers.get("Referer", "").endswith(request.path):
        verbs.count_reading(code)
    kinds = [kind for kind in kinds_in_force(now()) if kind.code in shown.article.kinds]
    return render(
        request,
        "knowledge/article.html",
        {
            "shown": shown,
            "article": shown.article,
            "look": CHECKED if shown.article.checked else TO_CHECK,
            "kinds": kinds,
            "seen_on": day_text(shown.article.seen_on, year=True) if shown.article.seen_on else "",
            **_correction(About.ARTICLE, code),
        },
    )


@page("read_knowledge")
@require_POST
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Useful or not; the last opinion counts."""
    if request.POST.get("useful") not in ("yes", "no"):
        raise Refused(_("Dites si l’article est utile."), code="opinion-missing")
    verbs.rate(code, useful=request.POST["useful"] == "yes")
    messages.success(request, _("Merci, votre avis est compté."))
    return see("knowledge_desk:article", code)


@page("read_knowledge")
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """What a kind asks for, without a call: papers, steps, whom it is done with, articles (4 queries)."""
    found = kind_in_force(code, now())
    known = Organisation.objects.filter(key__in=found.providers).order_by("name_key", "id")
    others = {one.code: one for one in kinds_in_force(now())}
    return render(
        request,
        "knowledge/kind.html",
        {
            "kind": found,
            "look": CHECKED if found.checked else TO_CHECK,
            "providers": known,
            "articles": reads.articles_for([code], now()),
            "see_also": [others[one] for one in found.see_also if one in others],
            **_correction(About.KIND, code),
        },
    )


@page("read_knowledge")
def beside(request: HttpRequest, code: str) -> HttpResponse:
    """The articles that serve a kind, and « proposer une correction », beside the script and the work (1 query)."""
    return render(
        request,
        "knowledge/parts/beside.html",
        {"articles": reads.articles_for([code], now()), **_correction(About.KIND, code)},
    )


@page("read_knowledge")
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """What we say of an organisation (2 queries)."""
    found = Organisation.objects.select_related("commune").filter(pk=organisation_id).first()
    if found is None:
        raise Unknown(_("Cet organisme n’existe pas."), code="unknown-organisation")
    return render(
        request,
        "knowledge/organisation.html",
        {
            "found": found,
            "look": CHECKED if found.is_checked else TO_CHECK,
            "facts": [
                (_("Nature"), found.get_kind_display()),
                (_("Téléphone"), wording.phone(found.phone) if found.phone else ""),
                (_("Commune"), str(found.commune or "")),
            ],
            **_correction(About.ORGANISATION, str(organisation_id)),
        },
    )


@page("read_knowledge")
def proposals(request: HttpRequest) -> HttpResponse:
    """What I proposed and what I was answered; reading it here is enough (3 queries)."""
    me = _me(request)
    new = set(corrections.unread(me).values_list("pk", flat=True))
    found = keyset(corrections.of_author(me), ["-proposed_at"], cursor_of(request), PAGE)
    if new:
        corrections.mark_read()
    return render(
        request,
        "knowledge/proposals.html",
        {
            "proposals": [(one, LOOKS[State(one.state)], one.pk in new) for one in found.rows],
            "late_after": now(),
            "after": str(found.cursor or ""),
        },
    )


@page("read_knowledge")
def propose(request: HttpRequest, about: str, code: str) -> HttpResponse:
    """Propose a correction; inside a call or an intervention the answer stays in its pane."""
    form = ProposalForm(request.POST or None)
    fragment = bool(request.headers.get("HX-Request"))
    title = corrections.title_of(about, code)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.propose(about, code, form.cleaned_data["words"])
        except Refused as refused:
            say_no(form, refused)
        else:
            if fragment:
                return render(request, "knowledge/parts/proposed.html")
            messages.success(
                request,
                _("Merci. Une réponse vous attendra ici sous 48 heures, nuits et jours fermés compris."),
            )
            return see("knowledge_desk:proposals")
    context = {"form": form, "title": title, "about": about, "code": code}
    template = "knowledge/parts/propose.html" if fragment else "knowledge/propose.html"
    return render(request, template, context, status=TO_CORRECT if form.errors else 200)


def _me(request: HttpRequest) -> UUID:
    return UUID(str(request.user.pk))


def _correction(about: str, code: str) -> dict[str, object]:
    return {"about": str(about), "code": code, "form": ProposalForm(auto_id=f"correction-{about}-%s")}
