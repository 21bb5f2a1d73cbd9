"""Reading a list: one page, how many there are, the counts of several lists at once. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.search import pages
from gruppetto.kernel.search.pages import COUNT_CAP, Count, Counting, lateral
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.people.models import Address, Need, Person
from gruppetto.service.interventions.models import ACTIVE, Intervention, State
from gruppetto.service.interventions.reads import WORKER_NAME, with_names
from gruppetto.service.worklists.fields import NOBODY
from gruppetto.service.worklists.filters import DUE, LONGEST_WAIT, NEWEST, STILL, Filters
from gruppetto.service.worklists.scopes import in_place, places_of, workers

PAGE = 25
# A count of the rail: enough to know that there is too much.
RAIL_CAP = 999
PLACES = ("portefeuille", "equipe", "territoire")
COLUMNS = {DUE: "due_at", LONGEST_WAIT: "opened_at", STILL: "state_since", NEWEST: "-opened_at"}


@dataclass(frozen=True)
class Asked:
    """A list ready to be read: its rows in no order, the portfolios they can be in, the filters they come from.

    ``names``: of all the portfolios that its reader sees.
    """

    rows: QuerySet[Intervention]
    portfolios: list[int]
    filters: Filters
    names: dict[int, str]


@dataclass(frozen=True)
class Listed:
    """One page: rows each with its ``person`` and its ``worker_name``, the id to ask the next one with ("" at the
    end), how many in all, and how many each list beside it has."""

    rows: list[Intervention]
    after: str
    total: Count
    beside: list[Count]


def ask(filters: Filters) -> Asked:
    """What ``filters`` mean for the current actor: « moi » is who reads, nothing beyond their portfolios (1 query)."""
    places = places_of(filters)
    rows = narrowed(filters).filter(portfolio_id__in=places.portfolios)
    return Asked(rows, places.portfolios, filters, places.names)


def page(asked: Asked, after: UUID | None = None, size: int = PAGE, beside: Sequence[Filters] = ()) -> Listed:
    """One page in the order of the filters (4 queries, 5 with ``after``: the id of the last row seen).

    ``beside``: other lists of the same reader, counted with it. Raises ``Refused`` (cursor-gone).
    """
    filters = asked.filters
    column = COLUMNS[filters.way]
    # Each branch is one range of an index: of a portfolio where the index holds all that is asked and nothing else
    # (what is to be done, or everything by its opening), of a portfolio and a state otherwise.
    states = set(filters.states)
    if (states == set(ACTIVE) and filters.way != STILL) or (
        states == set(State) and filters.way in (NEWEST, LONGEST_WAIT)
    ):
        rows: QuerySet[Any] = narrowed(filters).annotate(worker_name=WORKER_NAME)
        found = lateral(rows, "portfolio_id", asked.portfolios, [column], after, size)
    else:
        # The keys say the states: said twice, they would look rarer than they are, and be sorted.
        rows = _narrowed(Intervention.objects.annotate(worker_name=WORKER_NAME), filters)
        branches = product(asked.portfolios, _codes(filters))
        found = lateral(rows, ("portfolio_id", "state"), branches, [column], after, size)
    return Listed(with_names(found.rows), str(found.cursor or ""), *counts(asked, beside))


def total(asked: Asked, cap: int = COUNT_CAP) -> Count:
    """How many rows, up to ``cap`` (1 query)."""
    return pages.counts([_counting(asked, cap)], "portfolio_id")[0]


def counts(asked: Asked, beside: Sequence[Filters]) -> tuple[Count, list[Count]]:
    """How many rows a list has, and each of those beside it, these up to ``RAIL_CAP`` (1 query for all)."""
    wanted = [_counting(asked)]
    for filters in beside:
        rows = narrowed(filters)
        if any(filters.get(name) for name in PLACES):
            rows = rows.filter(portfolio_id__in=in_place(filters, Portfolio.objects.all()).values("pk"))
        wanted.append(Counting(rows, asked.names, RAIL_CAP))
    total, *others = pages.counts(wanted, "portfolio_id")
    return total, others


def _counting(asked: Asked, cap: int = COUNT_CAP) -> Counting:
    return Counting(narrowed(asked.filters), asked.portfolios, cap)


def in_order(asked: Asked) -> Iterator[list[Intervention]]:
    """All the rows in the order of the filters, 500 at a time, as they stood at one instant (one statement)."""
    column = COLUMNS[asked.filters.way]
    rows = asked.rows.order_by(column, "-pk" if column.startswith("-") else "pk")
    chunk: list[Intervention] = []
    for row in rows.iterator(chunk_size=500):
        chunk.append(row)
        if len(chunk) == 500:
            yield with_names(chunk)
            chunk = []
    if chunk:
        yield with_names(chunk)


def narrowed(filters: Filters) -> QuerySet[Intervention]:
    """The rows that the filters ask, wherever they are: place, team and worker also choose the portfolios."""
    rows = Intervention.objects.all()
    if set(filters.states) != set(State):
        rows = rows.filter(state__in=_codes(filters))
    return _narrowed(rows, filters)


def _codes(filters: Filters) -> list[str]:
    return [state.value for state in filters.states]


def _narrowed(found: QuerySet[Intervention], filters: Filters) -> QuerySet[Intervention]:
    at = now()
    exact = {
        "domain__in": filters.get("domaine"),
        "kind__in": filters.get("type"),
        "grade__in": filters.get("niveau"),
        "department__in": filters.get("departement"),
    }
    found = found.filter(**{name: values for name, values in exact.items() if values})
    if filters.get("qui"):
        alone = Q(worker_id__isnull=True) if NOBODY in filters.get("qui") else Q(pk__in=())
        found = found.filter(Q(worker_id__in=workers(filters)) | alone)
    if urgent := filters.one("urgent"):
        found = found.filter(urgent=urgent == "oui")
    if aside := filters.one("cote"):
        found = found.filter(snoozed_until__isnull=aside == "non")
    if filters.get("retard"):
        found = found.filter(due_at__lt=at)
    if due := filters.one("echeance"):
        found = found.filter(due_at__lt=_midnight(today() + timedelta(days=1 if due == "aujourdhui" else 8)))
    if days := filters.one("depuis"):
        found = found.filter(state_since__lte=at - timedelta(days=int(days)))
    if first := filters.one("du"):
        found = found.filter(opened_at__gte=_midnight(date.fromisoformat(first)))
    if last := filters.one("au"):
        found = found.filter(opened_at__lt=_midnight(date.fromisoformat(last) + timedelta(days=1)))
    if filters.get("rouverte"):
        found = found.filter(reopened__gt=0)
    return _of_persons(found, filters)


def _of_persons(found: QuerySet[Intervention], filters: Filters) -> QuerySet[Intervention]:
    subject = OuterRef("subject_id")
    if communes := filters.get("commune"):
        homes = Address.objects.filter(subject_id=subject, kind=Address.Kind.HOME, until=None)
        found = found.filter(Exists(homes.filter(commune_id__in=communes)))
    if needs := filters.get("besoin"):
        found = found.filter(
            Exists(Need.objects.filter(subject_id=subject, kind__in=needs, ended_on__isnull=True))
        )
    if filters.get("protegee"):
        found = found.filter(Exists(Person.objects.filter(pk=subject, protected=True)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)
