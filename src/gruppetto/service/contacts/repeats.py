"""Repeat contacts (Q25): same person, same reason, any channel, within the reason's own period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.kernel.clock import PARIS
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.catalogue.reads import reasons_in_force


@dataclass(frozen=True)
class Repeat:
    """The ``rank``-th contact on the same matter, the first of which was at ``first_at``; ``at``: the new one's."""

    reason: str
    rank: int
    first_at: datetime
    at: datetime

    @property
    def days(self) -> int:
        """Days of the calendar from the first to this one."""
        return (self.at.astimezone(PARIS).date() - self.first_at.astimezone(PARIS).date()).days

    @property
    def sentence(self) -> str:
        """« 3ᵉ contact en 9 jours pour la même chose »."""
        if self.days == 0:
            return _("%(rank)sᵉ contact aujourd’hui pour la même chose") % {"rank": self.rank}
        words = ngettext(
            "%(rank)sᵉ contact en %(days)s jour pour la même chose",
            "%(rank)sᵉ contact en %(days)s jours pour la même chose",
            self.days,
        )
        return words % {"rank": self.rank, "days": self.days}


def repeat_of(person_id: UUID, reason: str, at: datetime, but: UUID | None = None) -> Repeat | None:
    """What a contact of this person for ``reason`` at ``at`` (aware) repeats; None when it is the first.

    ``but``: the contact itself. What we asked for is not counted. Three queries.
    """
    return repeats_of(person_id, at, but).get(reason)


def repeats_of(
    person_id: UUID, at: datetime, but: UUID | None = None, reasons: Iterable[Reason] | None = None
) -> dict[str, Repeat]:
    """What a contact of this person at ``at`` would repeat, for each reason it could have: shown before typing.

    Three queries, whatever the number of reasons; one when the ``reasons`` in force are known.
    """
    known = reasons_in_force(at) if reasons is None else reasons
    periods = {reason.code: timedelta(days=reason.repeat_days) for reason in known}
    if not periods:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, contact_id, happened_at FROM contacts.same_matter(%s, '', %s, %s)",
            [person_id, at - max(periods.values()), but],
        )
        return repeats(cursor.fetchall(), periods, at)


def repeats(
    before: Iterable[tuple[str, UUID, datetime]], periods: dict[str, timedelta], at: datetime
) -> dict[str, Repeat]:
    """The repeats among (reason, contact, moment) seen ``before``, each reason with its own period (pure).

    A period is counted back from ``at``, both ends included; a contact counts once for a reason.
    """
    seen: dict[str, dict[UUID, datetime]] = {}
    for reason, contact, moment in before:
        period = periods.get(reason)
        if period is not None and at - period <= moment <= at:
            seen.setdefault(reason, {})[contact] = moment
    return {
        reason: Repeat(reason, len(contacts) + 1, min(contacts.values()), at)
        for reason, contacts in seen.items()
    }
