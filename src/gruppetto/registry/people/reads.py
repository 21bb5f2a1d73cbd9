"""Questions about people, each with a fixed number of queries, within what the one who asks may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock, journal
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.kernel.identifiers.names import readings
from gruppetto.registry.people.models import Address, Channel, Consent, Need, Person, Phone, Relative

MOST = 100
"""Longest answer of a search: one looks for somebody, one does not browse."""


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A number in use; ``shown`` as people read it."""

    id: UUID
    number: str
    shown: str
    kind: str
    label: str
    main: bool
    verified_how: str
    verified_at: datetime | None
    verified_by: UUID | None


@dataclass(frozen=True, slots=True)
class Home:
    """An address in force."""

    id: UUID
    lines: str
    postcode: str
    commune_code: str
    commune: str
    since: date | None


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """A relative in force; ``id`` of the link, ``relative_id`` of their own record; ``rights`` as on screen."""

    id: UUID
    relative_id: UUID
    name: str
    given_names: str
    link: str
    rights: tuple[str, ...]
    rights_shown: tuple[str, ...]
    trusted: bool
    chosen_on: date
    source: str
    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """All that a call needs to know of a person. ``consents``: what they agree to today; ``needs``: in force."""

    person: Person
    name: str
    age: int | None
    phones: tuple[PhoneLine, ...]
    home: Home | None
    mail: Home | None
    needs: tuple[Need, ...]
    relatives: tuple[RelativeLine, ...]
    consents: frozenset[str]
    portfolio_id: int

    @property
    def main_phone(self) -> PhoneLine | None:
        """The number we call first."""
        return next((line for line in self.phones if line.main), None)

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways we may use to reach them, preferred first: each needs its coordinates, writing needs consent."""
        possible = {
            Channel.PHONE: bool(self.phones),
            Channel.SMS: Consent.Purpose.SMS in self.consents
            and any(line.kind == Phone.Kind.MOBILE for line in self.phones),
            Channel.EMAIL: Consent.Purpose.EMAIL in self.consents and bool(self.person.email),
            Channel.LETTER: Consent.Purpose.LETTER in self.consents and bool(self.mail or self.home),
        }
        ways = sorted(possible, key=lambda channel: channel != self.person.preferred_channel)
        return tuple(str(channel) for channel in ways if possible[channel])


@dataclass(frozen=True, slots=True)
class Found:
    """A person found by a search, told apart from namesakes by age and place."""

    id: UUID
    name: str
    birth_date: date | None
    age: int | None
    commune: str
    phone: str
    portfolio_id: int
    likeness: float


def card(person_id: UUID, *, look: bool = True) -> PersonCard:
    """The card of a person (6 queries), with its trace: every look at a record is in the journal.

    ``look=False`` only where the look is already written: a page that reads itself again, a contact that opened the
    person (5 queries). A merged record shows the one kept. Raises ``Unknown`` for a person out of sight as for nobody.
    """
    person = _kept(person_id)
    person_id = person.pk
    homes = {
        address.kind: _home(address)
        for address in Address.objects.filter(subject_id=person_id, until=None).select_related("commune")
    }
    if look:
        journal.look(
            "person.opened",
            subject=("people.person", person_id),
            person_id=person_id,
            portfolio_id=person.portfolio_id,
        )
    return PersonCard(
        person=person,
        name=person.full_name,
        age=age(person.birth_date, person.died_on or clock.today()),
        phones=tuple(
            _phone(phone)
            for phone in Phone.objects.filter(subject_id=person_id, ended_at=None).order_by("-main", "id")
        ),
        home=homes.get(Address.Kind.HOME),
        mail=homes.get(Address.Kind.MAIL),
        needs=tuple(Need.objects.filter(subject_id=person_id, ended_on=None).order_by("kind", "id")),
        relatives=relatives_of(person_id),
        consents=frozenset(person.agreed),  # type: ignore[attr-defined]  # given by _kept
        portfolio_id=person.portfolio_id,
    )


def relatives_of(person_id: UUID) -> tuple[RelativeLine, ...]:
    """The relatives in force of a person in sight, the trusted ones first; none for a person out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, relative_id, title, given_names, usage_name, family_name, link, rights, trusted, chosen_on,"
            " source, number FROM people.relatives_of(%s)",
            [person_id],
        )
        return tuple(_relative(*row) for row in cursor.fetchall())


def search(text: str, limit: int = 20) -> list[Found]:
    """Persons in sight by a name, a number as typed, a birth date, or a name and a birth date (4 queries).

    ``"roux"``, ``"06 12 34 56 78"``, ``"3/5/48"``, ``"jeanne roux 1948-05-03"``. Best likeness first, names that only
    sound so after those written so; nothing for an empty text; never more than 100.
    """
    name, number, birth_date = read_query(text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, likeness FROM people.search(%s, %s, %s, %s, %s)",
            [name, number, birth_date, max(0, min(limit, MOST)), readings(name)],
        )
        likeness = dict(cursor.fetchall())
    homes = Prefetch(
        "addresses",
        Address.objects.filter(kind=Address.Kind.HOME, until=None).select_related("commune"),
        to_attr="homes",
    )
    numbers = Prefetch("phones", Phone.objects.filter(main=True, ended_at=None), to_attr="main_phones")
    persons = Person.objects.filter(pk__in=likeness).prefetch_related(homes, numbers).in_bulk()
    today = clock.today()
    return [_found(persons[key], likeness[key], today) for key in likeness if key in persons]


def read_query(text: str) -> tuple[str, str, date | None]:
    """What a search is for: (name, number in E.164, birth date), each empty when the text does not say it."""
    words = " ".join(text.split())
    if not words:
        return "", "", None
    if not any(character.isalpha() for character in words):
        if birth_date := _birth_date(words):
            return "", "", birth_date
        try:
            return "", phones.parse(words), None
        except Refused:
            return words, "", None
    parts = words.split(" ")
    for cut in range(1, min(4, len(parts))):
        tail = " ".join(parts[-cut:])
        if any(character.isdecimal() for character in tail) and (birth_date := _birth_date(tail)):
            return " ".join(parts[:-cut]), "", birth_date
    if birth_date := _birth_date(words):
        return "", "", birth_date
    return words, "", None


def display_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """How to call each of these persons; those out of sight are absent (1 query)."""
    return {person.pk: person.full_name for person in Person.objects.filter(pk__in=set(ids))}


def kept(ids: Iterable[UUID], among: QuerySet[Person] | None = None) -> dict[UUID, Person]:
    """The persons in sight by these identifiers; a merged record gives the one kept (1 query, 2 after a merge)."""
    persons = Person.objects.all() if among is None else among
    found: dict[UUID, Person] = persons.in_bulk(set(ids))
    merged = {key: one.merged_into for key, one in found.items() if one.merged_into is not None}
    if merged:
        others = persons.in_bulk(set(merged.values()))
        found = {key: others.get(merged.get(key), one) for key, one in found.items()}
    return found


def needs_to_review(on: date, limit: int = 50) -> list[Need]:
    """Needs in sight whose review has come, oldest first, with their person (1 query)."""
    due = Need.objects.filter(review_on__lte=on, ended_on=None)
    return list(due.select_related("subject").order_by("review_on", "id")[:limit])


def age(birth_date: date | None, on: date) -> int | None:
    """Whole years on the day ``on``."""
    if birth_date is None:
        return None
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def _kept(person_id: UUID) -> Person:
    """The person, with what they ``agreed`` to; for a merged record (an old link), the one it was merged into."""
    consents = Consent.objects.filter(subject_id=OuterRef("pk"), withdrawn_on=None).values("purpose")
    with_consents: QuerySet[Any] = Person.objects.annotate(agreed=ArraySubquery(consents))
    person = kept([person_id], with_consents).get(person_id)
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans vos dossiers."), code="unknown-person")
    return person


def _birth_date(text: str) -> date | None:
    try:
        return dates.parse_birth_date(text, clock.today())
    except Refused:
        return None


def _phone(phone: Phone) -> PhoneLine:
    return PhoneLine(
        phone.pk,
        phone.number,
        phones.display(phone.number),
        phone.kind,
        phone.label,
        phone.main,
        phone.verified_how,
        phone.verified_at,
        phone.verified_by,
    )


def _home(address: Address) -> Home:
    return Home(
        address.pk, address.lines, address.postcode, address.commune_id, address.commune.name, address.since
    )


def _relative(
    key: UUID,
    relative_id: UUID,
    title: str,
    given_names: str,
    usage_name: str,
    family_name: str,
    link: str,
    rights: list[str],
    trusted: bool,
    chosen_on: date,
    source: str,
    number: str,
) -> RelativeLine:
    named = Person(title=title, given_names=given_names, usage_name=usage_name, family_name=family_name)
    return RelativeLine(
        id=key,
        relative_id=relative_id,
        name=named.full_name,
        given_names=given_names,
        link=link,
        rights=tuple(rights),
        rights_shown=tuple(str(Relative.Right(right).label) for right in rights),
        trusted=trusted,
        chosen_on=chosen_on,
        source=source,
        number=number,
        shown=phones.display(number) if number else "",
    )


def _found(person: Person, likeness: float, today: date) -> Found:
    home = next(iter(person.homes), None)  # type: ignore[attr-defined]  # set by the prefetch above
    phone = next(iter(person.main_phones), None)  # type: ignore[attr-defined]
    return Found(
        id=person.pk,
        name=person.full_name,
        birth_date=person.birth_date,
        age=age(person.birth_date, today),
        commune=home.commune.name if home else "",
        phone=phones.display(phone.number) if phone else "",
        portfolio_id=person.portfolio_id,
        likeness=likeness,
    )
