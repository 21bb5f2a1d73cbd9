"""The one search: people, interventions, contacts, places, knowledge; eight queries whatever is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gruppetto.kernel import clock, journal
from gruppetto.kernel.identifiers import phones
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.people.models import Person
from gruppetto.registry.people.reads import age
from gruppetto.service.finding.query import Query, read
from gruppetto.service.knowledge import reads as knowledge

# Between these signs of the private area stands what was found in a text.
OPENS, CLOSES = "\ue000", "\ue001"
LONGEST_PLACE = 4


@dataclass(frozen=True, slots=True)
class Most:
    """How many of each at most."""

    people: int = 20
    stories: int = 20
    places: int = 5
    articles: int = 8


PAGE, SUGGESTED = Most(), Most(5, 4, 2, 2)


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person, told apart from namesakes by age and place; ``phone``: the number asked for, else the main one."""

    id: UUID
    name: str
    birth_date: date | None
    age: int | None
    postcode: str
    commune: str
    phone: str
    died: bool


@dataclass(frozen=True, slots=True)
class InterventionFound:
    """An intervention, with the words found between ``OPENS`` and ``CLOSES``."""

    id: UUID
    reference: str
    title: str
    state: str
    person: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ContactFound:
    """A contact; ``person_id`` None when nobody was recognised."""

    id: UUID
    channel: str
    person_id: UUID | None
    person: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A commune in force."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    department: str


@dataclass(frozen=True)
class Found:
    """All that a search found, by groups."""

    query: Query
    people: list[PersonFound] = field(default_factory=list)
    interventions: list[InterventionFound] = field(default_factory=list)
    contacts: list[ContactFound] = field(default_factory=list)
    places: list[PlaceFound] = field(default_factory=list)
    articles: list[knowledge.Link] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many in all."""
        groups: tuple[Sequence[object], ...] = (
            self.people, self.interventions, self.contacts, self.places, self.articles
        )  # fmt: skip
        return sum(map(len, groups))


def search(typed: str, most: Most = PAGE, *, unfinished: bool = False) -> Found:
    """Everything in sight that is what was typed, best first; the search is a look, its words are not kept.

    Raises ``Refused`` as ``query.read``.
    """
    query = read(typed, clock.today(), unfinished=unfinished)
    units = _units(query.words)
    journal.look("search.made")
    interventions, contacts = _stories(query, most.stories)
    return Found(
        query,
        people=_people(query, units, most.people),
        interventions=interventions,
        contacts=contacts,
        places=_places(units, most.places) if query.only_words else [],
        articles=list(knowledge.search(" ".join(query.words), clock.now(), most.articles))
        if query.only_words
        else [],
    )


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or several that name a place together: a name, perhaps a place as well."""

    words: str
    communes: tuple[str, ...] = ()
    postcode: str = ""


def _units(words: tuple[str, ...]) -> list[Unit]:
    """Words grouped as the places they name, the longest first: « saint félix lauragais » is one (one query)."""
    spans = {
        name_key(" ".join(words[start:end])): (start, end)
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_PLACE, len(words)) + 1)
    }
    known: dict[tuple[int, int], list[str]] = {}
    for code, key in Commune.objects.filter(name_key__in=spans).values_list("code", "name_key"):
        known.setdefault(spans[key], []).append(code)
    units: list[Unit] = []
    start = 0
    while start < len(words):
        end = max((end for first, end in known if first == start), default=start + 1)
        text = " ".join(words[start:end])
        postcode = text if text.isdecimal() and len(text) == 5 else ""
        units.append(Unit(text, tuple(known.get((start, end), ())), postcode))
        start = end
    return units


PEOPLE = """
SELECT f.person_id, p.title, p.given_names, p.usage_name, p.family_name, p.birth_date, p.died_on, a.postcode, c.name,
       coalesce(n.number, '')
FROM finding.people(%s, %s, %s, %s::date[], %s::date[], %s, %s, %s, %s, %s, %s)
    WITH ORDINALITY AS f(person_id, likeness, rank)
JOIN people_person p ON p.id = f.person_id
LEFT JOIN people_address a ON a.subject_id = p.id AND a.kind = 'home' AND a.until IS NULL
LEFT JOIN geography_commune c ON c.code = a.commune_id
LEFT JOIN LATERAL (
    SELECT number FROM people_phone WHERE subject_id = p.id AND ended_at IS NULL
    ORDER BY (number = %s OR %s <> '' AND starts_with(number, %s) OR right(number, 4) = %s) DESC, main DESC, id LIMIT 1
) n ON true
ORDER BY f.rank
"""


def _people(query: Query, units: list[Unit], most: int) -> list[PersonFound]:
    """Persons in sight (one query)."""
    asked = [
        [unit.words for unit in units],
        [",".join(unit.communes) for unit in units],
        [unit.postcode for unit in units],
        [first for first, _last in query.births],
        [last for _first, last in query.births],
        *(query.number, query.begins, query.ends, query.end_or_birth, query.email, most),
        *(query.number, query.begins, query.begins, query.ends),
    ]
    today = clock.today()
    return [_person(today, *row) for row in _rows(PEOPLE, asked)]


def _person(
    today: date, key: UUID, title: str, given: str, usage: str, family: str, birth: date | None, died: date | None,
    postcode: str | None, commune: str | None, number: str,
) -> PersonFound:  # fmt: skip
    return PersonFound(
        id=key,
        name=Person(title=title, given_names=given, usage_name=usage, family_name=family).full_name,
        birth_date=birth,
        age=age(birth, died or today),
        postcode=postcode or "",
        commune=commune or "",
        phone=phones.display(number) if number else "",
        died=died is not None,
    )


# The texts are read under row security: whoever may not see a row finds nothing of it.
STORIES = """
WITH found AS (SELECT * FROM finding.stories(%(words)s, %(unfinished)s, %(reference)s, %(number)s, %(at)s, %(most)s)
               WITH ORDINALITY AS f(id, what, meant, rank)),
told AS (
    SELECT f.rank, f.what, f.meant, i.id, i.subject_id, i.reference, i.title, i.state, i.opened_at AS at,
           concat_ws(' … ', nullif(i.details, ''), nullif(i.answer, ''), (
               SELECT string_agg(left(n.text, 1000), ' … ' ORDER BY n.at DESC) FROM interventions_note n
               WHERE n.intervention_id = i.id)) AS words
    FROM found f JOIN interventions_intervention i ON i.id = f.id WHERE f.what = 'intervention'
    UNION ALL
    SELECT f.rank, f.what, f.meant, c.id, c.subject_id, '', c.channel, '', c.happened_at, c.summary
    FROM found f JOIN contacts_contact c ON c.id = f.id WHERE f.what = 'contact')
SELECT t.what, t.id, t.subject_id, t.reference,
       CASE t.what WHEN 'contact' THEN t.title ELSE finding.shown(t.title, t.meant, true) END, t.state, t.at,
       finding.shown(t.words, t.meant, false),
       p.title, p.given_names, p.usage_name, p.family_name
FROM told t LEFT JOIN people_person p ON p.id = t.subject_id ORDER BY t.rank
"""


def _stories(query: Query, most: int) -> tuple[list[InterventionFound], list[ContactFound]]:
    """Interventions and contacts in sight (one query)."""
    asked = {
        "words": list(query.words) if query.words and not query.births else [],
        "unfinished": query.unfinished,
        "reference": query.reference,
        "number": query.number,
        "at": clock.now(),
        "most": most,
    }
    interventions: list[InterventionFound] = []
    contacts: list[ContactFound] = []
    for what, key, person_id, reference, title, state, at, words, *named in _rows(STORIES, asked):
        name = (
            Person(title=named[0], given_names=named[1], usage_name=named[2], family_name=named[3]).full_name
            if named[3]
            else ""
        )
        if what == "contact":
            contacts.append(ContactFound(key, title, person_id, name, at, words))
        else:
            interventions.append(InterventionFound(key, reference, title, state, name, at, words))
    return interventions, contacts


PLACES = """
WITH typed AS (SELECT %(key)s::text AS key, %(postcode)s::text AS postcode)
SELECT c.code, c.name,
       array(SELECT z.postcode FROM geography_communepostcode z WHERE z.commune_id = c.code ORDER BY 1), d.name
FROM typed t JOIN geography_commune c ON c.nature = 'current' AND (
    c.name_key %% t.key AND t.postcode = ''
    OR t.postcode <> '' AND c.code IN (SELECT commune_id FROM geography_communepostcode WHERE postcode = t.postcode))
JOIN geography_department d ON d.code = c.department_id
ORDER BY similarity(c.name_key, t.key) DESC, c.population DESC NULLS LAST, c.code LIMIT %(most)s
"""


def _places(units: list[Unit], most: int) -> list[PlaceFound]:
    """Communes in force of that name, slips forgiven, or of that postcode (one query)."""
    named = [unit.words for unit in units if unit.communes] or [unit.words for unit in units]
    postcode = next((unit.postcode for unit in units if unit.postcode), "")
    asked = {"key": name_key(" ".join(named)), "postcode": postcode, "most": most}
    return [
        PlaceFound(code, name, tuple(codes), department)
        for code, name, codes, department in _rows(PLACES, asked)
    ]


def _rows(question: str, asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, asked)
        return cursor.fetchall()
