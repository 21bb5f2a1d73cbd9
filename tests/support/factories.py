"""Things set on the stage, named after situations; made as the owner, outside row security (style 12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db.models import Max

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.identifiers import shelf_of
from gruppetto.kernel.identifiers.names import sounds_of
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
from gruppetto.registry.geography.models import Commune, CommunePostcode, Department, Region
from gruppetto.registry.people.models import Address, Person, Phone, Relative
from gruppetto.registry.staff.models import Staff as StaffRecord
from gruppetto.registry.staff.models import WorkingTime
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.files import CONTENT, Catalogue, read_catalogue
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.catalogue.verbs import bring
from gruppetto.service.catalogue.vocabulary import QuestionKind
from gruppetto.service.interventions.models import Intervention, Paper
from gruppetto.service.interventions.verbs import open_intervention
from gruppetto.service.knowledge.files import Library, read_library
from gruppetto.service.knowledge.verbs import bring as bring_articles
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

KINDS = (
    "bank-card-block",
    "driving-licence",
    "energy-bill-dispute",
    "health-card-renewal",
    "housing-benefit",
    "life-certificate",
    "medical-appointment",
    "phone-contract",
    "tax-return",
    "train-ticket",
)
LONG_AGO = date(2020, 1, 1)
FOR_EVER = (LONG_AGO, None)


def commune(code: str = "31451", name: str = "Revel", postcode: str = "31250") -> Commune:
    """A commune of Haute-Garonne with one postcode."""
    with as_owner():
        region, _ = Region.objects.get_or_create(code="76", defaults={"name": "Occitanie"})
        department, _ = Department.objects.get_or_create(
            code="31", defaults={"name": "Haute-Garonne", "region": region}
        )
        place, _ = Commune.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_key": name.lower(),
                "department": department,
                "region": region,
                "epci_code": "200066744",
                "epci_name": "CC Lauragais Revel Sorezois",
                "population": 9_500,
            },
        )
        CommunePostcode.objects.get_or_create(commune=place, postcode=postcode)
    return place


@cache
def _shipped(*more: str) -> Catalogue:
    """What is shipped, read once; of the kinds, ten and ``more``: each test brings them into its database."""
    whole, codes = read_catalogue(CONTENT), (*KINDS, *more)
    kinds = tuple(kind for kind in whole.kinds if kind.code in codes)
    return replace(whole, kinds=kinds, kind_data={code: whole.kind_data[code] for code in codes})


def catalogue(*more: str) -> None:
    """Ten kinds and ``more`` of them, the reasons, the help lines: as shipped."""
    with as_owner():
        bring(_shipped(*more), datetime(2020, 1, 1, tzinfo=UTC))


def article(code: str = "waiting-for-a-health-card") -> tuple[int, int]:
    """One article of knowledge, as shipped, in force since a month: (written, kept)."""
    with as_owner():
        library = _shelf()
        one = tuple(article for article in library.articles if article.code == code)
        return bring_articles(replace(library, articles=one), now() - timedelta(days=30))


@cache
def _shelf() -> Library:
    return read_library(read_catalogue(CONTENT).kind_data)


@dataclass(frozen=True)
class Colleague:
    """A member of staff: signed in, with their staff record."""

    signed_in: Staff
    record: StaffRecord

    @property
    def actor(self) -> Any:
        return self.signed_in.actor

    @property
    def account(self) -> Any:
        return self.signed_in.account


def colleague(name: str, role: str = "correspondent", *, hours: int = 35) -> Colleague:
    """Somebody of ``role`` at work from Monday to Friday, ``hours`` a week."""
    signed_in = staff(name, role)
    with as_owner():
        record = StaffRecord.objects.create(
            account=signed_in.account, starts=LONG_AGO, takes_calls=role != "back_office"
        )
        for weekday in range(1, 6):
            WorkingTime.objects.create(
                staff=record, weekday=weekday, starts=time(8), ends=time(8 + hours // 5, (hours % 5) * 12)
            )
    return Colleague(signed_in, record)


def team(name: str = "Lauragais", *, leader: Colleague | None = None, serves: Commune | None = None) -> Team:
    """A team of its own territory, perhaps led, perhaps serving all of a commune."""
    with as_owner():
        territory, _ = Territory.objects.get_or_create(name=f"Territoire {name}")
        made = Team.objects.create(territory=territory, name=name)
        if leader:
            TeamMember.objects.create(team=made, staff=leader.record, leads=True, during=FOR_EVER)
        if serves:
            zone = Zone.objects.create(territory=territory, name=f"Zone {name}")
            for postcode in serves.postcodes.values_list("postcode", flat=True):
                ZonePart.objects.create(zone=zone, commune=serves, postcode=postcode, during=FOR_EVER)
            Coverage.objects.create(zone=zone, team=made, during=FOR_EVER)
    return made


def portfolio(of: Team, holder: Colleague | None = None, substitute: Colleague | None = None) -> Portfolio:
    """A portfolio of a team, held, with its usual substitute."""
    with as_owner():
        number = (Portfolio.objects.aggregate(last=Max("id"))["last"] or 0) + 1
        made = Portfolio.objects.create(
            id=number,
            team=of,
            name=f"Portefeuille {number}",
            standing_substitute=substitute.record if substitute else None,
        )
        if holder:
            Holding.objects.create(
                portfolio=made,
                staff=holder.record,
                capacity="holder",
                during=FOR_EVER,
                why="premier titulaire",
            )
            TeamMember.objects.get_or_create(team=of, staff=holder.record, defaults={"during": FOR_EVER})
    return made


def person(
    family_name: str = "Roux", given_names: str = "Jeanne", *, within: Portfolio | None = None, **more: Any
) -> Person:
    """A subscriber, placed in a portfolio or still to be placed; visited already unless said otherwise."""
    more = {
        "title": "mrs",
        "birth_date": date(1944, 5, 3),
        "subscriber_since": date(2026, 1, 5),
        "first_visit_on": date(2026, 1, 12),
        "sounds": sounds_of(given_names, family_name, more.get("usage_name", "")),
        **more,
    }
    with as_owner():
        made = Person(family_name=family_name, given_names=given_names, **more)
        made.shelf = shelf_of(made.pk)
        made.portfolio_id = within.pk if within else 0
        made.department = "31"
        made.save(force_insert=True)
        if within:
            Placement.objects.create(
                person_id=made.pk,
                shelf=made.shelf,
                portfolio=within,
                since=datetime(2026, 1, 5, tzinfo=UTC),
                reason="première affectation",
            )
    return made


def same_rows(of: Person) -> dict[str, Any]:
    """The columns shared by the rows of one person."""
    return {"shelf": of.shelf, "portfolio_id": of.portfolio_id, "department": of.department}


def phone(
    of: Person, number: str = "+33561000001", *, verified_by: Colleague | None = None, main: bool = True
) -> Phone:
    """A number of a person, verified by a colleague or not."""
    kind = "mobile" if number.startswith(("+336", "+337")) else "landline"
    checked: dict[str, Any] = {}
    if verified_by:
        checked = {
            "verified_how": "called",
            "verified_at": datetime(2026, 1, 12, tzinfo=UTC),
            "verified_by": verified_by.account.pk,
        }
    with as_owner():
        return Phone.objects.create(
            person=of, number=number, kind=kind, main=main, **same_rows(of), **checked
        )


def home(of: Person, at: Commune, postcode: str = "31250", lines: str = "12 rue du Temple") -> Address:
    """Where a person lives."""
    with as_owner():
        return Address.objects.create(person=of, commune=at, postcode=postcode, lines=lines, **same_rows(of))


def relative(
    of: Person, other: Person, link: str = "sa fille", *, trusted: bool = True, **more: Any
) -> Relative:
    """``other`` is a relative of ``of``, whom they let see and ask."""
    said = {"rights": ["see", "ask"], "chosen_on": date(2026, 1, 12), "source": "la personne", **more}
    with as_owner():
        return Relative.objects.create(
            person=of, relative_id=other.pk, link=link, trusted=trusted, **same_rows(of), **said
        )


def answers(kind: Kind) -> dict[str, script.Answer]:
    """Plain answers to the script of a kind: nothing urgent, no trouble, the grade of the kind itself."""
    given: dict[str, script.Answer] = {}
    plain = script.effects(kind, {})
    while missing := [q for q in script.visible_questions(kind, given) if q.id not in given]:
        question = missing[0]
        match question.kind:
            case QuestionKind.DATE:
                given[question.id] = (today() + timedelta(days=20)).isoformat()
            case QuestionKind.TEXT_SHORT:
                given[question.id] = "quelques mots"
            case QuestionKind.AMOUNT | QuestionKind.NUMBER:
                given[question.id] = question.least
            case _:
                harmless = (
                    a for a in question.accepted if script.effects(kind, {**given, question.id: a}) == plain
                )
                given[question.id] = next(harmless, question.accepted[0])
    return given


def intervention(
    of: Person, by: Colleague, kind: str = "health-card-renewal", *, complete: bool = True, **more: Any
) -> Intervention:
    """A request of a person, recorded by a colleague who sees them; its papers are all there when ``complete``."""
    with acting(by.actor):
        opened = open_intervention(None, of.pk, kind, answers(kind_in_force(kind, now())), **more)
    if complete:
        with as_owner():
            Paper.objects.filter(intervention=opened).update(state=Paper.State.RECEIVED)
    return opened
