"""Reading interventions: fixed numbers of queries, keyset pages, capped counts (architecture, « Every list »)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.states import Transition
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.reads import kind_version
from gruppetto.service.interventions import states
from gruppetto.service.interventions.models import (
    ACTIVE,
    Attachment,
    Attempt,
    Intervention,
    Move,
    Note,
    Paper,
)
from gruppetto.service.interventions.verbs.steps import who_am_i
from gruppetto.service.messages.models import Message

COUNT_CAP = 10_000
PAGE = 25
ACTIVE_STATES = [state.value for state in ACTIVE]


@dataclass(frozen=True)
class Page:
    """One page of work: rows, and the id to ask the next one with ("" at the end)."""

    rows: list[Intervention]
    after: str


def portfolios_in_scope() -> list[int]:
    """The portfolios the current actor sees, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.scope()")
        return sorted(cursor.fetchone()[0])


# An ordered list over several portfolios: one short index scan per portfolio, then a merge (decisions 7).
WORK = """
SELECT i.id FROM unnest(%(portfolios)s::int[]) AS p(id)
CROSS JOIN LATERAL (
    SELECT w.id, w.due_at FROM interventions_intervention w
    WHERE w.portfolio_id = p.id AND w.state = ANY (%(states)s)
      AND (%(worker)s::uuid IS NULL OR w.worker_id = %(worker)s)
      AND (NOT %(late)s OR w.due_at < %(at)s)
      AND (%(after)s::uuid IS NULL OR (w.due_at, w.id) > (
            SELECT c.due_at, c.id FROM interventions_intervention c WHERE c.id = %(after)s))
    ORDER BY w.due_at, w.id LIMIT %(size)s
) AS i
ORDER BY i.due_at, i.id LIMIT %(size)s
"""


def work_list(
    portfolios: list[int] | None = None,
    *,
    states_in: list[str] | None = None,
    worker: UUID | None = None,
    late: bool = False,
    after: UUID | None = None,
    size: int = PAGE,
) -> Page:
    """Interventions of ``portfolios`` (by default the actor's), oldest due first (3 queries).

    ``states_in``: by default those still to be worked. ``after``: the cursor of the page before, an id.
    """
    if portfolios is None:
        portfolios = portfolios_in_scope()
    with connection.cursor() as cursor:
        cursor.execute(
            WORK,
            {
                "portfolios": portfolios,
                "states": states_in or ACTIVE_STATES,
                "worker": worker,
                "late": late,
                "at": now(),
                "after": after,
                "size": size + 1,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    found = {row.pk: row for row in Intervention.objects.filter(pk__in=ids[:size])}
    rows = with_names([found[key] for key in ids[:size] if key in found])
    return Page(rows, str(ids[size - 1]) if len(ids) > size else "")


def with_names(rows: list[Intervention]) -> list[Intervention]:
    """Give each row its ``person`` (one query for all)."""
    people = Person.objects.in_bulk([row.person_id for row in rows])
    for row in rows:
        row.person = people.get(row.person_id)  # type: ignore[attr-defined]  # shown by the lists
    return rows


def count(
    portfolios: list[int], states_in: list[str], *, late: bool = False, worker: UUID | None = None
) -> int:
    """How many, up to ``COUNT_CAP`` (shown as « 10 000 + »)."""
    rows = Intervention.objects.filter(portfolio_id__in=portfolios, state__in=states_in)
    if late:
        rows = rows.filter(due_at__lt=now())
    if worker:
        rows = rows.filter(worker_id=worker)
    return rows.order_by()[:COUNT_CAP].count()


def next_task(account_id: UUID) -> Intervention | None:
    """What a correspondent should do next: urgent first, then the oldest due among what is theirs to work."""
    rows = Intervention.objects.filter(worker_id=account_id, state__in=("assigned", "in_progress"))
    return rows.order_by("-urgent", "due_at", "id").first()


@dataclass(frozen=True)
class InterventionPage:
    """All that an intervention's page shows."""

    intervention: Intervention
    person: Person
    kind: Kind
    papers: list[Paper]
    moves: list[Move]
    notes: list[Note]
    attachments: list[Attachment]
    attempts: list[Attempt]
    messages: list[Message]
    steps: tuple[script.Step, ...]
    warnings: tuple[script.Warn, ...]
    answers: list[tuple[str, str]]
    possible: tuple[Transition, ...]
    worker_name: str
    at: datetime

    @property
    def late(self) -> bool:
        """Is the promise broken, and still owed?"""
        return self.intervention.state in ACTIVE_STATES and self.intervention.due_at < self.at


def page_of(intervention_id: UUID) -> InterventionPage:
    """Everything about one intervention (a fixed number of queries). Raises ``Unknown``."""
    from gruppetto.kernel.access.models import Account

    found = (
        Intervention.objects.filter(pk=intervention_id)
        .prefetch_related(
            Prefetch("papers", Paper.objects.order_by("code")),
            Prefetch("moves", Move.objects.order_by("at", "id")),
            Prefetch("notes", Note.objects.order_by("at", "id")),
            Prefetch("attachments", Attachment.objects.order_by("at", "id")),
            Prefetch("attempts", Attempt.objects.order_by("at", "id")),
        )
        .first()
    )
    if found is None:
        raise Unknown(_("Cette intervention n’est pas dans votre périmètre."), code="intervention-unknown")
    kind = kind_version(found.kind, found.kind_version)
    given = script.shown_answers(kind, found.answers)
    worker = Account.objects.filter(pk=found.worker_id).values_list("name", flat=True).first()
    return InterventionPage(
        intervention=found,
        person=Person.objects.get(pk=found.person_id),
        kind=kind,
        papers=list(found.papers.all()),
        moves=list(found.moves.all()),
        notes=list(found.notes.all()),
        attachments=list(found.attachments.all()),
        attempts=list(found.attempts.all()),
        messages=list(Message.objects.filter(intervention_id=found.pk).order_by("prepared_at", "id")),
        steps=script.steps(kind, found.answers),
        warnings=script.warnings(kind, found.answers),
        answers=[(q.ask, script.said(q, given[q.id])) for q in kind.questions if q.id in given],
        possible=states.possible(found.state, who_am_i(found)),
        worker_name=worker or "",
        at=now(),
    )


def of_person(person_id: UUID, *, limit: int = 20) -> list[Intervention]:
    """A person's interventions, newest first (call screen, person page)."""
    return list(Intervention.objects.filter(person_id=person_id).order_by("-opened_at", "-id")[:limit])


def figures(portfolios: list[int]) -> dict[str, Any]:
    """What a supervisor watches: waiting for someone, in progress, late, due today, to confirm (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"portfolios": portfolios, "at": now()})
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


FIGURES = """
SELECT count(*) FILTER (WHERE state = 'opened') AS unassigned,
       count(*) FILTER (WHERE state IN ('assigned', 'in_progress')) AS working,
       count(*) FILTER (WHERE state IN ('waiting_person', 'waiting_paper', 'waiting_provider')) AS waiting,
       count(*) FILTER (WHERE state IN ('opened', 'assigned', 'in_progress', 'waiting_provider')
                        AND due_at < %(at)s) AS late,
       count(*) FILTER (WHERE state = 'answered') AS to_confirm,
       count(*) FILTER (WHERE state = 'not_confirmed') AS not_confirmed
FROM interventions_intervention
WHERE portfolio_id = ANY (%(portfolios)s::int[])
  AND state IN ('opened', 'assigned', 'in_progress', 'waiting_person', 'waiting_paper', 'waiting_provider',
                'answered', 'not_confirmed')
"""


def load_by_worker(portfolios: list[int]) -> list[dict[str, Any]]:
    """Work under way per person who works it: how much, how much of it late (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS, {"portfolios": portfolios, "at": now()})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


LOADS = """
SELECT i.worker_id, coalesce(a.name, '') AS name, count(*) AS open,
       count(*) FILTER (WHERE i.due_at < %(at)s AND i.state NOT IN ('waiting_person', 'waiting_paper')) AS late
FROM interventions_intervention i LEFT JOIN access_account a ON a.id = i.worker_id
WHERE i.portfolio_id = ANY (%(portfolios)s::int[])
  AND i.state IN ('opened', 'assigned', 'in_progress', 'waiting_person', 'waiting_paper', 'waiting_provider')
GROUP BY i.worker_id, a.name ORDER BY open DESC, name
"""
