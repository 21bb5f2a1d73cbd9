"""Reasons and their causes, within what the one who asks may see; each figure with its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from gruppetto.kernel.search.pages import Page, keyset
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.catalogue.reads import in_force
from gruppetto.service.causes.models import Cause, Finding
from gruppetto.service.contacts.models import ContactReason

PAGE = 25
COUNTS = """
SELECT r.reason, coalesce(f.cause, ''), count(*) FROM contacts_contactreason r
LEFT JOIN causes_finding f ON f.reason_id = r.id
WHERE r.happened_at >= %s GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Line:
    """One reason: how many times noted, how many of these have a cause, how many each."""

    reason: str
    noted: int
    found: int
    causes: dict[str, int]


def causes_in_force(at: datetime) -> QuerySet[Cause]:
    """The list at ``at``, in its order."""
    return Cause.objects.filter(in_force(at))


def cause_labels() -> dict[str, str]:
    """The words of each cause that ever was, the last ones. One query."""
    return dict(Cause.objects.order_by("valid_from").values_list("code", "label"))


def counted(since: datetime) -> list[Line]:
    """Reasons noted since then by cause, the most frequent first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [since])
        by_reason: dict[str, dict[str, int]] = {}
        for reason, cause, count in cursor.fetchall():
            by_reason.setdefault(reason, {})[cause] = count
    lines = [
        Line(reason, sum(counts.values()), sum(n for cause, n in counts.items() if cause), counts)
        for reason, counts in by_reason.items()
    ]
    return sorted(lines, key=lambda line: (-line.noted, line.reason))


def waiting(since: datetime, cursor: object | None, *, first: bool = True) -> Page[ContactReason]:
    """Reasons without a cause, the newest first; ``first``: those of people who came back or complained only."""
    rows = _rows(since).filter(~_found())
    if first:
        complaints = Reason.objects.filter(complaint=True).values("code")
        rows = rows.filter(Q(rank__gt=1, not_counted="") | Q(reason__in=complaints))
    return keyset(rows, ["-happened_at"], cursor, PAGE)


def behind(since: datetime, reason: str, cause: str | None, cursor: object | None) -> Page[ContactReason]:
    """The rows of a figure: a reason, and its cause; "" for those without, None for all."""
    rows = _rows(since).filter(reason=reason) if reason else _rows(since)
    if cause == "":
        rows = rows.filter(~_found())
    elif cause is not None:
        rows = rows.filter(_found(cause))
    return keyset(rows, ["-happened_at"], cursor, PAGE)


def found_for(rows: Iterable[ContactReason]) -> dict[UUID, str]:
    """The cause of each of these rows that has one. One query."""
    keys = [row.pk for row in rows]
    return dict(Finding.objects.filter(reason_id__in=keys).values_list("reason_id", "cause"))


def _rows(since: datetime) -> QuerySet[ContactReason]:
    return ContactReason.objects.filter(happened_at__gte=since)


def _found(cause: str = "") -> Exists:
    of_row = Finding.objects.filter(reason_id=OuterRef("pk"))
    return Exists(of_row.filter(cause=cause) if cause else of_row)
