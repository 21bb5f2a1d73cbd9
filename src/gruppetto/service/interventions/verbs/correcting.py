"""Correcting what is asked and what one should know first: two people at once lose nothing, and neither wins unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate
from gruppetto.kernel.typed import written
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs.steps import get, name_of, record, tell_followers, who_am_i, write

FIELDS: dict[str, Promise | str] = {"title": _("La demande"), "details": _("Ce qu’il faut savoir")}
LONGEST = {"title": 160, "details": 4_000}


@dataclass(frozen=True)
class Differing:
    """A field that two people changed, each in their own way."""

    name: str
    label: str
    read: str
    theirs: str
    mine: str


class Conflict(TooLate):
    """A colleague changed the same fields meanwhile: ``fields`` shows both, ``who`` says whose the other is."""

    def __init__(self, fields: tuple[Differing, ...], who: str) -> None:
        super().__init__(
            _("%(who)s a corrigé la même chose pendant que vous écriviez. Choisissez ce qui reste.")
            % {"who": who or _("Un collègue")},
            code="correction-conflict",
        )
        self.fields, self.who = fields, who


@verb
def correct(intervention_id: UUID, read: Mapping[str, str], typed: Mapping[str, str]) -> Intervention:
    """Write ``typed`` (field: words), decided on what was ``read``; other fields keep what a colleague made of them.

    A field changed by both, differently, is a ``Conflict`` and nothing is written. Raises ``Refused`` (title-missing,
    too-long, state-forbidden), ``NotYours``, ``TooLate``.
    """
    intervention = get(intervention_id)
    states.check_beside("correct", intervention.state, who_am_i(intervention))
    wanted = {name: written(_clean(typed[name]), name, LONGEST[name]) for name in FIELDS if name in typed}
    if wanted.get("title") == "":
        raise Refused(_("Dites en quelques mots ce qui est demandé."), code="title-missing", field="title")
    changed: dict[str, str] = {}
    differing = []
    for name, mine in wanted.items():
        before, theirs = _clean(read.get(name, "")), _clean(getattr(intervention, name))
        if mine in (before, theirs):
            continue
        if theirs != before:
            differing.append(Differing(name, str(FIELDS[name]), before, theirs, mine))
        changed[name] = mine
    if differing:
        raise Conflict(tuple(differing), name_of(intervention.corrected_by))
    if changed:
        at = now()
        write(intervention, {**changed, "corrected_at": at, "corrected_by": current_actor().account_id})
        record("intervention.corrected", intervention, fields=sorted(changed))
        outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
        tell_followers(intervention, at)
    return intervention


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
