"""One line of the list, its chips and its rail, as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.deadlines import deadline
from gruppetto.desks.shared.lists import LIST
from gruppetto.desks.shared.looks import INTERVENTION, Look
from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.wording import held
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.live.presence import present
from gruppetto.kernel.search.pages import Count
from gruppetto.registry.coverage.models import Team, Territory
from gruppetto.registry.geography.models import Commune
from gruppetto.service.catalogue.reads import kinds_in_force
from gruppetto.service.interventions.models import ACTIVE, Intervention
from gruppetto.service.worklists.fields import FIELDS, ME, MINE, NOBODY, Choice
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.presets import View

URGENT = Look(gettext_lazy("Urgente"), "danger", "exclamation-octagon-fill")
ASIDE = Look(gettext_lazy("Mise de côté"), "neutral", "pause-circle")
BACK = Look(gettext_lazy("De retour"), "info", "arrow-return-left")


@dataclass(frozen=True)
class Line:
    """A row of the list. ``near``: who else has it open. ``due_at`` None once it is answered."""

    id: UUID
    reference: str
    person: str
    title: str
    looks: tuple[Look, ...]
    due_at: datetime | None
    worker: str
    portfolio: str
    since: datetime
    opened_at: datetime
    href: str
    near: str


@dataclass(frozen=True)
class Chip:
    """A filter in force: its words, and the address of the list without it."""

    label: str
    words: str
    without: str


@dataclass(frozen=True)
class Shelf:
    """A view in the rail; ``broken``: why it can no longer be read."""

    view: View
    count: Count | None
    href: str
    current: bool
    broken: str = ""


def lines(rows: list[Intervention], portfolios: Mapping[int, str]) -> list[Line]:
    """The rows of a page (``reads.page``) with the names of who has them open now (1 query)."""
    at = now()
    near = present([row.pk for row in rows])
    return [
        Line(
            id=row.pk,
            reference=row.reference,
            person=str(row.person or _("Personne hors de votre périmètre")),  # type: ignore[attr-defined]  # with_names
            title=row.title,
            looks=looks(row, at),
            due_at=row.due_at if row.state in ACTIVE else None,
            worker=row.worker_name or row.queue_reason,  # type: ignore[attr-defined]  # reads.page
            portfolio=portfolios.get(row.portfolio_id, ""),
            since=row.state_since,
            opened_at=row.opened_at,
            href=reverse("correspondent:intervention", args=[row.pk]),
            near=", ".join(near.get(row.pk, ())),
        )
        for row in rows
    ]


def looks(row: Intervention, at: datetime) -> tuple[Look, ...]:
    """Its state, how its deadline stands, and what must be seen at once."""
    found = [INTERVENTION[row.state]]
    if stands := deadline(row, at):
        found.append(stands)
        found += [URGENT] * row.urgent + [ASIDE] * bool(row.snoozed_until) + [BACK] * bool(row.back_at)
    return tuple(found)


def chips(filters: Filters, portfolios: Mapping[int, str]) -> list[Chip]:
    """The filters in force, each with the address without it; names are looked up only for what is filtered."""
    words = {name: _words(name, filters.get(name), portfolios) for name in FIELDS if filters.get(name)}
    return [
        Chip(str(FIELDS[name].label), words[name].get(value, value), _list(filters.without(name, value)))
        for name in words
        for value in filters.get(name)
    ]


def _list(filters: Filters) -> str:
    # Without any filter left the address would open the first view: what is still to be done, said in full.
    return f"{LIST}?{filters.query() or 'etat=a-faire'}"


def _words(name: str, values: tuple[str, ...], portfolios: Mapping[int, str]) -> dict[str, str]:
    field = FIELDS[name]
    if isinstance(field, Choice):
        return {value: str(field.choices[value]) for value in values}
    keys = [UUID(value) for value in values if value not in (ME, NOBODY, MINE)] if name in KEYS else []
    match name:
        case "qui":
            return {ME: _("moi"), NOBODY: _("personne"), **{str(k): n for k, n in names_of(keys).items()}}
        case "equipe":
            found = Team.objects.filter(pk__in=keys).values_list("pk", "name") if keys else ()
            return {MINE: _("la mienne"), **{str(key): label for key, label in found}}
        case "territoire":
            places = Territory.objects.filter(pk__in=keys).values_list("pk", "name") if keys else ()
            return {MINE: _("le mien"), **{str(key): label for key, label in places}}
        case "portefeuille":
            return {str(key): label for key, label in portfolios.items()}
        case "commune":
            return dict(Commune.objects.filter(pk__in=values).values_list("pk", "name"))
        case "type":
            return {kind.code: kind.label for kind in kinds_in_force(now())}
        case "du" | "au":
            return {value: held(day_text(date.fromisoformat(value), year=True)) for value in values}
    return {}


KEYS = ("qui", "equipe", "territoire")
