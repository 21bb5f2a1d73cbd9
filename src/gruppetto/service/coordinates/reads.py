"""How old the coordinates are: those of one person, those to verify, and how many records are filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from gruppetto.kernel.clock import now
from gruppetto.kernel.search.pages import Page, lateral
from gruppetto.registry.people.models import Person
from gruppetto.registry.people.reads import PersonCard
from gruppetto.service.coordinates.models import Standing, What
from gruppetto.service.coordinates.verbs import value_of
from gruppetto.service.coordinates.weighing import VERIFIED_FOR
from gruppetto.service.interventions.reads import portfolios_in_scope

TARGET = 70
"""Percent of the records with a home and a number (Q28)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A confirmation, or a return, as the record shows it."""

    what: str
    value: str
    returned: bool
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A coordinate in force. ``verified_at``: the last time anybody made sure; ``returned_at``: came back since."""

    what: str
    row_id: UUID | None
    shown: str
    verified_at: datetime | None
    who: str
    returned_at: datetime | None

    def old(self, at: datetime) -> bool:
        """Is it to be verified: never done, done long ago, or something came back since?"""
        return (
            self.returned_at is not None or self.verified_at is None or at - self.verified_at > VERIFIED_FOR
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """How the records of a portfolio stand."""

    portfolio_id: int
    people: int
    filled: int
    fresh: int

    @property
    def percent(self) -> int:
        """Filled records in a hundred, rounded down: a target is not reached by rounding."""
        return 100 * self.filled // self.people if self.people else 0

    @property
    def fresh_percent(self) -> int:
        """Records filled and verified within six months, in a hundred."""
        return 100 * self.fresh // self.people if self.people else 0


def coordinates_of(card: PersonCard, said: Sequence[Said], verifiers: dict[UUID, str]) -> list[Coordinate]:
    """The coordinates of a person with their age, from what the page has read already (no query).

    ``said``: the newest first. ``verifiers``: who made sure of each number.
    """
    found = [
        _coordinate(What.PHONE, line.id, line.shown, line.number, said, line.verified_at, verifiers.get(line.id, ""))
        for line in card.phones
    ]  # fmt: skip
    if card.person.email:
        found.append(_coordinate(What.EMAIL, None, card.person.email, card.person.email, said))
    for what, home in ((What.HOME, card.home), (What.MAIL, card.mail)):
        if home:
            value = value_of(what, home.lines, home.postcode, home.commune_code)
            found.append(
                _coordinate(what, None, f"{home.lines}, {home.postcode} {home.commune}", value, said)
            )
    return found


def _coordinate(
    what: str,
    row_id: UUID | None,
    shown: str,
    value: str,
    said: Iterable[Said],
    verified_at: datetime | None = None,
    who: str = "",
) -> Coordinate:
    about = [one for one in said if one.what == what and one.value == value]
    right = next((one for one in about if not one.returned), None)
    back = next((one for one in about if one.returned), None)
    if right and (verified_at is None or right.at > verified_at):
        verified_at, who = right.at, right.who
    returned_at = back.at if back and (verified_at is None or back.at > verified_at) else None
    return Coordinate(what, row_id, shown, verified_at, who, returned_at)


def to_verify(after: UUID | None, size: int) -> Page[Standing]:
    """One page of what is to be verified in one's portfolios, the longest waiting first; each row with its ``person``.

    Four queries, one more with ``after``. Raises ``Refused`` (cursor-gone).
    """
    # One condition only, that the index follows; a record merged today has its own line until the night.
    due = Standing.objects.filter(due_at__lte=now())
    page = lateral(due, "portfolio_id", portfolios_in_scope(), ["due_at"], after, size)
    people = Person.objects.in_bulk([row.subject_id for row in page.rows])
    for row in page.rows:
        row.person = people.get(row.subject_id)  # type: ignore[attr-defined]  # shown by the list
    return page


def rates() -> list[Rate]:
    """How the records of one's portfolios stand, the least filled first (two queries)."""
    rows = (
        Standing.objects.filter(portfolio_id__in=portfolios_in_scope(), person_id=F("subject_id"))
        .values("portfolio_id")
        .annotate(people=Count("id"), full=Count("id", filter=Q(filled=True)))
        .annotate(fresh=Count("id", filter=Q(filled=True, due_at__gt=now())))
    )
    found = [Rate(row["portfolio_id"], row["people"], row["full"], row["fresh"]) for row in rows]
    return sorted(found, key=lambda rate: (rate.percent, rate.portfolio_id))


def together(found: Sequence[Rate]) -> Rate:
    """All these portfolios as one."""
    return Rate(
        0, sum(one.people for one in found), sum(one.filled for one in found), sum(one.fresh for one in found)
    )
