"""Reading interventions: fixed numbers of queries, keyset pages, capped counts (architecture, « Every list »)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.files.models import File
from gruppetto.kernel.search.pages import COUNT_CAP, lateral
from gruppetto.kernel.states import Transition
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind, Step, Warn
from gruppetto.service.catalogue.reads import kind_version
from gruppetto.service.interventions import states
from gruppetto.service.interventions.clocks import STOPPED
from gruppetto.service.interventions.models import ACTIVE, Intervention, Paper
from gruppetto.service.interventions.tied import Ties, ties_of
from gruppetto.service.interventions.verbs.steps import portfolios_in_scope as portfolios_in_scope
from gruppetto.service.interventions.verbs.steps import who_am_i

PAGE = 25
# To be shown with the rows: who works them.
WORKER_NAME = Subquery(Account.objects.filter(pk=OuterRef("worker_id")).values("name"))
ACTIVE_STATES = [state.value for state in ACTIVE]


@dataclass(frozen=True)
class Page:
    """One page of work: rows, and the id to ask the next one with ("" at the end)."""

    rows: list[Intervention]
    after: str


def work_list(
    portfolios: list[int] | None = None,
    *,
    states_in: Sequence[str] | None = None,
    worker: UUID | None = None,
    late: bool = False,
    aside: bool = False,
    after: UUID | None = None,
    size: int = PAGE,
) -> Page:
    """Interventions of ``portfolios`` (by default the actor's), oldest due first (3 queries, one more with ``after``).

    ``states_in``: by default those still to be worked. ``late``: the promise is past and its clock runs, put aside or
    not. ``aside``: what is put aside until a date, which is left out otherwise. ``after``: the cursor of the page
    before, an id. Raises ``Refused`` (cursor-gone).
    """
    rows = Intervention.objects.filter(state__in=states_in or ACTIVE_STATES)
    if worker:
        rows = rows.filter(worker_id=worker)
    if late:
        rows = rows.filter(due_at__lt=now()).exclude(state__in=STOPPED)
    else:
        rows = rows.filter(snoozed_until__isnull=not aside)
    if portfolios is None:
        portfolios = portfolios_in_scope()
    found = lateral(rows, "portfolio_id", portfolios, ["due_at"], after, size)
    return Page(with_names(found.rows), str(found.cursor or ""))


def with_names(rows: list[Intervention]) -> list[Intervention]:
    """Give each row its ``person`` (one query for all)."""
    people = Person.objects.in_bulk([row.subject_id for row in rows])
    for row in rows:
        row.person = people.get(row.subject_id)  # type: ignore[attr-defined]  # shown by the lists
    return rows


def count(
    portfolios: list[int], states_in: list[str], *, late: bool = False, worker: UUID | None = None
) -> int:
    """How many, up to ``COUNT_CAP`` (shown as « 10 000 + »)."""
    rows = Intervention.objects.filter(portfolio_id__in=portfolios, state__in=states_in)
    if late:
        rows = rows.filter(due_at__lt=now()).exclude(state__in=STOPPED)
    if worker:
        rows = rows.filter(worker_id=worker)
    return rows.order_by()[:COUNT_CAP].count()


def next_task(account_id: UUID) -> Intervention | None:
    """What a correspondent should do next: urgent first, then what came back today, then the oldest due of theirs."""
    rows = Intervention.objects.filter(
        worker_id=account_id, state__in=("assigned", "in_progress"), snoozed_until=None
    )
    return rows.order_by("-urgent", F("back_at").asc(nulls_last=True), "due_at", "id").first()


def came_back(account_id: UUID, limit: int = PAGE) -> list[Intervention]:
    """What its worker had put aside until now and has not touched since, the latest first (2 queries)."""
    rows = Intervention.objects.filter(worker_id=account_id, back_at__isnull=False, state__in=ACTIVE_STATES)
    return with_names(list(rows.order_by("-back_at", "id")[:limit]))


@dataclass(frozen=True)
class Line:
    """One line of an intervention's story.

    ``what``: "move" (``code`` the verb, ``source`` and ``target`` states, ``words`` why), "note" (``code`` for whom),
    "attempt" (``code`` how), "message" (``code`` channel, ``source`` its state, ``target`` its title),
    "file" (``words`` its label, ``ref`` the file).
    """

    what: str
    id: UUID
    at: datetime
    who: str
    code: str
    source: str
    target: str
    words: str
    ref: UUID | None


@dataclass(frozen=True)
class InterventionPage:
    """All that an intervention's page shows. ``files``: by id, those of the papers and of the story."""

    intervention: Intervention
    person: Person
    kind: Kind
    papers: list[Paper]
    story: list[Line]
    files: dict[UUID, File]
    ties: Ties
    beside: frozenset[str]
    steps: tuple[Step, ...]
    warnings: tuple[Warn, ...]
    answers: list[tuple[str, str]]
    possible: tuple[Transition, ...]
    worker_name: str
    at: datetime

    @property
    def late(self) -> bool:
        """Is the promise broken, and still owed?"""
        return is_late(self.intervention, self.at)


def is_late(intervention: Intervention, at: datetime) -> bool:
    """Was the promise to be kept before ``at``, and does its clock still run?"""
    owed = intervention.state in ACTIVE_STATES and intervention.state not in STOPPED
    return owed and intervention.due_at < at


def page_of(intervention_id: UUID) -> InterventionPage:
    """Everything about one intervention (7 queries; 1 or 2 more for who is not its worker). Raises ``Unknown``."""
    rows: QuerySet[Any] = Intervention.objects.annotate(worker_name=WORKER_NAME)
    found = rows.filter(pk=intervention_id).first()
    if found is None:
        raise Unknown(_("Cette intervention n’est pas dans votre périmètre."), code="intervention-unknown")
    kind = kind_version(found.kind, found.kind_version)
    given = script.shown_answers(kind, found.answers)
    papers = list(Paper.objects.filter(intervention=found).order_by("code"))
    story = story_of(intervention_id)
    who = who_am_i(found)
    needed = {paper.file_id for paper in papers} | {line.ref for line in story}
    return InterventionPage(
        intervention=found,
        person=Person.objects.get(pk=found.subject_id),
        kind=kind,
        papers=papers,
        story=story,
        files=File.objects.in_bulk(key for key in needed if key),
        ties=ties_of(intervention_id),
        beside=states.possible_beside(found.state, who),
        steps=script.steps(kind, found.answers),
        warnings=script.warnings(kind, found.answers),
        answers=[(q.ask, script.said(q, given[q.id])) for q in kind.questions if q.id in given],
        possible=states.possible(found.state, who),
        worker_name=found.worker_name or "",
        at=now(),
    )


def story_of(intervention_id: UUID) -> list[Line]:
    """What happened to an intervention, oldest first: steps, notes, tries, messages, documents (1 query).

    What happened to those joined to it is told with it: what is written once is never moved (decisions 18).
    """
    with connection.cursor() as cursor:
        cursor.execute(STORY, {"id": intervention_id})
        return [Line(*row) for row in cursor.fetchall()]


STORY = """
WITH RECURSIVE whole(id) AS (
    SELECT %(id)s::uuid
    UNION
    SELECT i.id FROM interventions_intervention i JOIN whole w ON i.merged_into_id = w.id)
SELECT 'move', m.id, m.at, coalesce(a.name, ''), m.verb, m.source, m.target, m.why, NULL::uuid
FROM interventions_move m LEFT JOIN access_account a ON a.id = m.account_id
WHERE m.intervention_id IN (SELECT id FROM whole)
UNION ALL
SELECT 'note', n.id, n.at, n.author, n.whom, '', '', n.text, NULL
FROM interventions_note n WHERE n.intervention_id IN (SELECT id FROM whole)
UNION ALL
SELECT 'attempt', t.id, t.at, coalesce(a.name, ''), t.how, '', '', '', NULL
FROM interventions_attempt t LEFT JOIN access_account a ON a.id = t.account_id
WHERE t.intervention_id IN (SELECT id FROM whole)
UNION ALL
SELECT 'message', s.id, s.prepared_at, '', s.channel, s.state || '/' || coalesce(d.state, ''), s.title, s.text, NULL
FROM service_messages_message s LEFT JOIN service_messages_delivery d ON d.id = s.delivery_id
WHERE s.intervention_id IN (SELECT id FROM whole)
  AND s.subject_id = (SELECT i.subject_id FROM interventions_intervention i WHERE i.id = %(id)s)
UNION ALL
SELECT 'file', d.id, d.at, coalesce(a.name, ''), '', '', '', d.label, d.file_id
FROM interventions_attachment d LEFT JOIN access_account a ON a.id = d.account_id
WHERE d.intervention_id IN (SELECT id FROM whole)
ORDER BY 3, 2
"""


def of_person(person_id: UUID, *, limit: int = 20) -> list[Intervention]:
    """A person's interventions, newest first, each with its ``worker_name`` (call screen; 1 query)."""
    rows: QuerySet[Any] = Intervention.objects.filter(subject_id=person_id).annotate(worker_name=WORKER_NAME)
    return list(rows.order_by("-opened_at", "-id")[:limit])


def figures(portfolios: list[int], worker: UUID | None = None) -> dict[str, Any]:
    """How much is unassigned, working, waiting, late, to confirm, not confirmed, put aside; ``worker``'s own, and what
    they have to read (one query).
    """
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"portfolios": portfolios, "at": now(), "worker": worker})
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


FIGURES = """
SELECT count(*) FILTER (WHERE state = 'opened') AS unassigned,
       count(*) FILTER (WHERE state IN ('assigned', 'in_progress')) AS working,
       count(*) FILTER (WHERE state IN ('waiting_person', 'waiting_paper', 'waiting_provider')) AS waiting,
       count(*) FILTER (WHERE state IN ('opened', 'assigned', 'in_progress', 'waiting_provider')
                        AND due_at < %(at)s) AS late,
       count(*) FILTER (WHERE state = 'answered') AS to_confirm,
       count(*) FILTER (WHERE state = 'not_confirmed') AS not_confirmed,
       count(*) FILTER (WHERE state NOT IN ('answered', 'not_confirmed') AND snoozed_until IS NULL) AS active,
       count(*) FILTER (WHERE state NOT IN ('answered', 'not_confirmed') AND snoozed_until IS NULL
                        AND worker_id = %(worker)s) AS mine,
       count(*) FILTER (WHERE snoozed_until IS NOT NULL) AS aside,
       (SELECT count(*) FROM (SELECT 1 FROM interventions_notice n WHERE n.account_id = %(worker)s
                              AND n.read_at IS NULL LIMIT 100) unread) AS unread
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
