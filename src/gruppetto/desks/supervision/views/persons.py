"""Persons to place, and who follows anybody of the teams: proposed, decided, said to the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.figures import Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.board import persons_to_place
from gruppetto.desks.supervision.forms import FindForm, PlaceForm
from gruppetto.desks.supervision.items import Item
from gruppetto.desks.supervision.layout import Listed, chosen, person_facts, show
from gruppetto.desks.supervision.teams import my_teams
from gruppetto.kernel import journal
from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.coverage.reads import PortfolioCard, Proposal, cards_of_teams, propose
from gruppetto.registry.coverage.verbs import place_person
from gruppetto.registry.people.models import Person
from gruppetto.registry.people.reads import Found, PersonCard, card, search

TO_PLACE = Look(gettext_lazy("À placer"), "warning", "person-plus")
PLACED = Look(gettext_lazy("Suivie"), "good", "person-check")


@page("supervise")
def persons(request: HttpRequest) -> HttpResponse:
    """Who is in no portfolio yet; or, when asked, anybody of the teams. What is searched never stands in an address."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (typed := form.cleaned_data["q"].strip()):
        journal.look("person.searched")
        return show(request, "supervision/persons.html", _found(request, typed), form=form, searched=typed)
    return show(request, "supervision/persons.html", _listed(request), form=form, searched="")


@page("supervise")
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: who follows them, which portfolio is proposed and what was weighed."""
    known = card(person_id)
    proposal = propose(person_id)
    return _record(request, known, proposal, _form(known, proposal))


@page("place_persons")
def place(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Put them in a portfolio, with a reason; a notice to the person follows when it changes."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:person", args=[person_id]))
    known = card(person_id, look=False)
    proposal = propose(person_id)
    form = _form(known, proposal, request.POST)
    if form.is_valid():
        try:
            place_person(person_id, int(form.cleaned_data["portfolio"]), form.cleaned_data["reason"])
        except Refused as refused:
            say_no(form, refused)
        else:
            first = known.portfolio_id == UNASSIGNED
            messages.success(
                request,
                _("C’est fait : la personne a son correspondant.")
                if first
                else _("C’est fait. Un courrier se prépare pour prévenir la personne."),
            )
            return SeeOther(reverse("supervision:persons"))
    return _record(request, known, proposal, form, TO_CORRECT)


def _listed(request: HttpRequest) -> Listed:
    kind = chosen(request, "a-placer")
    found = keyset(persons_to_place(), ["sort_key"], cursor_of(request), PAGE)
    items = [_item(row) for row in found.rows]
    return Listed(
        kind,
        items,
        str(found.cursor or ""),
        "people.added person.placed",
        _("Tous les abonnés ont leur portefeuille."),
    )


def _item(row: Person) -> Item:
    return Item(
        key=str(row.pk),
        name=row.full_name,
        line=_("Fiche créée, sans correspondant"),
        at=row.created_at,
        looks=(TO_PLACE,),
        href=reverse("supervision:person", args=[row.pk]),
    )


def _found(request: HttpRequest, typed: str) -> Listed:
    items = [_hit(one) for one in search(typed, limit=PAGE)]
    empty = _("Personne ne porte ce nom ou ce numéro dans vos équipes.")
    return Listed(chosen(request, "a-placer"), items, "", "", empty)


def _hit(one: Found) -> Item:
    place = one.commune or _("commune non connue")
    age = _("%(age)s ans") % {"age": one.age} if one.age is not None else _("âge non connu")
    return Item(
        key=str(one.id),
        name=one.name,
        line=f"{age}, {place}",
        at=None,
        looks=(TO_PLACE if one.portfolio_id == UNASSIGNED else PLACED,),
        href=reverse("supervision:person", args=[one.id]),
    )


def _record(
    request: HttpRequest, known: PersonCard, proposal: Proposal, form: PlaceForm, status: int = 200
) -> HttpResponse:
    before = (
        Placement.objects.filter(subject_id=known.person.pk).select_related("portfolio").order_by("-since")
    )
    return show(
        request,
        "supervision/persons.html",
        _listed(request),
        current=str(known.person.pk),
        status=status,
        form=FindForm(),
        searched="",
        place_form=form,
        known=known,
        facts=person_facts(known),
        why_not=proposal.weighed.get("why", ""),
        weighed=_weighed(proposal),
        columns=[
            Column(_("Portefeuille")),
            Column(_("Qui le suit aujourd’hui")),
            Column(_("Personnes"), "number"),
            Column(_("Taille visée"), "number"),
            Column(_("Heures par semaine"), "number", 1),
            Column(_("Rempli à"), "number"),
        ],
        proposed=proposal.portfolio_id,
        placements=list(before[:10]),
        first=known.portfolio_id == UNASSIGNED,
    )


def _weighed(proposal: Proposal) -> list[list[Any]]:
    """The lines of a proposal as a table; how full a portfolio is takes the hours worked into account."""
    return [
        [
            line["name"],
            line["worker"] or _("personne"),
            line["persons"],
            line["target"],
            line["hours"],
            None
            if line["fullness"] is None
            else _("%(share)s %%") % {"share": round(line["fullness"] * 100)},
        ]
        for line in proposal.weighed.get("lines", [])
    ]


def _form(known: PersonCard, proposal: Proposal, data: Any = None) -> PlaceForm:
    choices = [(str(one.portfolio.pk), _label(one, proposal)) for one in cards_of_teams(my_teams())]
    initial: dict[str, Any] = {"portfolio": str(proposal.portfolio_id or "")}
    if known.portfolio_id == UNASSIGNED and proposal.portfolio_id != UNASSIGNED:
        initial["reason"] = _(
            "premier portefeuille : l’équipe de votre commune, le correspondant le plus disponible"
        )
    return PlaceForm(data, choices=choices, initial=initial)


def _label(one: PortfolioCard, proposal: Proposal) -> str:
    who = one.worker.name or _("personne ne le suit")
    label = _("%(name)s – %(who)s – %(persons)s personnes sur %(target)s") % {
        "name": one.portfolio.name,
        "who": who,
        "persons": one.persons,
        "target": one.portfolio.target_size,
    }
    return _("%(label)s – proposé") % {"label": label} if one.portfolio.pk == proposal.portfolio_id else label
