"""Records that may be one person: side by side, then one decision; what was merged can be parted again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import names_of as names_of_staff
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.forms import reason
from gruppetto.desks.supervision.items import Item
from gruppetto.desks.supervision.kinds import Kind
from gruppetto.desks.supervision.layout import Listed, chosen, show
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal import declared
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.duplicates import reads
from gruppetto.registry.people.duplicates.likeness import DOUBTS, REASONS
from gruppetto.registry.people.duplicates.verbs import merge, refuse, undo
from gruppetto.registry.people.models import Merge, MergeLine, Suspect

MERGED = Kind(
    "reunies",
    "people",
    gettext_lazy("Fiches réunies"),
    "link",
    "supervision:duplicates",
    gettext_lazy(
        "Les fiches que vos équipes ont réunies, la plus récente d’abord. Une réunion peut se défaire."
    ),
)
GRADES = {
    "sure": Look(gettext_lazy("Presque sûr"), "danger", "exclamation-circle"),
    "likely": Look(gettext_lazy("Probable"), "warning", "question-circle"),
    "possible": Look(gettext_lazy("Possible"), "neutral", "question-circle"),
}
STATES = {
    "applied": Look(gettext_lazy("Changée par la réunion"), "neutral", "pencil"),
    "restored": Look(gettext_lazy("Remise comme avant"), "good", "check-circle-fill"),
    "left": Look(gettext_lazy("À regarder : changée depuis"), "warning", "exclamation-circle"),
}
HELD = Look(gettext_lazy("Réunies"), "good", "link")
UNDONE = Look(gettext_lazy("Séparées"), "neutral", "arrow-counterclockwise")


class MergeForm(forms.Form):
    """One question for each conflict, none answered in advance; and why."""

    why = reason(
        gettext_lazy("Comment savez-vous que c’est la même personne ?"),
        gettext_lazy("Par exemple : elle l’a confirmé au téléphone. La raison reste dans le journal."),
    )

    def __init__(self, data: Any, compared: reads.Compared) -> None:
        super().__init__(data)
        self.codes = {f"choice_{place}": one.code for place, one in enumerate(compared.plan.conflicts)}
        for name, conflict in zip(self.codes, compared.plan.conflicts, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=str(conflict.question),
                choices=[(choice.code, str(choice.text)) for choice in conflict.choices],
                widget=forms.RadioSelect,
            )
        self.order_fields([*self.codes, "why"])

    @property
    def chosen(self) -> dict[str, str]:
        """Conflict → choice."""
        return {code: self.cleaned_data[name] for name, code in self.codes.items()}


class ApartForm(forms.Form):
    """Two persons after all."""

    apart = forms.CharField(
        label=gettext_lazy("Ce qui les distingue (facultatif)"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class UndoForm(forms.Form):
    """Why two records are parted."""

    why = reason(gettext_lazy("Pourquoi séparer ces deux fiches ?"))


@page("merge_persons")
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs to look at, surest first; or, when asked, what was merged."""
    return show(request, "supervision/duplicates.html", _listed(request))


@page("merge_persons")
def pair(request: HttpRequest, suspect_id: UUID) -> HttpResponse:
    """Two records side by side; ``garder``: the one to keep."""
    compared = reads.compare(suspect_id, _kept(request.GET.get("garder")))
    return _compared(request, compared, MergeForm(None, compared), ApartForm())


@page("merge_persons")
def unite(request: HttpRequest, suspect_id: UUID) -> HttpResponse:
    """Merge, as read on the page."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:duplicate", args=[suspect_id]))
    compared = reads.compare(suspect_id, _kept(request.POST.get("kept")))
    form = MergeForm(request.POST, compared)
    if form.is_valid():
        kept, lost = compared.plan.pair.ids
        try:
            made = merge(
                kept, lost, form.cleaned_data["why"], form.chosen, stamp=request.POST.get("stamp") or "none"
            )
        except Refused as refused:
            say_no(form, refused)
            compared = reads.compare(suspect_id, kept)
        else:
            messages.success(
                request, _("C’est fait : il n’y a plus qu’une fiche. Vous pouvez encore les séparer.")
            )
            return SeeOther(reverse("supervision:merge", args=[made.pk]))
    return _compared(request, compared, form, ApartForm(), TO_CORRECT)


@page("merge_persons")
def tell_apart(request: HttpRequest, suspect_id: UUID) -> HttpResponse:
    """Two persons: not proposed again for a year."""
    form = ApartForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return SeeOther(reverse("supervision:duplicate", args=[suspect_id]))
    refuse(suspect_id, form.cleaned_data["apart"])
    messages.success(
        request, _("C’est noté : ce sont deux personnes. Nous ne le demanderons plus pendant un an.")
    )
    return SeeOther(reverse("supervision:duplicates"))


@page("merge_persons")
def merged(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """One merge: who, why, what it changed, what came since."""
    return _merged(request, reads.story(merge_id), UndoForm())


@page("merge_persons")
def part(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Undo a merge, with a reason."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:merge", args=[merge_id]))
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            undo(merge_id, form.cleaned_data["why"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est fait : il y a de nouveau deux fiches."))
            return SeeOther(reverse("supervision:merge", args=[merge_id]))
    return _merged(request, reads.story(merge_id), form, TO_CORRECT)


def _kept(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def _listed(request: HttpRequest, current: str = "doublons") -> Listed:
    kind = chosen(request, current, MERGED) if request.GET.get("file") or current == "doublons" else MERGED
    if kind.code == MERGED.code:
        found = keyset(reads.merges(), ["-merged_at"], cursor_of(request), PAGE)
        items = [_of_merge(row) for row in found.rows]
        return Listed(kind, items, str(found.cursor or ""), "", _("Aucune fiche n’a été réunie."))
    suspects = keyset(reads.open_suspects(), ["rank", "found_at"], cursor_of(request), PAGE)
    names = reads.names_of([row.pk for row in suspects.rows])
    return Listed(
        kind,
        [_of_suspect(row, names) for row in suspects.rows],
        str(suspects.cursor or ""),
        "people.suspected people.merged people.unmerged",
        _("Aucune fiche ne semble en double."),
    )


def _of_suspect(row: Suspect, names: dict[UUID, reads.Named]) -> Item:
    first, second = (names.get(key) for key in (row.first_id, row.second_id))
    why = ", ".join(str(REASONS[code]) for code in row.reasons if code in REASONS)
    return Item(
        key=str(row.pk),
        name=_("%(one)s et %(other)s") % {"one": _told(first), "other": _told(second)},
        line=why[:1].upper() + why[1:],
        at=row.found_at,
        looks=(GRADES[row.grade],),
        href=reverse("supervision:duplicate", args=[row.pk]),
    )


def _of_merge(row: Merge) -> Item:
    return Item(
        key=str(row.pk),
        name=row.kept.full_name,
        line=_("avec la fiche « %(name)s »") % {"name": row.lost.full_name},
        at=row.merged_at,
        looks=(UNDONE if row.undone_at else HELD,),
        href=reverse("supervision:merge", args=[row.pk]) + "?file=reunies",
    )


def _told(named: reads.Named | None) -> str:
    if named is None:
        return _("une fiche hors de votre périmètre")
    return f"{named.name} ({named.birth_year})" if named.birth_year else named.name


def _compared(
    request: HttpRequest, compared: reads.Compared, form: MergeForm, apart: ApartForm, status: int = 200
) -> HttpResponse:
    suspect, both = compared.suspect, compared.plan.pair
    return show(
        request,
        "supervision/duplicates.html",
        _listed(request),
        current=str(suspect.pk),
        status=status,
        suspect=suspect,
        grade=GRADES[suspect.grade],
        kept=both.kept,
        lost=both.lost,
        stamp=compared.plan.stamp,
        blocks=compared.plan.blocks,
        notes=[note for one in compared.plan.parts for note in one.notes],
        reasons=[REASONS[code] for code in suspect.reasons if code in REASONS],
        doubts=[DOUBTS[code] for code in suspect.doubts if code in DOUBTS],
        columns=[Column(""), Column(_("Fiche gardée")), Column(_("Autre fiche"))],
        tables=[
            (one.title, [[capfirst(fact.label), *_sides(fact)] for fact in one.facts])
            for one in compared.plan.parts
            if one.facts
        ],
        form=form,
        apart=apart,
    )


def _sides(fact: Any) -> list[str]:
    return [str(side) or "–" for side in (fact.kept, fact.lost)]


def _merged(request: HttpRequest, story: reads.Story, form: UndoForm, status: int = 200) -> HttpResponse:
    made = story.merge
    accounts = [made.merged_by, made.undone_by, *(entry.account_id for entry in story.since)]
    names = names_of_staff(accounts)
    verbs = declared()
    return show(
        request,
        "supervision/duplicates.html",
        _listed(request, "reunies"),
        current=str(made.pk),
        status=status,
        merge=made,
        undo_form=form,
        by=names.get(made.merged_by, ""),
        undone_by=names.get(made.undone_by, "") if made.undone_by else "",
        columns=[Column(_("Ligne")), Column(_("État"))],
        lines=[[_label(line), Cell(look=STATES[line.state])] for line in story.lines],
        since=[
            (entry, names.get(entry.account_id, "") if entry.account_id else "", verbs[entry.verb].said)
            for entry in story.since
            if entry.verb in verbs
        ],
    )


def _label(line: MergeLine) -> str:
    return line.label[:1].upper() + line.label[1:]
