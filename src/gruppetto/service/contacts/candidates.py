"""Who may be calling: the persons a number leads to, how sure we are, and why, in words (G1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers.dates import day_text


class Certainty(models.TextChoices):
    """How far a number tells who calls; even the first proves nothing (identity levels)."""

    LIKELY = "likely", gettext_lazy("très probable")
    PROBABLE = "probable", gettext_lazy("probable")
    POSSIBLE = "possible", gettext_lazy("possible")


@dataclass(frozen=True)
class Candidate:
    """A person this call may be from or about. ``through``: the relative whose number it is, who then speaks."""

    person_id: UUID
    name: str
    commune: str
    certainty: Certainty
    why: str
    portfolio_id: int
    through: UUID | None = None
    through_name: str = ""
    link: str = ""


@dataclass(frozen=True)
class _Way:
    """One line of ``contacts.who_calls``."""

    person_id: UUID
    how: str
    verified: bool
    through: UUID | None
    link: str
    name: str
    commune: str
    portfolio_id: int
    last_at: datetime | None
    subscriber: bool
    through_name: str


def who_calls(number: str) -> list[Candidate]:
    """The persons ``number`` (E.164) leads to, surest first; only during a call from that number. One query."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, how, verified, through, link, name, commune, portfolio_id, last_at, subscriber,"
            " through_name FROM contacts.who_calls(%s)",
            [number],
        )
        ways = [_Way(*row) for row in cursor.fetchall()]
    sharing = sum(way.how == "own" for way in ways)
    return [_candidate(way, sharing) for way in ways]


def _candidate(way: _Way, sharing: int) -> Candidate:
    certainty, why = _why(way, sharing)
    return Candidate(
        person_id=way.person_id,
        name=way.name,
        commune=way.commune,
        certainty=certainty,
        why=why,
        portfolio_id=way.portfolio_id,
        through=way.through,
        through_name=way.through_name,
        link=way.link,
    )


def _why(way: _Way, sharing: int) -> tuple[Certainty, str]:
    """How sure, and the sentence that says why; ``sharing``: how many persons have this number as their own."""
    match way.how:
        case "own" if sharing > 1:
            return Certainty.PROBABLE, _("Numéro partagé par %(count)s personnes.") % {"count": sharing}
        case "own" if way.verified:
            return Certainty.LIKELY, _("C’est son numéro, et nous l’avons vérifié.")
        case "own":
            return Certainty.PROBABLE, _("C’est son numéro, pas encore vérifié.")
        case "relative":
            words = {"name": way.through_name, "link": way.link}
            return Certainty.PROBABLE, _("C’est le numéro de %(name)s, son proche (%(link)s).") % words
        case _:
            assert way.last_at is not None  # noqa: S101  (a number seen before was seen one day)
            day = day_text(way.last_at.astimezone(PARIS).date())
            return Certainty.POSSIBLE, _("A déjà appelé de ce numéro, le %(day)s.") % {"day": day}
