"""Reading what ties interventions together, and what a colleague has to read of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import current_actor, human
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.people.models import Person
from gruppetto.service.interventions.models import Intervention, Link, Note, Notice

PAGE = 25


@dataclass(frozen=True)
class Tied:
    """Another intervention.

    ``what``: "link" (``key`` its id, ``code`` of ``Link.Kind``, drawn from here or from there), "absorbed" (joined to
    this one) or "into" (the one that this one was joined to).
    """

    what: str
    key: UUID
    id: UUID
    reference: str
    title: str
    state: str
    code: str
    from_here: bool


@dataclass(frozen=True)
class Offer:
    """A hand-over that waits for its answer."""

    id: UUID
    to_id: UUID
    to: str
    giver: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Ties:
    """What an intervention is tied to, what is offered of it, and whether the one who looks follows it."""

    links: tuple[Tied, ...]
    absorbed: tuple[Tied, ...]
    into: Tied | None
    offer: Offer | None
    followed: bool


def ties_of(intervention_id: UUID) -> Ties:
    """Everything an intervention is tied to, as far as the one who looks may see the others (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(TIES, {"id": intervention_id, "me": current_actor().account_id})
        rows = cursor.fetchall()
    tied = [Tied(*row[:8]) for row in rows if row[0] in ("link", "absorbed", "into")]
    offers = [Offer(row[1], row[2], row[3], row[4], row[8], row[9]) for row in rows if row[0] == "offer"]
    return Ties(
        links=tuple(one for one in tied if one.what == "link"),
        absorbed=tuple(one for one in tied if one.what == "absorbed"),
        into=next((one for one in tied if one.what == "into"), None),
        offer=offers[0] if offers else None,
        followed=any(row[0] == "follow" for row in rows),
    )


TIES = """
SELECT 'link' AS what, l.id AS key, o.id, o.reference, o.title, o.state, l.kind, l.intervention_id = %(id)s, '', l.at
FROM interventions_link l
JOIN interventions_intervention o
    ON o.id = CASE WHEN l.intervention_id = %(id)s THEN l.other_id ELSE l.intervention_id END
WHERE l.intervention_id = %(id)s OR l.other_id = %(id)s
UNION ALL
SELECT 'absorbed', i.id, i.id, i.reference, i.title, i.state, '', true, '', i.state_since
FROM interventions_intervention i WHERE i.merged_into_id = %(id)s
UNION ALL
SELECT 'into', k.id, k.id, k.reference, k.title, k.state, '', true, '', k.state_since
FROM interventions_intervention i JOIN interventions_intervention k ON k.id = i.merged_into_id WHERE i.id = %(id)s
UNION ALL
SELECT 'offer', h.id, h.to_id, coalesce(t.name, ''), coalesce(f.name, ''), '', '', true, h.words, h.at
FROM interventions_handover h
LEFT JOIN access_account t ON t.id = h.to_id LEFT JOIN access_account f ON f.id = h.from_id
WHERE h.intervention_id = %(id)s AND h.state = 'offered'
UNION ALL
SELECT 'follow', f.id, f.account_id, '', '', '', '', true, '', f.at
FROM interventions_follow f WHERE f.intervention_id = %(id)s AND f.account_id = %(me)s
ORDER BY 10, 2
"""


@dataclass(frozen=True)
class NoticeLine:
    """A notice as its reader sees it. ``person`` empty when out of sight; ``words``: of the note, if any."""

    notice: Notice
    intervention: Intervention
    person: str
    who: str
    said: str | Promise
    words: str


def notices(*, unread: bool = False, after: UUID | None = None) -> tuple[list[NoticeLine], str]:
    """The notices of the one who looks, newest first, and the cursor of the next page (4 queries, 5 with ``after``).

    What they may no longer see is not shown. Raises ``Refused`` (cursor-gone).
    """
    mine = Notice.objects.filter(account_id=human()).select_related("intervention")
    if unread:
        mine = mine.filter(read_at=None)
    page = keyset(mine, ["-at"], after, PAGE)
    names = dict(
        Account.objects.filter(pk__in={row.by_id for row in page.rows if row.by_id}).values_list("pk", "name")
    )
    notes = dict(
        Note.objects.filter(pk__in={row.note_id for row in page.rows if row.note_id}).values_list(
            "pk", "text"
        )
    )
    people = Person.objects.in_bulk({row.intervention.subject_id for row in page.rows})
    lines = [
        NoticeLine(
            notice=row,
            intervention=row.intervention,
            person=people[row.intervention.subject_id].full_name
            if row.intervention.subject_id in people
            else "",
            who=names.get(row.by_id, "") if row.by_id else "",
            said=Notice.Kind(row.kind).label,
            words=notes.get(row.note_id, "") if row.note_id else "",
        )
        for row in page.rows
    ]
    return lines, str(page.cursor or "")


# A link drawn from there reads the other way round.
FROM_THERE: dict[str, Promise | str] = {
    Link.Kind.FOLLOWS: _("a pour suite"),
    Link.Kind.SPLIT: _("a donné aussi"),
}


def link_words(tied: Tied) -> str:
    """How the intervention one looks at stands to the other."""
    said = None if tied.from_here else FROM_THERE.get(tied.code)
    return str(said or Link.Kind(tied.code).label)
