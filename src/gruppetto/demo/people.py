"""The people of the stage: invented subscribers and the relatives they trust, each in a portfolio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from gruppetto.demo import names
from gruppetto.demo.past.book import Book, By, Row
from gruppetto.demo.territory import Stage
from gruppetto.kernel.clock import PARIS, day_of
from gruppetto.kernel.identifiers.names import phonetic_key, sounds_of
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.geography.models import CommunePostcode
from gruppetto.registry.people.duplicates.likeness import Traits, keys_of
from gruppetto.registry.people.models import Address, Consent, Need, Person, Phone, Relative
from gruppetto.service.messages.ways import Way

OLD_MOBILES, KIN_MOBILES = 5_000, names.STRANGERS - 5_000
"""How many of the mobiles for fiction go to subscribers, then to relatives; the others have a landline only."""
KIN_LANDLINES = 30_000
"""Where the landlines of relatives begin."""
FIRST_VISIT = timedelta(days=5)
# A domain that cannot exist (RFC 2606).
EMAILS, WITH_EMAIL = "courriel.invalid", 0.12


@dataclass(slots=True)
class Known:
    """What the history needs to know of a person; ``facts``: what identity may ask them."""

    id: UUID
    shelf: int
    portfolio: int
    department: str
    name: str
    number: str
    facts: tuple[str, ...] = ()
    channel: str = "phone"
    mobile: str = ""
    kin: Known | None = None
    link: str = ""
    # Where written messages may go, as ``service.messages.ways`` would find them.
    ways: tuple[Way, ...] = ()


class People:
    """Draws the subscribers one after the other; ``recognised``: number → what telephony would say of it."""

    def __init__(self, stage: Stage, book: Book, today: date) -> None:
        self.stage, self.book, self.chance, self.today = stage, book, book.chance, today
        self.recognised: dict[str, str] = {}
        self.weights = {
            portfolio: [max(part.estimated_population or 1, 1) for part in parts]
            for portfolio, parts in stage.places.items()
        }
        self.last: tuple[Known, CommunePostcode, str] | None = None
        self.relatives = 0
        self.first_day = today - timedelta(days=360)

    def draw(self, count: int) -> Iterator[Known]:
        """``count`` subscribers, their rows in the book; the caller flushes it."""
        portfolios, shares = list(self.stage.shares), list(self.stage.shares.values())
        for number in range(count):
            yield self._subscriber(number, self.chance.choices(portfolios, shares)[0])

    def _subscriber(self, number: int, portfolio: int) -> Known:
        chance, add = self.chance, self.book.add
        one = names.invent(chance, self.today)
        since = self.first_day + timedelta(days=chance.randrange(300))
        begun, visited = _morning(since), _morning(since + FIRST_VISIT)
        part, street, phone = self._home(portfolio, one.street, number)
        holder = By.human(self.stage.holders[portfolio])
        facts = ["chosen_word", "energy_provider", "phone_provider", "last_visit", "correspondent"]
        person = self._person(
            one,
            {"portfolio_id": portfolio, "department": part.commune_id[:2]},
            begun,
            chosen_word=chance.choice(names.WORDS),
            first_visit_on=day_of(visited),
            last_visit_on=self.today - timedelta(days=chance.randrange(10, 120)),
            subscriber_since=since,
            energy_provider=chance.choice(names.ENERGY),
            phone_provider=chance.choice(names.TELECOM),
            preferred_channel=chance.choices(("phone", "letter", "sms"), (70, 20, 10))[0],
        )
        of = {"person_id": person["id"], **_shared(person)}
        verified = {"verified_at": visited, "verified_by": holder.account, "verified_how": "visit"}
        add(Phone, begun, **of, number=phone, kind="landline", main=True, label="maison", **verified)
        known = Known(person["id"], person["shelf"], portfolio, person["department"], _name(person), phone)
        if chance.random() < 0.35 and number < OLD_MOBILES:
            known.mobile = names.mobile(number)
            add(Phone, begun, **of, number=known.mobile, kind="mobile")
        elif person["preferred_channel"] == "sms":
            person["preferred_channel"] = "phone"
        known.channel = person["preferred_channel"]
        known.ways = self._ways(known, person, street, part)
        person["likeness_keys"] = _keys(person)
        where = {"postcode": part.postcode, "commune_id": part.commune_id}
        arrived = since - timedelta(days=chance.randrange(400, 9_000))
        add(Address, begun, **of, **where, kind="home", lines=street, since=arrived)
        if chance.random() < 0.2:
            before = f"{chance.randrange(1, 140)} {chance.choice(names.STREETS)}"
            add(Address, begun, **of, **where, kind="home", lines=before, until=arrived)
            facts.append("previous_street")
        self._wishes(of, since, begun, known)
        if chance.random() < 0.45 and self._relative(known, of, since, begun):
            facts.append("trusted_relative")
        add(Placement, begun, **_placement(known), since=begun, reason="première affectation")
        known.facts = tuple(facts)
        self._tell(known, begun, visited, holder)
        for own in filter(None, (phone, known.mobile)):
            self.recognised[own] = "several" if own in self.recognised else "known"
        self.last = (known, part, street)
        return known

    def _home(self, portfolio: int, street: str, number: int) -> tuple[CommunePostcode, str, str]:
        """A place drawn by population; a few share the home and the number of the subscriber before them."""
        if self.last and self.last[0].portfolio == portfolio and self.chance.random() < 0.04:
            known, part, lines = self.last
            return part, lines, known.number
        part = self.chance.choices(self.stage.places[portfolio], self.weights[portfolio])[0]
        return part, street, names.landline(number)

    def _ways(self, known: Known, person: Row, street: str, part: CommunePostcode) -> tuple[Way, ...]:
        """By SMS when there is a mobile, by courriel for the few who have one, by letter for all."""
        ways = [Way("sms", known.mobile)] if known.mobile else []
        if self.chance.random() < WITH_EMAIL:
            person["email"] = f"personne{known.id.int % 10**8:08d}@{EMAILS}"
            ways.append(Way("email", person["email"]))
        return (*ways, Way("letter", f"{known.name}\n{street}\n{part.postcode} {part.commune.name}"))

    def _person(self, one: names.Invented, same: Row, at: datetime, **more: Any) -> Row:
        return self.book.add_on_its_own_shelf(
            Person,
            at,
            **same,
            title=one.title,
            given_names=one.given,
            family_name=one.family,
            usage_name=one.usage,
            phonetic_key=phonetic_key(one.family),
            sounds=sounds_of(one.given, one.family, one.usage),
            birth_date=one.born,
            created_at=at,
            **more,
        )

    def _wishes(self, of: Row, since: date, begun: datetime, known: Known) -> None:
        given = {"source": "première visite, signé", "given_on": since}
        for purpose in ("record", *(way.channel for way in known.ways)):
            self.book.add(Consent, begun, **of, purpose=purpose, **given)
        if self.chance.random() < 0.4:
            kind, words, helps, frightens = self.chance.choice(names.NEEDS)
            review = self.today + timedelta(days=self.chance.randrange(-20, 200))
            self.book.add(
                Need,
                begun,
                **of,
                kind=kind,
                words=words,
                helps=helps,
                frightens=frightens,
                source="la personne elle-même",
                noted_on=since,
                review_on=review,
            )

    def _relative(self, known: Known, of: Row, since: date, begun: datetime) -> bool:
        """A relative with a record of their own; True when trusted, so that identity may ask their first name."""
        chance, one = self.chance, names.invent(self.chance, self.today, youngest=28, oldest=60)
        person = self._person(one, {"portfolio_id": known.portfolio, "department": known.department}, begun)
        person["likeness_keys"] = _keys(person)
        number, mobile = self.relatives, self.relatives < KIN_MOBILES
        self.relatives += 1
        phone = (
            names.mobile(OLD_MOBILES + number)
            if mobile
            else names.landline(KIN_LANDLINES + number - KIN_MOBILES)
        )
        theirs = {"person_id": person["id"], **_shared(person)}
        kind = "mobile" if mobile else "landline"
        self.book.add(Phone, begun, **theirs, number=phone, kind=kind, main=True)
        known.link = chance.choice(names.RELATIVES)
        trusted = chance.random() < 0.8
        self.book.add(
            Relative,
            begun,
            **of,
            relative_id=person["id"],
            link=known.link,
            rights=chance.choice((["see", "ask"], ["ask", "be_told"], ["be_told"])),
            trusted=trusted,
            chosen_on=since,
            source="la personne elle-même",
        )
        known.kin = Known(
            person["id"], person["shelf"], known.portfolio, known.department, _name(person), phone
        )
        self.recognised.setdefault(phone, "relative")
        return trusted

    def _tell(self, known: Known, begun: datetime, visited: datetime, holder: By) -> None:
        about: dict[str, Any] = {
            "subject": ("people.person", known.id),
            "person": known.id,
            "portfolio": known.portfolio,
        }
        self.book.act("person.added", begun, holder, **about)
        placed = {"portfolio": known.portfolio, "before": 0, "reason": "première affectation"}
        self.book.act("person.placed", begun, holder, **about, body=placed)
        self.book.act("person.visited", visited, holder, **about, body={"on": day_of(visited).isoformat()})
        self.book.act("word.chosen", visited, holder, **about)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), PARIS).astimezone(UTC)


def _shared(person: Row) -> Row:
    return {name: person[name] for name in ("shelf", "portfolio_id", "department")}


def _keys(person: Row) -> list[str]:
    """With whom they are worth comparing, as soon as somebody is noted twice."""
    names_ = (person["family_name"], person["given_names"], person["usage_name"])
    return keys_of(Traits(*names_, person["birth_date"], email=person.get("email", "")))


def _placement(known: Known) -> Row:
    return {"person_id": known.id, "shelf": known.shelf, "portfolio_id": known.portfolio}


def _name(person: Row) -> str:
    names_given = {"given_names": person["given_names"], "family_name": person["family_name"]}
    return Person(title=person["title"], usage_name=person["usage_name"], **names_given).full_name
