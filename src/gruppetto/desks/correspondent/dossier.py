"""A person from all sides (Q29, R3): who they are, how to reach them, what we did, who looked; ten queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.correspondent.person_forms import LANGUAGES
from gruppetto.desks.shared.looks import CHANNEL, INTERVENTION, Look
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.journal.verbs import declared
from gruppetto.registry.coverage.reads import Worker, worker_of
from gruppetto.registry.people.models import Channel, Consent, Phone
from gruppetto.registry.people.reads import Home, PersonCard, PhoneLine, card

MOST = 20
# Looks read, to show one line per person, page and day.
LOOKS = 200
# Coordinates are verified anew every six months (Q28).
VERIFIED_FOR = timedelta(days=183)
NEVER = Look(_("Jamais vérifié"), "warning", "exclamation-triangle-fill")


@dataclass(frozen=True)
class Past:
    """A line of the record's past: a contact, an intervention, a placement, a look, who verified a number."""

    what: str
    id: UUID
    at: datetime
    who: str
    code: str
    more: str
    words: str
    until: datetime | None


@dataclass(frozen=True)
class Number:
    """A number and how sure we are of it."""

    line: PhoneLine
    kind: str
    look: Look
    verified: str


@dataclass(frozen=True)
class Dossier:
    """All that a person's page shows."""

    card: PersonCard
    worker: Worker
    portfolio: str
    born: str
    identity: list[tuple[str, str]]
    numbers: list[Number]
    agreements: list[tuple[str, str, Consent | None]]
    channels: list[str]
    contacts: list[tuple[Past, Look]]
    interventions: list[tuple[Past, Look, str]]
    placements: list[Past]
    looks: list[tuple[Past, str]]
    at: datetime


def dossier(person_id: UUID) -> Dossier:
    """Everything about a person, and the trace of this look (10 queries). Raises ``Unknown`` for one out of sight."""
    shown = card(person_id)
    past: dict[str, list[Past]] = {
        "contact": [],
        "intervention": [],
        "placement": [],
        "look": [],
        "verified": [],
    }
    for one in history(shown.person.pk):
        past[one.what].append(one)
    birth = shown.person.birth_date
    verifiers = {one.id: one.who for one in past["verified"]}
    return Dossier(
        card=shown,
        worker=worker_of(shown.portfolio_id, today()),
        portfolio=next((one.words for one in past["placement"] if one.until is None), ""),
        born=dates.day_text(birth, year=True, weekday=False) if birth else "",
        identity=identity(shown),
        numbers=[number(line, verifiers) for line in shown.phones],
        agreements=[
            (str(code), str(label), shown.consents.get(str(code))) for code, label in Consent.Purpose.choices
        ],
        channels=[str(Channel(code).label) for code in shown.channels],
        contacts=[(one, CHANNEL[one.code]) for one in past["contact"]],
        interventions=[
            (one, INTERVENTION[one.code], reverse("correspondent:intervention", args=[one.id]))
            for one in past["intervention"]
        ],
        placements=past["placement"],
        looks=[(one, str(_said(one.code))) for one in past["look"]],
        at=now(),
    )


def identity(card: PersonCard) -> list[tuple[str, str]]:
    """What the record says of the person, as names and values; the chosen word is never shown here."""
    person = card.person
    return [
        (_("Prénoms"), person.given_names),
        (_("Nom de naissance"), person.family_name),
        (_("Nom d’usage"), person.usage_name),
        (_("Adresse"), _address(card.home)),
        (_("Adresse de courrier"), _address(card.mail) or _("la même")),
        (_("Courriel"), person.email),
        (_("Langue"), str(dict(LANGUAGES).get(person.language, person.language))),
        (_("Moyen préféré"), str(Channel(person.preferred_channel).label)),
        (_("Fournisseur d’énergie"), person.energy_provider),
        (_("Opérateur de téléphone"), person.phone_provider),
        (_("Mot choisi"), _("noté, il se dit depuis un appel") if person.chosen_word else ""),
    ]


def _address(home: Home | None) -> str:
    return f"{home.lines}, {home.postcode} {home.commune}" if home else ""


def _said(verb: str) -> object:
    known = declared().get(verb)
    return known.said if known else verb


def number(line: PhoneLine, verifiers: Mapping[UUID, str]) -> Number:
    """A number with what is known of its verification, in words."""
    kind = str(Phone.Kind(line.kind).label)
    if line.verified_at is None:
        return Number(line, kind, NEVER, "")
    old = now() - line.verified_at > VERIFIED_FOR
    look = (
        Look(_("À vérifier de nouveau"), "warning", "clock-history")
        if old
        else Look(_("Vérifié"), "good", "check-circle-fill")
    )
    said = _("%(how)s, %(day)s, par %(who)s") % {
        "how": Phone.Verified(line.verified_how).label,
        "day": dates.day_text(line.verified_at.date(), year=True, weekday=False),
        "who": verifiers.get(line.id) or _("un ancien collègue"),
    }
    return Number(line, kind, look, said)


def history(person_id: UUID) -> list[Past]:
    """Contacts on all channels, interventions, placements, looks (the last twenty of each), newest first (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, {"person": person_id, "most": MOST, "looks": LOOKS})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [Past(*row) for row in rows]


HISTORY = """
(SELECT 'contact' AS what, c.id, c.happened_at AS at, coalesce(a.name, '') AS who, c.channel AS code, c.direction,
        concat_ws(' : ', (SELECT string_agg(DISTINCT w.label, ', ') FROM contacts_contactreason r
                          JOIN catalogue_reason w ON w.code = r.reason WHERE r.contact_id = c.id),
                  nullif(c.summary, '')) AS words, NULL::timestamptz AS until
 FROM contacts_contact c LEFT JOIN access_account a ON a.id = c.taken_by_id
 WHERE c.subject_id = %(person)s ORDER BY c.happened_at DESC LIMIT %(most)s)
UNION ALL
(SELECT 'intervention', i.id, i.opened_at, coalesce(a.name, ''), i.state, i.reference, i.title, i.closed_at
 FROM interventions_intervention i LEFT JOIN access_account a ON a.id = i.worker_id
 WHERE i.subject_id = %(person)s ORDER BY i.opened_at DESC LIMIT %(most)s)
UNION ALL
(SELECT 'placement', p.id, p.since, coalesce(a.name, ''), p.reason, '', f.name, p.until
 FROM coverage_placement p JOIN coverage_portfolio f ON f.id = p.portfolio_id
 LEFT JOIN access_account a ON a.id = p.decided_by
 WHERE p.subject_id = %(person)s ORDER BY p.since DESC LIMIT %(most)s)
UNION ALL
(SELECT 'look', (array_agg(e.id))[1], max(e.recorded_at), coalesce(a.name, ''), e.verb, count(*)::text, '', NULL
 FROM (SELECT * FROM journal_entry WHERE person_id = ANY (access.same_person(%(person)s)) AND kind = 'look'
       ORDER BY id DESC LIMIT %(looks)s) e LEFT JOIN access_account a ON a.id = e.account_id
 GROUP BY a.name, e.verb, (e.recorded_at AT TIME ZONE 'Europe/Paris')::date
 ORDER BY max(e.recorded_at) DESC LIMIT %(most)s)
UNION ALL
(SELECT 'verified', n.id, n.verified_at, a.name, n.verified_how, '', '', NULL
 FROM people_phone n JOIN access_account a ON a.id = n.verified_by
 WHERE n.subject_id = %(person)s AND n.ended_at IS NULL)
ORDER BY 3 DESC, 2
"""
