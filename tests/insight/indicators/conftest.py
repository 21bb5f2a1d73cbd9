"""Work already done, drawn at random: what figures are counted from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from gruppetto.kernel.calendars import PLATFORM_HOURS
from gruppetto.kernel.calendars.arithmetic import days
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.registry.people.models import Need, Person
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, LineCall
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention
from tests.service.conftest import Cast, on_stage
from tests.support import factories as make
from tests.support.database import as_owner

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
BEGIN = datetime(2026, 9, 14, tzinfo=UTC)
REASONS = ("understand", "follow-request", "pay-or-be-paid", "complaint", "alert")


@dataclass
class World:
    """What happened, as plain objects: the oracle counts these."""

    cast: Cast
    persons: list[Person]
    contacts: list[Contact] = field(default_factory=list)
    reasons: list[ContactReason] = field(default_factory=list)
    interventions: list[Intervention] = field(default_factory=list)
    call_backs: list[CallBack] = field(default_factory=list)
    calls: list[LineCall] = field(default_factory=list)

    def write(self) -> None:
        """Put it all in the tables, as the owner."""
        with as_owner():
            Contact.objects.bulk_create(self.contacts)
            ContactReason.objects.bulk_create(self.reasons)
            Intervention.objects.bulk_create(self.interventions)
            CallBack.objects.bulk_create(self.call_backs)
            LineCall.objects.bulk_create(self.calls)

    def contact(self, of: Person | None, at: datetime, **more: Any) -> Contact:
        """A contact about ``of`` (nobody known: None), concluded at once unless it was missed."""
        key = new_id()
        facts: dict[str, Any] = {"channel": "phone", "state": "done", "number": "", **more}
        if facts["state"] == "done":
            facts |= {
                "taken_by_id": self.cast.charlie.account.pk,
                "taken_at": at,
                "ended_at": at,
                "concluded_at": at,
            }
        made = Contact(
            id=key,
            shelf=shelf_of(key),
            happened_at=at,
            person_id=of.pk if of else None,
            person_shelf=of.shelf if of else None,
            portfolio_id=of.portfolio_id if of else 0,
            **facts,
        )
        self.contacts.append(made)
        return made

    def reason(self, contact: Contact, reason: str, sub_reason: str = "", **more: Any) -> ContactReason:
        """Why they got in touch."""
        made = ContactReason(
            shelf=contact.shelf,
            portfolio_id=contact.portfolio_id,
            contact_id=contact.pk,
            person_id=contact.person_id,
            reason=reason,
            sub_reason=sub_reason,
            happened_at=contact.happened_at,
            **more,
        )
        self.reasons.append(made)
        return made

    def intervention(self, contact: Contact, reason: str, due: datetime, **more: Any) -> Intervention:
        """A request made in a contact."""
        promise = Promise.begin(contact.happened_at, days(3), PLATFORM_HOURS)
        state = "answered" if more.get("first_answered_at") else "in_progress"
        of = next(one for one in self.persons if one.pk == contact.person_id)
        made = Intervention(
            **make.same_rows(of),
            person_id=of.pk,
            contact_id=contact.pk,
            reference=f"T{new_id().hex[-12:]}",
            kind="health-card-renewal",
            kind_version=1,
            title="Carte",
            domain="health",
            grade="ordinary",
            price_class="B",
            sensitivity="private",
            reason=reason,
            opened_at=contact.happened_at,
            clock=promise.to_json(),
            due_at=due,
            **{
                "first_due_at": due,
                "worker_id": self.cast.alice.account.pk,
                "state": state,
                "answered_at": more.get("first_answered_at"),
                "outcome": "done" if state == "answered" else "",
                **more,
            },
        )
        self.interventions.append(made)
        return made


@pytest.fixture
def stage(db: None) -> World:
    """Six persons of two portfolios and three ages in Revel; one of them was placed nowhere."""
    cast = on_stage()
    within = (cast.portfolio, cast.other)
    born = (date(1930, 1, 1), date(1944, 5, 3), date(1955, 1, 1), date(1990, 1, 1), None)
    persons = [cast.jeanne] + [
        make.person(f"Personne{n}", within=within[n % 2] if n < 5 else None, birth_date=born[n % 5])
        for n in range(1, 6)
    ]
    place = make.commune()
    for one in persons[1:5]:
        make.home(one, place)
    with as_owner():
        for one, kind in ((persons[0], "sight"), (persons[1], "sight"), (persons[1], "hearing")):
            Need.objects.create(
                person=one,
                kind=kind,
                words="voit mal",
                source="elle-même",
                noted_on=date(2026, 1, 1),
                review_on=date(2027, 1, 1),
                **make.same_rows(one),
            )
    return World(cast, persons)


def lived(world: World, chance: Random) -> World:
    """Nine weeks of contacts, requests, answers, calls and call backs."""
    for _ in range(chance.randint(0, 60)):
        of = chance.choice([*world.persons, None])
        at = BEGIN + timedelta(minutes=chance.randint(0, 63 * 24 * 60 // 30) * 30)
        contact = world.contact(
            of,
            at,
            number=chance.choice(["", "+33561000001", "+33561000002"]),
            direction=chance.choice(["in", "in", "in", "out"]),
            asked_by_us=chance.random() < 0.1,
            state="missed" if chance.random() < 0.15 else "done",
        )
        if contact.state == "missed":
            continue
        noted = {
            (chance.choice(REASONS), chance.choice(["", "no-news", "other"]))
            for _ in range(chance.randint(0, 3))
        }
        for reason, sub_reason in noted:
            world.reason(
                contact,
                reason,
                sub_reason,
                other=chance.choice(["", "", "une invitation"]),
                not_counted=chance.choice(["", "", "", "asked_by_us"]),
            )
        if of and chance.random() < 0.5:
            _requested(world, chance, contact)
    for _ in range(chance.randint(0, 8)):
        _owed(world, chance)
    for _ in range(chance.randint(0, 20)):
        _rang(world, chance)
    world.write()
    return world


def _requested(world: World, chance: Random, contact: Contact) -> None:
    at = contact.happened_at
    answered = at + timedelta(hours=chance.randint(1, 400)) if chance.random() < 0.7 else None
    due = at + timedelta(hours=chance.randint(10, 300))
    more: dict[str, Any] = {"first_answered_at": answered, "reopened": int(chance.random() < 0.2)}
    if answered:
        more["outcome"] = chance.choice(["done", "partly", "impossible", "redirected"])
    elif chance.random() < 0.2:
        more["state"] = "cancelled"
    first = due - timedelta(hours=chance.randint(0, 40))
    world.intervention(contact, chance.choice(["", *REASONS]), due, first_due_at=first, **more)


def _owed(world: World, chance: Random) -> None:
    of = chance.choice([*world.persons, None])
    key, at = new_id(), BEGIN + timedelta(hours=chance.randint(0, 1500))
    state, attempts = chance.choice(["due", "done", "given_up"]), chance.randint(0, 3)
    tried = at + timedelta(hours=1) if attempts else None
    world.call_backs.append(
        CallBack(
            id=key,
            shelf=shelf_of(key),
            portfolio_id=of.portfolio_id if of else 0,
            person_id=of.pk if of else None,
            number="+33561000001",
            why="promised",
            state=state,
            due_at=at,
            attempts=attempts,
            last_attempt_at=tried,
            done_at=None if state == "due" else chance.choice([tried or at, at + timedelta(hours=3)]),
        )
    )


def _rang(world: World, chance: Random) -> None:
    at = BEGIN + timedelta(minutes=chance.randint(0, 63 * 24 * 60))
    state = chance.choice(["done", "done", "missed", "taken", "ringing"])
    taken = state in ("done", "taken")
    world.calls.append(
        LineCall(
            contact_id=new_id(),
            line="main",
            masked="06",
            recognition="known",
            state=state,
            rang_at=at,
            taken_at=at + timedelta(seconds=chance.randint(0, 300)) if taken else None,
        )
    )
