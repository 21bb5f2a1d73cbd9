"""The stage: the map, the catalogue, the staff, their teams and portfolios, the people they know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from gruppetto.demo import names
from gruppetto.demo.cast import DEPARTMENTS, SHARES, STAFF, TEAMS, TERRITORY
from gruppetto.demo.tables import Table
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.registry.coverage.models import (
    Coverage,
    Holding,
    Placement,
    Portfolio,
    Team,
    TeamMember,
    Territory,
    Zone,
    ZonePart,
)
from gruppetto.registry.geography.models import CommunePostcode
from gruppetto.registry.geography.seeding import load as load_geography
from gruppetto.registry.organisations.seeding import load as load_organisations
from gruppetto.registry.people.models import Address, Consent, Need, Person, Phone, Relative
from gruppetto.registry.people.names import phonetic_key
from gruppetto.registry.staff.models import Staff, WorkingTime
from gruppetto.service.catalogue.verbs import load as load_catalogue


@dataclass
class Subscriber:
    """What the history needs to know of an invented subscriber."""

    id: UUID
    shelf: int
    portfolio: int
    department: str
    number: str
    relative: UUID | None = None
    relative_number: str = ""


@dataclass
class Stage:
    """The territory as made."""

    accounts: dict[str, UUID] = field(default_factory=dict)
    holder: dict[int, UUID] = field(default_factory=dict)
    subscribers: list[Subscriber] = field(default_factory=list)
    inhabitants: int = 0


def set_up(subscribers: int, passwords: dict[str, str], today: date, since: datetime) -> Stage:
    """Make everything but the history; owner role, inside ``acting``. ``since``: from when the catalogue is in force."""
    load_geography(DEPARTMENTS)
    load_organisations()
    load_catalogue(since)
    stage = Stage()
    records = _staff(stage, passwords, today)
    places = _teams(stage, records, today)
    _people(stage, subscribers, places, today)
    return stage


def _staff(stage: Stage, passwords: dict[str, str], today: date) -> dict[str, Staff]:
    records = {}
    for member in STAFF:
        account = Account.objects.create_account(member.email, member.name, member.role, passwords[member.email])
        stage.accounts[member.name] = account.pk
        record = Staff.objects.create(
            account=account,
            starts=today - timedelta(days=400),
            takes_calls=member.role in ("agent", "correspondent", "supervisor"),
            phone=names.mobile(9_900 + len(records)),
        )
        records[member.name] = record
        WorkingTime.objects.bulk_create(
            WorkingTime(staff=record, weekday=weekday, starts=starts, ends=ends)
            for weekday in range(1, 6)
            for starts, ends in ((time(8, 30), time(12, 30)), (time(13, 30), time(16, 30)))
        )
    return records


def _teams(stage: Stage, records: dict[str, Staff], today: date) -> dict[int, list[CommunePostcode]]:
    """Zones, teams, portfolios; returns the parts each portfolio's people live in."""
    begin = today - timedelta(days=400)
    territory = Territory.objects.create(name=TERRITORY)
    holders = {number: member.name for member in STAFF for number in member.portfolios}
    places: dict[int, list[CommunePostcode]] = {}
    for plan in TEAMS:
        team = Team.objects.create(territory=territory, name=plan.name)
        zone = Zone.objects.create(territory=territory, name=plan.name)
        parts = list(
            CommunePostcode.objects.filter(commune__epci_code__in=plan.epcis, commune__nature="current").order_by("id")
        )
        for commune, postcode in plan.postcodes:
            parts += CommunePostcode.objects.filter(commune_id=commune, postcode=postcode)
        ZonePart.objects.bulk_create(
            ZonePart(zone=zone, commune_id=part.commune_id, postcode=part.postcode, during=(begin, None))
            for part in parts
        )
        Coverage.objects.create(zone=zone, team=team, during=(begin, None))
        TeamMember.objects.create(team=team, staff=records["Sylvie Moreau"], leads=True, during=(begin, None))
        stage.inhabitants += sum(part.estimated_population or 0 for part in parts)
        for number, name, substitute in plan.portfolios:
            portfolio = Portfolio.objects.create(
                id=number, team=team, name=name, standing_substitute=records[substitute]
            )
            holder = records[holders[number]]
            TeamMember.objects.create(team=team, staff=holder, during=(begin, None))
            Holding.objects.create(
                portfolio=portfolio, staff=holder, capacity="holder", during=(begin, None), why="ouverture du pilote"
            )
            stage.holder[number] = holder.account_id
            places[number] = parts
    return places


def _people(stage: Stage, count: int, places: dict[int, list[CommunePostcode]], today: date) -> None:
    chance = Random(20261122)
    rows: dict[type[Any], list[dict[str, Any]]] = {
        model: [] for model in (Person, Phone, Address, Consent, Need, Relative, Placement)
    }
    begun = datetime.combine(today - timedelta(days=365), time(9), PARIS)
    verifier = stage.accounts["Amina Benali"]
    for number in range(count):
        portfolio = _drawn(chance, count, number)
        part = chance.choices(places[portfolio], [max(p.estimated_population or 1, 1) for p in places[portfolio]])[0]
        one = names.invent(chance, today)
        person_id = new_id()
        same = {"shelf": shelf_of(person_id), "portfolio_id": portfolio, "department": "31"}
        since = today - timedelta(days=chance.randrange(60, 360))
        phone = names.landline(number)
        subscriber = Subscriber(person_id, same["shelf"], portfolio, "31", phone)
        rows[Person].append(
            _person(person_id, same, one, since, begun)
            | {
                "chosen_word": chance.choice(names.WORDS),
                "first_visit_on": since + timedelta(days=5),
                "last_visit_on": today - timedelta(days=chance.randrange(10, 120)),
                "subscriber_since": since,
                "energy_provider": chance.choice(names.ENERGY),
                "phone_provider": chance.choice(names.TELECOM),
                "preferred_channel": chance.choices(("phone", "letter", "sms"), (70, 20, 10))[0],
            }
        )
        verified = {
            "verified_how": "called",
            "verified_at": datetime.combine(since + timedelta(days=5), time(10), PARIS),
            "verified_by": verifier,
        }
        of = {"person_id": person_id, **same}
        rows[Phone].append(
            {"id": new_id(), **of, "number": phone, "kind": "landline", "main": True, "label": "maison", **verified}
        )
        if chance.random() < 0.35:
            rows[Phone].append({"id": new_id(), **of, "number": names.mobile(number), "kind": "mobile"})
        rows[Address].append(
            {
                "id": new_id(),
                **of,
                "kind": "home",
                "lines": one.street,
                "postcode": part.postcode,
                "commune_id": part.commune_id,
                "since": since - timedelta(days=3_000),
            }
        )
        rows[Consent].append(
            {"id": new_id(), **of, "purpose": "record", "source": "première visite, signé", "given_on": since}
        )
        if chance.random() < 0.4:
            kind, words, helps, frightens = chance.choice(names.NEEDS)
            rows[Need].append(
                {
                    "id": new_id(),
                    **of,
                    "kind": kind,
                    "words": words,
                    "helps": helps,
                    "frightens": frightens,
                    "source": "la personne elle-même",
                    "noted_on": since,
                    "review_on": today + timedelta(days=chance.randrange(-20, 200)),
                }
            )
        if chance.random() < 0.45:
            _add_relative(chance, rows, subscriber, of, same, number, today, begun)
        rows[Placement].append(
            {
                "id": new_id(),
                "person_id": person_id,
                "shelf": same["shelf"],
                "portfolio_id": portfolio,
                "since": datetime.combine(since, time(9), PARIS),
                "reason": "première affectation",
                "weighed": {},
            }
        )
        stage.subscribers.append(subscriber)
    for model, lines in rows.items():
        Table(model).write(lines)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person, people_phone, people_address")


def _person(
    person_id: UUID, same: dict[str, Any], one: names.Invented, since: date, begun: datetime
) -> dict[str, Any]:
    return {
        "id": person_id,
        **same,
        "title": one.title,
        "given_names": one.given,
        "family_name": one.family,
        "usage_name": one.usage,
        "phonetic_key": phonetic_key(one.usage or one.family),
        "birth_date": one.born,
        "created_at": begun,
    }


def _add_relative(
    chance: Random,
    rows: dict[type[Any], list[dict[str, Any]]],
    subscriber: Subscriber,
    of: dict[str, Any],
    same: dict[str, Any],
    number: int,
    today: date,
    begun: datetime,
) -> None:
    one, relative_id = names.invent(chance, today, youngest=28, oldest=60), new_id()
    theirs = {**same, "shelf": shelf_of(relative_id)}
    link = chance.choice(names.RELATIVES)
    phone = names.mobile(5_000 + number % 4_000) if number < 4_000 else names.mobile(100_000 + number)
    rows[Person].append(_person(relative_id, theirs, one, today, begun))
    rows[Phone].append(
        {"id": new_id(), "person_id": relative_id, **theirs, "number": phone, "kind": "mobile", "main": True}
    )
    rows[Relative].append(
        {
            "id": new_id(),
            **of,
            "relative_id": relative_id,
            "link": link,
            "rights": chance.choice((["see", "ask"], ["ask", "be_told"], ["be_told"])),
            "trusted": chance.random() < 0.8,
            "chosen_on": today - timedelta(days=200),
            "source": "la personne elle-même",
        }
    )
    subscriber.relative, subscriber.relative_number = relative_id, phone


def _drawn(chance: Random, count: int, number: int) -> int:
    """The portfolio of the next person, in the pilot's shares."""
    return chance.choices(list(SHARES), list(SHARES.values()))[0]


