"""Joining, splitting and linking interventions, on a page of their own; and what waits to be read by oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gruppetto.desks.correspondent import forms_together as forms
from gruppetto.desks.correspondent.together import tied_line
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import INTERVENTION
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import day_of, now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.identifiers.references import read_reference
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.interventions import tied, verbs
from gruppetto.service.interventions.models import ACTIVE, Intervention
from gruppetto.service.interventions.reads import InterventionPage, page_of

LONGEST_LABEL = 90


@dataclass(frozen=True)
class Joint:
    """An act of the page: its form, what it does, what is said; it answers with where to go next."""

    form: Callable[[InterventionPage, Any], Form]
    run: Callable[[UUID, dict[str, Any]], UUID]
    said: Promise
    needs: str


def _merge_form(shown: InterventionPage, data: Any) -> Form:
    same = Intervention.objects.filter(subject_id=shown.intervention.subject_id, state__in=ACTIVE)
    others = same.exclude(pk=shown.intervention.pk).order_by("due_at", "id")[:20]
    choices = [
        (str(one.pk), f"{one.reference} – {one.title} ({INTERVENTION[one.state].word})") for one in others
    ]
    return forms.MergeForm(data, others=choices)


def _split_form(shown: InterventionPage, data: Any) -> Form:
    kinds = [("", _("la même : %(kind)s") % {"kind": shown.kind.label})]
    kinds += [(kind.code, kind.label) for kind in kinds_in_force(now()) if kind.code != shown.kind.code]
    files = [
        (str(line.id), line.words or str(shown.files[line.ref].name))
        for line in shown.story
        if line.what == "file" and line.ref in shown.files
    ]
    notes = [
        (
            str(line.id),
            f"{line.who}, {day_text(day_of(line.at))} : {Truncator(line.words).chars(LONGEST_LABEL)}",
        )
        for line in shown.story
        if line.what == "note"
    ]
    return forms.SplitForm(
        data,
        choices={
            "kind": kinds,
            "papers": [(str(paper.pk), paper.label) for paper in shown.papers],
            "documents": files,
            "notes": notes,
        },
    )


def _merge(key: UUID, typed: dict[str, Any]) -> UUID:
    pair = (key, UUID(typed["other"]))
    kept, absorbed = pair if typed["kept"] == "this" else pair[::-1]
    return verbs.merge(kept, absorbed, typed["why"]).kept_id


def _split(key: UUID, typed: dict[str, Any]) -> UUID:
    chosen = {name: [UUID(one) for one in typed.get(name, ())] for name in ("papers", "documents", "notes")}
    return verbs.split(key, typed["title"], kind=typed.get("kind", ""), **chosen).pk


def _link(key: UUID, typed: dict[str, Any]) -> UUID:
    reference = read_reference(typed["reference"], kind="I", field="reference")
    other = Intervention.objects.filter(reference=reference).values_list("pk", flat=True).first()
    if other is None:
        raise Unknown(
            _("Aucune demande de votre périmètre n’a cette référence."),
            code="intervention-unknown",
            field="reference",
        )
    verbs.link(key, other, typed["kind"])
    return key


def _unlink(key: UUID, typed: dict[str, Any]) -> UUID:
    verbs.unlink(typed["link"])
    return key


def _unmerge(key: UUID, typed: dict[str, Any]) -> UUID:
    return verbs.unmerge(key, typed["why"]).pk


JOINT: dict[str, Joint] = {
    "lier": Joint(
        lambda shown, data: forms.LinkForm(data), _link, gettext_lazy("Les deux demandes sont liées."), "link"
    ),
    "delier": Joint(
        lambda shown, data: forms.UnlinkForm(data), _unlink, gettext_lazy("Le lien est enlevé."), "link"
    ),
    "reunir": Joint(
        _merge_form, _merge, gettext_lazy("Les deux demandes n’en font plus qu’une : celle-ci."), "absorb"
    ),
    "separer": Joint(
        _split_form, _split, gettext_lazy("La deuxième demande est ouverte, avec la même promesse."), "split"
    ),
    "remettre": Joint(
        lambda shown, data: forms.UnmergeForm(data),
        _unmerge,
        gettext_lazy("Les deux demandes vivent de nouveau chacune leur vie."),
        "",
    ),
}


@page("work_interventions")
@require_http_methods(["GET", "HEAD", "POST"])
def organise(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """Link, join, split, part again: what is rare and changes more than one intervention."""
    shown = page_of(intervention_id)
    found = shown.intervention
    if request.method != "POST":
        journal.look(
            "intervention.looked_at",
            subject=("interventions.intervention", found.pk),
            person_id=found.subject_id,
            portfolio_id=found.portfolio_id,
        )
        return render(request, "correspondent/organise.html", _organised(shown))
    name = request.POST.get("what", "")
    joint = JOINT.get(name)
    if joint is None:
        raise Unknown(_("Cette action n’existe pas."), code="act-unknown")
    form, status = joint.form(shown, request.POST), TO_CORRECT
    if form.is_valid():
        try:
            with transaction.atomic():
                went_to = joint.run(intervention_id, form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
            status = refused.status
        else:
            messages.success(request, str(joint.said))
            return see("correspondent:intervention", went_to)
    context = _organised(page_of(intervention_id), {name: form})
    return render(request, "correspondent/organise.html", context, status=status)


def _organised(shown: InterventionPage, typed: dict[str, Form] | None = None) -> dict[str, Any]:
    typed = typed or {}
    open_to = {*shown.beside, *({""} if "unmerge" in {step.verb for step in shown.possible} else ())}
    made = {
        name: typed.get(name) or joint.form(shown, None)
        for name, joint in JOINT.items()
        if joint.needs in open_to
    }
    merging = cast(Any, made.get("reunir"))
    return {
        "page": shown,
        "intervention": shown.intervention,
        "link_form": made.get("lier"),
        "merge_form": merging if merging and merging.fields["other"].choices else None,
        "split_form": made.get("separer"),
        "unmerge_form": made.get("remettre"),
        "links": [
            tied_line(one, tied.link_words(one), undo="link" in shown.beside) for one in shown.ties.links
        ],
        "wrong": [form for form in typed.values() if form.errors],
    }


@page("work_interventions")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What waits to be read by oneself, newest first; what was read stays for a while."""
    unread = request.GET.get("vue") != "tout"
    lines, after = tied.notices(unread=unread, after=cursor_of(request))
    context = {"lines": lines, "after": after, "unread": unread}
    return render(request, "correspondent/notices.html", context)


@page("work_interventions")
@require_POST
def read_one(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Read it: the intervention opens, and the notice waits no more."""
    notice = verbs.read_notice(notice_id)
    if request.POST.get("stay"):
        return see("correspondent:notices")
    return see("correspondent:intervention", notice.intervention_id)


@page("work_interventions")
@require_POST
def read_all(request: HttpRequest) -> SeeOther:
    """All read."""
    verbs.read_notices()
    messages.success(request, _("Tout est marqué comme lu."))
    return see("correspondent:notices")
