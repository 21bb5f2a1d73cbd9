"""What happened with a person, on every channel, in one question to the database (Q29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import lines

MOST, MOST_OF_ONE = 20, 100
# Looks read, to show one line per person, page and day.
LOOKS = 200


@dataclass(frozen=True)
class Past:
    """A line of the record's past, of kind ``what``; ``sealed``: the name of a document, still encrypted."""

    what: str
    id: UUID
    at: datetime
    who: str
    code: str
    more: str
    words: str
    until: datetime | None
    sealed: bytes | None


@dataclass(frozen=True)
class Thread:
    """A way to look at the history: the channels kept, and whether requests are."""

    code: str
    label: Promise
    channels: tuple[str, ...]
    requests: bool = False


EVERYTHING = Thread(
    "",
    _("Tout"),
    ("phone", "sms", "email", "letter", "counter", "portal", "chat", "home_visit", "social"),
    requests=True,
)
THREADS: dict[str, Thread] = {
    one.code: one
    for one in (
        EVERYTHING,
        Thread("appels", _("Appels"), ("phone",)),
        Thread("ecrits", _("Écrits"), ("sms", "email", "letter", "portal", "chat", "social")),
        Thread("rencontres", _("Rencontres"), ("counter", "home_visit")),
        Thread("demandes", _("Demandes"), (), requests=True),
    )
}


def history(person_id: UUID, thread: Thread = EVERYTHING) -> dict[str, list[Past]]:
    """The past of a person by kind, newest first (1 query, after what this act has to say).

    ``contact``, ``message`` (sent by us), ``intervention``, ``placement``, ``look``, ``verified`` (numbers),
    ``confirmed`` and ``returned`` (coordinates), ``document``, ``repeat`` (the last time they came back for one
    matter), ``sure`` (the last time they were recognised), ``suspect`` (a record that may be the same person),
    ``agreed`` (what they agree to today). Of one thread more is told than of all.
    """
    asked: dict[str, Any] = {
        "person": person_id,
        "channels": list(thread.channels),
        "most": MOST if thread is EVERYTHING else MOST_OF_ONE,
        "requests": MOST_OF_ONE if thread.requests and thread is not EVERYTHING else MOST,
        "few": MOST,
        "looks": LOOKS,
    }
    past: dict[str, list[Past]] = {kind: [] for kind in KINDS}
    # The look at this very page is shown with the others.
    lines.write()
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    for row in rows:
        past[row[0]].append(Past(*row))
    return past


KINDS = (
    *("contact", "message", "intervention", "placement", "look", "verified"),
    *("confirmed", "returned", "document", "repeat", "sure", "suspect", "agreed"),
)

HISTORY = """
(SELECT 'contact' AS what, c.id, c.happened_at AS at, coalesce(a.name, '') AS who, c.channel AS code, c.direction,
        concat_ws(' : ', (SELECT string_agg(DISTINCT w.label, ', ') FROM contacts_contactreason r
                          JOIN catalogue_reason w ON w.code = r.reason WHERE r.contact_id = c.id),
                  nullif(c.summary, '')) AS words, NULL::timestamptz AS until, NULL::bytea AS sealed
 FROM contacts_contact c LEFT JOIN access_account a ON a.id = c.taken_by_id
 WHERE c.subject_id = %(person)s AND c.channel = ANY (%(channels)s) ORDER BY c.happened_at DESC LIMIT %(most)s)
UNION ALL
(SELECT 'message', m.id, coalesce(m.sent_at, m.prepared_at), coalesce(a.name, ''), m.channel,
        m.state || '/' || coalesce(d.state, ''), m.title, NULL, NULL
 FROM service_messages_message m LEFT JOIN service_messages_delivery d ON d.id = m.delivery_id
 LEFT JOIN access_account a ON a.id = m.sent_by
 WHERE m.subject_id = %(person)s AND m.channel = ANY (%(channels)s) ORDER BY m.prepared_at DESC LIMIT %(most)s)
UNION ALL
(SELECT 'intervention', i.id, i.opened_at, coalesce(a.name, ''), i.state, i.reference, i.title, i.closed_at, NULL
 FROM interventions_intervention i LEFT JOIN access_account a ON a.id = i.worker_id
 WHERE i.subject_id = %(person)s ORDER BY i.opened_at DESC LIMIT %(requests)s)
UNION ALL
(SELECT 'placement', p.id, p.since, coalesce(a.name, ''), p.reason, '', f.name, p.until, NULL
 FROM coverage_placement p JOIN coverage_portfolio f ON f.id = p.portfolio_id
 LEFT JOIN access_account a ON a.id = p.decided_by
 WHERE p.subject_id = %(person)s ORDER BY p.since DESC LIMIT %(few)s)
UNION ALL
(SELECT 'look', (array_agg(e.id))[1], max(e.recorded_at), coalesce(a.name, ''), e.verb, count(*)::text, '', NULL, NULL
 FROM (SELECT * FROM journal_entry WHERE person_id = ANY (access.same_person(%(person)s)) AND kind = 'look'
       ORDER BY id DESC LIMIT %(looks)s) e LEFT JOIN access_account a ON a.id = e.account_id
 GROUP BY a.name, e.verb, (e.recorded_at AT TIME ZONE 'Europe/Paris')::date
 ORDER BY max(e.recorded_at) DESC LIMIT %(few)s)
UNION ALL
(SELECT 'verified', n.id, n.verified_at, a.name, n.verified_how, '', '', NULL, NULL
 FROM people_phone n JOIN access_account a ON a.id = n.verified_by
 WHERE n.subject_id = %(person)s AND n.ended_at IS NULL)
UNION ALL
(SELECT CASE WHEN c.returned THEN 'returned' ELSE 'confirmed' END, c.id, c.at, coalesce(a.name, ''), c.what, '',
        c.value, NULL, NULL
 FROM coordinates_confirmation c LEFT JOIN access_account a ON a.id = c.account_id
 WHERE c.person_id = ANY (access.same_person(%(person)s)) ORDER BY c.at DESC LIMIT %(most)s)
UNION ALL
(SELECT 'document', f.id, f.created_at, coalesce(a.name, ''), f.state, f.media_type, '', NULL, f.name
 FROM files_file f LEFT JOIN access_account a ON f.created_by = 'account:' || a.id
 WHERE f.subject_id = %(person)s ORDER BY f.created_at DESC LIMIT %(few)s)
UNION ALL
(SELECT 'agreed', c.id, c.given_on::timestamp AT TIME ZONE 'Europe/Paris', '', c.purpose, '', c.source, NULL, NULL
 FROM people_consent c WHERE c.subject_id = %(person)s AND c.withdrawn_on IS NULL)
UNION ALL
(SELECT 'suspect', s.id, s.found_at, '', s.grade, '', '', NULL, NULL FROM people_suspect s
 WHERE %(person)s IN (s.first_id, s.second_id) AND s.state = 'open' ORDER BY s.rank, s.found_at LIMIT 3)
UNION ALL
(SELECT 'repeat', r.id, r.happened_at, '', r.reason, r.rank::text, w.label, r.first_at, NULL
 FROM contacts_contactreason r JOIN catalogue_reason w ON w.code = r.reason
 WHERE r.subject_id = %(person)s AND r.rank > 1 AND r.not_counted = '' AND r.happened_at > now() - interval '30 days'
 ORDER BY r.happened_at DESC LIMIT 1)
UNION ALL
(SELECT 'sure', c.id, c.happened_at, coalesce(a.name, ''), c.channel, c.level::text, '', NULL, NULL
 FROM contacts_contact c LEFT JOIN access_account a ON a.id = c.taken_by_id
 WHERE c.subject_id = %(person)s AND c.level >= 2 AND c.caller_id IS NULL ORDER BY c.happened_at DESC LIMIT 1)
ORDER BY 3 DESC, 2
"""
