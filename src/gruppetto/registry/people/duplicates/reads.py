"""Questions about suspects and merges, each with a fixed number of queries, within the actor's sight."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import TooLate, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people.duplicates.plan import Plan, plan
from gruppetto.registry.people.merging import Pair
from gruppetto.registry.people.models import Merge, MergeLine, Person, Suspect

MOST = 100


@dataclass(frozen=True, slots=True)
class Named:
    """A person of a pair, told apart from namesakes by year and place."""

    id: UUID
    name: str
    birth_year: int | None
    commune: str


@dataclass(frozen=True)
class Compared:
    """A suspect with its plan: which record is kept is the human's to say."""

    suspect: Suspect
    plan: Plan


@dataclass(frozen=True)
class Story:
    """A merge, the rows it changed, and what was done about the person since (while it held)."""

    merge: Merge
    lines: list[MergeLine]
    since: list[Entry]


def open_suspects() -> QuerySet[Suspect]:
    """The pairs to look at, those of merged records left out; surest first by ("rank", "found_at")."""
    return Suspect.objects.filter(state=Suspect.State.OPEN, moot=False)


def names_of(suspects: Collection[UUID]) -> dict[UUID, Named]:
    """Who the persons of these pairs are, one of them perhaps out of sight (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, name, birth_year, commune FROM people.names_of_pairs(%s::uuid[])",
            [list(suspects)],
        )
        return {row[0]: Named(*row) for row in cursor.fetchall()}


def compare(
    suspect_id: UUID, kept_id: UUID | None = None, chosen: Mapping[str, str] | None = None
) -> Compared:
    """Both records side by side, opened to the actor for half an hour with a trace on each.

    ``kept_id``: the record to keep, the better proved one by default. Raises ``Unknown``, ``TooLate`` (pair-decided).
    """
    suspect = Suspect.objects.filter(pk=suspect_id).first()
    if suspect is None:
        raise Unknown(_("Ce doublon possible n’est pas dans votre périmètre."), code="suspect-unknown")
    if suspect.state != Suspect.State.OPEN:
        raise TooLate(_("Quelqu’un a déjà décidé pour ces deux fiches."), code="pair-decided")
    with connection.cursor() as cursor:
        cursor.execute("SELECT people.open_to_compare(%s)", [suspect_id])
    both = list(Person.objects.filter(pk__in=[suspect.first_id, suspect.second_id]))
    if len(both) < 2:
        raise Unknown(_("Ce doublon possible n’est pas dans votre périmètre."), code="suspect-unknown")
    if any(one.merged_into for one in both):
        raise TooLate(_("L’une de ces fiches est déjà réunie avec une autre."), code="pair-decided")
    both.sort(key=lambda one: (one.pk == kept_id, _proof(one)), reverse=True)
    return Compared(suspect, plan(Pair(both[0], both[1], dict(chosen or {}))))


def merges() -> QuerySet[Merge]:
    """The merges in sight, with both records; newest first by ("-merged_at",)."""
    return Merge.objects.select_related("kept", "lost")


def story(merge_id: UUID) -> Story:
    """One merge, what it changed and what came since (3 queries). Raises ``Unknown``."""
    made = merges().filter(pk=merge_id).first()
    if made is None:
        raise Unknown(_("Cette réunion de fiches n’est pas dans votre périmètre."), code="merge-unknown")
    since = Entry.objects.filter(
        person_id__in=[made.kept_id, made.lost_id], kind="act", recorded_at__gt=made.merged_at
    ).exclude(verb__in=["person.merged", "person.unmerged"])
    if made.undone_at is not None:
        since = since.filter(recorded_at__lt=made.undone_at)
    return Story(made, list(made.lines.order_by("place")), list(since.order_by("-recorded_at", "-id")[:MOST]))


def changed(line: MergeLine) -> list[tuple[str, Any, Any]]:
    """(column, before, after) of a line, as kept."""
    before, after = json.loads(line.before), json.loads(line.after)
    return [(name, before[name], after[name]) for name in before]


def _proof(one: Person) -> tuple[bool, bool, bool, float]:
    """The record we know best, then the oldest."""
    return (
        one.first_visit_on is not None,
        one.subscriber_since is not None,
        one.portfolio_id != 0,
        -one.created_at.timestamp(),
    )
