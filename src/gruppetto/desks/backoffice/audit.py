"""Reading the journal as its auditor: by whom, when, what, about whom. Nobody audits themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.audit_words import identifiers, pairs
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import names_of
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.journal.reading import bodies_of
from gruppetto.kernel.journal.verbs import declared
from gruppetto.kernel.search.pages import keyset

PAGE = 50
KINDS: dict[str, Look] = {
    Entry.Kind.ACT: Look(gettext_lazy("Acte"), "info", "pencil-square"),
    Entry.Kind.LOOK: Look(gettext_lazy("Consultation"), "neutral", "eye"),
    Entry.Kind.REFUSAL: Look(gettext_lazy("Refus"), "danger", "x-octagon"),
}
LOST: dict[str, Look] = {
    "forgotten": Look(gettext_lazy("Contenu oublié"), "neutral", "eraser"),
    "altered": Look(gettext_lazy("Contenu altéré : prévenez l’administrateur"), "danger", "x-octagon"),
}
ACTORS = {
    "service": gettext_lazy("service de la plate-forme"),
    "job": gettext_lazy("travail automatique"),
    "command": gettext_lazy("commande d’un opérateur"),
    "visitor": gettext_lazy("visiteur non connecté"),
    "account": gettext_lazy("compte"),
}


@dataclass(frozen=True)
class Line:
    """An entry with its words. ``body``: (name, value) pairs, None when it is not ``whole`` any more.

    ``lost``: how to say that: forgotten on purpose, or altered.
    """

    entry: Entry
    who: str
    did: str
    look: Look
    body: tuple[tuple[str, str], ...] | None
    lost: Look | None = None


@dataclass(frozen=True)
class Found:
    """One page of the journal, and the cursor of the next."""

    lines: list[Line]
    after: str


def entries(asked: Mapping[str, Any]) -> QuerySet[Entry]:
    """The entries that a ``JournalFilter`` asks for, those of the one who reads left out."""
    found = Entry.objects.filter(~Q(account_id=current_actor().account_id) | Q(account_id=None))
    exact = {
        "account_id": asked.get("qui"),
        "kind": asked.get("nature"),
        "verb": asked.get("verbe"),
        "person_id": asked.get("personne"),
        "subject_id": asked.get("objet"),
        "request": asked.get("geste"),
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if first := asked.get("du"):
        found = found.filter(recorded_at__gte=_midnight(first))
    if last := asked.get("au"):
        found = found.filter(recorded_at__lt=_midnight(last + timedelta(days=1)))
    return found


def read(asked: Mapping[str, Any], cursor: UUID | None) -> Found:
    """One page of the journal, newest first (3 queries, 4 with a cursor)."""
    found = keyset(entries(asked), ["-recorded_at"], cursor, PAGE)
    return Found(worded(found.rows), str(found.cursor or ""))


def worded(rows: list[Entry]) -> list[Line]:
    """Entries with the names of who acted, the words of their verbs and their bodies (2 queries)."""
    kept = bodies_of(row.pk for row in rows)
    bodies = {key: one.data for key, one in kept.items() if one.data is not None}
    names = names_of({*(row.account_id for row in rows), *identifiers(bodies.values())})
    return [
        Line(
            row,
            names.get(row.account_id) or _actor(row.actor),
            _said(row.verb),
            KINDS[row.kind],
            pairs(bodies[row.pk], names) if row.pk in bodies else None,
            LOST.get(kept[row.pk].state),
        )
        for row in rows
    ]


def _said(verb: str) -> str:
    known = declared().get(verb)
    return str(known.said) if known else verb


def _actor(actor: str) -> str:
    family, _colon, name = actor.partition(":")
    return _("%(family)s « %(name)s »") % {"family": ACTORS.get(family, family), "name": name}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)
