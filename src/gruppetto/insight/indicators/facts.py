"""What each measure counts, in SQL: the same words for the job that counts and for the page that shows the rows.

``r`` is a row of ``contacts_contactreason`` (or the reasons of one contact gathered), ``c`` its contact, ``i`` an
intervention, ``o`` a call back. Parameters: ``%(days)s`` a JSON map of reasons to their repeat period,
``%(complaints)s`` the codes of complaints, ``%(at)s`` the moment of counting.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from gruppetto.service.catalogue.reads import reasons_in_force

# A reason that is no longer in force keeps the longest of the usual periods.
DAYS = "make_interval(days => coalesce((%(days)s::jsonb ->> r.reason)::int, 30))"
COUNTED = "r.not_counted = '' AND r.subject_id IS NOT NULL AND c.direction = 'in' AND NOT c.asked_by_us"

_SAME = """EXISTS (
    SELECT 1 FROM contacts_contactreason e JOIN contacts_contact ec ON ec.id = e.contact_id
    WHERE e.subject_id = r.subject_id AND e.reason = r.reason AND e.contact_id <> r.contact_id
      AND e.not_counted = '' AND ec.direction = 'in' AND NOT ec.asked_by_us AND """

# The same person came for the same reason before, or after, within the reason's own period.
REPEAT = (
    f"{_SAME} e.happened_at >= r.happened_at - {DAYS}"
    " AND (e.happened_at, e.contact_id) < (r.happened_at, r.contact_id))"
)
CAME_BACK = (
    f"{_SAME} e.happened_at <= r.happened_at + {DAYS}"
    " AND (e.happened_at, e.contact_id) > (r.happened_at, r.contact_id))"
)
# Something that was asked then has no answer yet, or its answer did not hold.
UNANSWERED = """EXISTS (
    SELECT 1 FROM interventions_intervention i
    WHERE i.contact_id = r.contact_id AND i.subject_id = r.subject_id AND i.reason IN ('', r.reason)
      AND i.state <> 'cancelled' AND (i.first_answered_at IS NULL OR i.reopened > 0))"""
OPEN_WINDOW = f"r.happened_at + {DAYS} > %(at)s"
RESOLVED = f"(NOT {CAME_BACK} AND NOT {UNANSWERED})"
PENDING = f"(NOT {CAME_BACK} AND {OPEN_WINDOW})"

# Why a repeat is ours: no news given, a complaint, a promise past due, a call that nobody took.
PAST_DUE = """EXISTS (
    SELECT 1 FROM interventions_intervention i
    WHERE i.subject_id = r.subject_id AND i.opened_at < r.happened_at AND i.due_at < r.happened_at
      AND i.state <> 'cancelled' AND (i.first_answered_at IS NULL OR i.first_answered_at > r.happened_at))"""
CALLED_IN_VAIN = """(c.number <> '' AND EXISTS (
    SELECT 1 FROM contacts_contact m
    WHERE m.number = c.number AND m.number <> '' AND m.state = 'missed'
      AND m.happened_at >= r.happened_at - interval '2 days' AND m.happened_at < r.happened_at))"""
COMPLAINT = "r.reason = ANY (%(complaints)s::text[])"
SUFFERED = f"(r.sub_reason = 'no-news' OR {COMPLAINT} OR {PAST_DUE} OR {CALLED_IN_VAIN})"

# Answered interventions.
HOURS = "(extract(epoch FROM i.first_answered_at - i.opened_at) / 3600.0)::float8"
# While it was paused the promise moved; once reopened, ``due_at`` is the second promise.
PROMISED = "(CASE WHEN i.reopened = 0 THEN greatest(i.due_at, i.first_due_at) ELSE i.first_due_at END)"
KEPT = f"(i.first_answered_at <= {PROMISED})"
UNMET = "(i.outcome IN ('impossible', 'redirected'))"

# The last try succeeded when it ended the call back.
REACHED = "(o.state = 'done' AND o.done_at = o.last_attempt_at)"

# measure → (which contacts' reasons it counts, which of them are hits).
OF_REASONS: dict[str, tuple[str, str]] = {
    "fcr": (f"NOT {REPEAT}", RESOLVED),
    "repeat": ("true", REPEAT),
    "repeat_people": ("true", REPEAT),
    "matter": ("true", f"NOT {REPEAT}"),
    "suffered": (REPEAT, SUFFERED),
    "missing_kind": ("true", "r.other <> ''"),
    "complaint": (COMPLAINT, "true"),
}
OF_INTERVENTIONS: dict[str, str] = {"delay": "true", "kept": KEPT, "unmet": UNMET}


def parameters(at: datetime) -> dict[str, Any]:
    """The parameters of these pieces of SQL, from the reasons in force at ``at``. One query."""
    reasons = reasons_in_force(at)
    return {
        "days": json.dumps({one.code: one.repeat_days for one in reasons}),
        "complaints": [one.code for one in reasons if one.complaint],
        "at": at,
    }
