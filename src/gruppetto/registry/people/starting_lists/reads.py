"""A list to look over before it is loaded; fixed numbers of queries, one look in the journal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.people.models import StartingLine, StartingList
from gruppetto.registry.people.starting_lists.alike import WHYS
from gruppetto.registry.people.starting_lists.verbs import BAD, Decision

PAGE = 50


@dataclass(frozen=True, slots=True)
class LooksLike:
    """Somebody that a line looks like: a person known (name, year of birth, commune), or an earlier ``line``."""

    certainty: str
    why: object
    person_id: UUID | None
    line: int | None
    name: str
    birth_year: int | None
    commune: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line to look at: what was typed, what is wrong, whom it looks like, what was decided."""

    id: UUID
    number: int
    typed: dict[str, str]
    errors: list[dict[str, str]]
    alike: list[LooksLike]
    decision: str
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A list: counts of its lines, and one page of those that want an eye (bad, alike or undecided)."""

    starting_list: StartingList
    total: int
    bad: int
    undecided: int
    skipped: int
    ready: int
    loaded: int
    lines: list[LineView]
    next_after: int | None


def received(limit: int = 50) -> list[StartingList]:
    """The lists received, newest first (1 query)."""
    return list(StartingList.objects.order_by("-received_at")[:limit])


def preview(list_id: UUID, *, after: int = 0, only: str = "") -> Preview:
    """A list with one page of 50 lines to look at, after line number ``after`` (5 queries).

    ``only``: "bad", "alike" (looking like somebody), "all", or "" for the bad and the alike. Raises ``Unknown``.
    """
    starting_list = StartingList.objects.filter(pk=list_id).first()
    if starting_list is None:
        raise Unknown(_("Cette liste n’existe pas."), code="unknown-list")
    ours = StartingLine.objects.filter(starting_list=starting_list)
    counts = ours.aggregate(
        total=Count("id"),
        bad=Count("id", filter=BAD),
        undecided=Count("id", filter=Q(errors=[], decision=Decision.ASK)),
        skipped=Count("id", filter=Q(errors=[], decision=Decision.SKIP)),
        ready=Count("id", filter=Q(errors=[], decision=Decision.LOAD, person_id=None)),
        loaded=Count("id", filter=Q(person_id__isnull=False)),
    )
    chosen = {"bad": BAD, "alike": ~Q(alike=[]), "all": Q(), "": BAD | ~Q(alike=[])}[only]
    rows = list(ours.filter(chosen, number__gt=after).order_by("number")[: PAGE + 1])
    shown = rows[:PAGE]
    names = _names(list_id, {one["person"] for row in shown for one in row.alike if "person" in one})
    journal.look("list.previewed", subject=("people.startinglist", list_id))
    return Preview(
        starting_list=starting_list,
        **counts,
        lines=[_view(row, names) for row in shown],
        next_after=shown[-1].number if len(rows) > PAGE else None,
    )


def _names(list_id: UUID, persons: set[str]) -> dict[str, tuple[str, int | None, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, name, birth_year, commune FROM people.alike_of_list(%s, %s::uuid[])",
            [list_id, sorted(persons)],
        )
        return {str(key): (name, year, commune) for key, name, year, commune in cursor.fetchall()}


def _view(row: StartingLine, names: dict[str, tuple[str, int | None, str]]) -> LineView:
    return LineView(
        row.pk,
        row.number,
        json.loads(row.typed) if row.typed else {},
        row.errors,
        [_looks_like(one, names) for one in row.alike],
        row.decision,
        row.person_id,
    )


def _looks_like(one: dict[str, str | int], names: dict[str, tuple[str, int | None, str]]) -> LooksLike:
    person = str(one["person"]) if "person" in one else ""
    name, year, commune = names.get(person, ("", None, ""))
    return LooksLike(
        certainty=str(one["certainty"]),
        why=WHYS[str(one["why"])],
        person_id=UUID(person) if person else None,
        line=int(one["line"]) if "line" in one else None,
        name=name,
        birth_year=year,
        commune=commune,
    )
