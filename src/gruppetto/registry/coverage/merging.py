"""Two records of one person have one portfolio and one correspondent."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.clock import now
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.registry.people.merging import (
    LOST,
    Conflict,
    Fact,
    Line,
    Pair,
    Part,
    declare_merging,
    this_or_that,
)


def placements(pair: Pair) -> Part:
    """Who follows the person: the one record that has a correspondent, else a human chooses."""
    current = Placement.objects.filter(subject_id__in=pair.ids, until=None).select_related("portfolio")
    ours, theirs = pair.split(current)
    shown = _shown(pair.kept.portfolio_id, ours), _shown(pair.lost.portfolio_id, theirs)
    places = pair.kept.portfolio_id, pair.lost.portfolio_id
    conflicts: tuple[Conflict, ...] = ()
    if UNASSIGNED not in places and places[0] != places[1]:
        conflicts = (Conflict("portfolio", _("Qui suivra la personne ?"), this_or_that(*shown)),)
    takes_theirs = pair.takes("portfolio") == LOST or places[0] == UNASSIGNED
    ending = (ours if takes_theirs else theirs) if ours and theirs else []
    return Part(
        _("Correspondant"),
        (Fact(_("Portefeuille"), *shown),),
        conflicts,
        tuple(Line(one, one.portfolio.name, {"until": max(now(), one.since)}) for one in ending),
        portfolio_id=places[1] if takes_theirs else places[0],
    )


def _shown(portfolio_id: int, rows: list[Placement]) -> str:
    if portfolio_id == UNASSIGNED:
        return _("personne ne la suit encore")
    name = rows[0].portfolio.name if rows else ""
    return " – ".join(filter(None, (name, worker_of(portfolio_id, today()).name)))


declare_merging("coverage", placements, order=10)
