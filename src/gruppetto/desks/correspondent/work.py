"""The correspondent's work as the desk shows it: queues with their counts, lines of the list, the next task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared import promises
from gruppetto.desks.shared.deadlines import deadline
from gruppetto.desks.shared.looks import INTERVENTION, Look
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.service.interventions.models import Intervention, State
from gruppetto.service.interventions.reads import (
    ACTIVE_STATES,
    came_back,
    figures,
    next_task,
    portfolios_in_scope,
    with_names,
    work_list,
)
from gruppetto.service.interventions.states import WAITING

BACK = Look(_("De retour"), "info", "arrow-return-left")
URGENT = Look(_("Urgent"), "danger", "exclamation-octagon-fill")


@dataclass(frozen=True)
class Queue:
    """A filter of the work: ``code`` in the address (``?vue=``), ``counted``: the figures that count it."""

    code: str
    label: Promise
    icon: str
    counted: tuple[str, ...]
    states: Sequence[str]
    mine: bool = False
    late: bool = False
    aside: bool = False
    nothing: Promise | str = ""


QUEUES = (
    Queue(
        "moi",
        _("À moi"),
        "inbox",
        ("mine",),
        ACTIVE_STATES,
        mine=True,
        nothing=_("Tout est fait. Les nouvelles demandes arriveront ici."),
    ),
    Queue(
        "portefeuille",
        _("Mon portefeuille"),
        "people",
        ("active",),
        ACTIVE_STATES,
        nothing=_("Aucune demande en cours dans le portefeuille."),
    ),
    Queue(
        "retard",
        _("En retard"),
        "alarm",
        ("late",),
        ACTIVE_STATES,
        late=True,
        nothing=_("Rien n’est en retard."),
    ),
    Queue(
        "attente",
        _("En attente"),
        "hourglass-split",
        ("waiting",),
        [state.value for state in WAITING],
        nothing=_("On n’attend personne."),
    ),
    Queue(
        "cote",
        _("Mises de côté"),
        "pause-circle",
        ("aside",),
        ACTIVE_STATES,
        aside=True,
        nothing=_("Rien n’est mis de côté. Ce que vous mettez de côté attend ici sa date."),
    ),
    Queue(
        "confirmer",
        _("À confirmer"),
        "question-circle",
        ("to_confirm", "not_confirmed"),
        [State.ANSWERED.value, State.NOT_CONFIRMED.value],
        nothing=_("Aucune réponse à relire à une personne."),
    ),
)


@dataclass(frozen=True)
class Item:
    """A line of the list. ``person``: the name, or who it is said to be when out of sight."""

    id: UUID
    person: str
    title: str
    due_at: datetime
    left: str
    looks: tuple[Look, ...]
    href: str
    current: bool


@dataclass(frozen=True)
class Shelf:
    """A queue of the rail."""

    queue: Queue
    count: int
    href: str
    current: bool


def queue_of(request: HttpRequest) -> Queue:
    """The queue that the address asks for; the first one when it says none that we know."""
    asked = request.GET.get("vue", "")
    return next((queue for queue in QUEUES if queue.code == asked), QUEUES[0])


def address(intervention_id: UUID, queue: Queue) -> str:
    """Where an intervention is read, the list beside it staying as it was."""
    way = reverse("correspondent:intervention", args=[intervention_id])
    return way if queue is QUEUES[0] else f"{way}?{urlencode({'vue': queue.code})}"


def item(intervention: Intervention, queue: Queue, at: datetime, current: UUID | None = None) -> Item:
    """One line of the list; ``intervention.person`` was given by ``with_names``."""
    person = intervention.person  # type: ignore[attr-defined]  # given by with_names
    return Item(
        id=intervention.pk,
        person=person.full_name if person else str(_("Personne hors de votre périmètre")),
        title=intervention.title,
        due_at=intervention.due_at,
        left=promises.left(intervention, at),
        looks=looks_of(intervention, at),
        href=address(intervention.pk, queue),
        current=intervention.pk == current,
    )


def looks_of(intervention: Intervention, at: datetime) -> tuple[Look, ...]:
    """Its state, how its deadline stands, and whether it is urgent, as badges."""
    looks = [INTERVENTION[intervention.state]]
    if intervention.back_at:
        looks.insert(0, BACK)
    if intervention.snoozed_until:
        looks.append(aside_until(intervention.snoozed_until))
    if stands := deadline(intervention, at):
        looks.append(stands)
        if intervention.urgent:
            looks.append(URGENT)
    return tuple(looks)


def aside_until(until: datetime) -> Look:
    """Put aside, and until when."""
    day = day_text(until.astimezone(PARIS).date())
    return Look(_("De côté jusqu’au %(day)s") % {"day": day}, "neutral", "pause-circle")


def shelves(queue: Queue, portfolios: list[int]) -> tuple[list[Shelf], dict[str, Any]]:
    """The queues with their counts, and the figures they come from (1 query)."""
    counted = figures(portfolios, current_actor().account_id)
    home = reverse("correspondent:home")
    return [
        Shelf(
            one,
            sum(counted[name] for name in one.counted),
            home if one is QUEUES[0] else f"{home}?{urlencode({'vue': one.code})}",
            one is queue,
        )
        for one in QUEUES
    ], counted


def listed(request: HttpRequest, portfolios: list[int], current: UUID | None = None) -> dict[str, Any]:
    """The page of the list that the address asks for (3 queries, 4 after the first page; 2 more in one's own)."""
    queue, at = queue_of(request), now()
    after = request.GET.get("apres", "")
    try:
        cursor = UUID(after) if after else None
    except ValueError as error:
        raise Refused(_("La liste a changé depuis : reprenez-la au début."), code="cursor-gone") from error
    page = work_list(
        portfolios,
        states_in=queue.states,
        worker=current_actor().account_id if queue.mine else None,
        late=queue.late,
        aside=queue.aside,
        after=cursor,
    )
    account = current_actor().account_id
    back = came_back(account) if queue.mine and account else []
    on_top = {row.pk for row in back}
    return {
        "queue": queue,
        # On top of the first page, and nowhere else.
        "back": [item(row, queue, at, current) for row in back] if not cursor else [],
        "items": [item(row, queue, at, current) for row in page.rows if row.pk not in on_top],
        "shown": len(page.rows) if cursor else len(on_top | {row.pk for row in page.rows}),
        "after": page.after,
    }


def desk(request: HttpRequest, current: UUID | None = None) -> dict[str, Any]:
    """Rail and list of every page of this desk (5 queries)."""
    portfolios = portfolios_in_scope()
    rail, counted = shelves(queue_of(request), portfolios)
    return {"shelves": rail, "figures": counted, **listed(request, portfolios, current)}


def task(request: HttpRequest) -> Item | None:
    """The next task of the one who looks (2 queries)."""
    account = current_actor().account_id
    found = next_task(account) if account else None
    if found is None:
        return None
    with_names([found])
    return item(found, queue_of(request), now())
