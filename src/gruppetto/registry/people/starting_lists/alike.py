"""How much two people look like one, graded and explained: a proposal; twins and couples are never "sure"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers.names import name_key, phonetic_key, same_but_for_slips

MOST_COMPARED = 20
"""Earlier lines of one birth date or one number that a line is compared with: a home's switchboard has hundreds."""
MOST_KEPT = 5

IN_SIGHT = """
SELECT line, person_id, given_names, family_name, usage_name, birth_date, same_number
FROM people.alike_in_sight(%s::date[], %s::text[], %s::text[], %s::int[], %s::text[])
"""
AMONG_ALL = IN_SIGHT.replace("alike_in_sight", "alike")


class Certainty(StrEnum):
    """Sure: set aside unless a human says otherwise. Likely: a human decides. Possible: loaded, and shown."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


RANKS = (Certainty.SURE, Certainty.LIKELY, Certainty.POSSIBLE)
WHYS = {
    "same-birth-and-name": _("même nom, mêmes prénoms, même date de naissance"),
    "same-birth-near-name": _("même date de naissance, nom et prénom proches"),
    "same-birth-same-number": _("même date de naissance, même numéro de téléphone"),
    "same-number-near-name": _("même numéro de téléphone, nom et prénom proches"),
    "twins": _("même date de naissance, même nom, autre prénom : jumeaux ?"),
    "same-number": _("même numéro de téléphone : un couple, un proche ?"),
}


@dataclass(frozen=True)
class Identity:
    """What two people are compared by; its keys are made once, it is compared with many."""

    family_name: str
    usage_name: str
    given_names: str
    birth_date: date | None
    numbers: frozenset[str] = frozenset()

    @cached_property
    def families(self) -> dict[str, str]:
        """Keys of the names that stand for the family (of birth, of use), with their sounds."""
        keys = (name_key(name) for name in (self.family_name, self.usage_name) if name)
        return {key: phonetic_key(key) for key in keys if key}

    @cached_property
    def given(self) -> str:
        """Key of all the given names."""
        return name_key(self.given_names)

    @cached_property
    def first(self) -> tuple[str, str]:
        """Key of the first given name, with its sound."""
        key = name_key(self.given_names.split(" ")[0])
        return key, phonetic_key(key)


@dataclass(frozen=True, slots=True)
class Alike:
    """A line looks like a person known (``person``) or like an earlier line (``line``); ``why``: key of ``WHYS``."""

    certainty: Certainty
    why: str
    person: UUID | None = None
    line: int | None = None

    def to_json(self) -> dict[str, object]:
        """As kept with the line: identifiers and grade only."""
        whom = {"person": str(self.person)} if self.person else {"line": self.line}
        return {**whom, "certainty": str(self.certainty), "why": self.why}


def compare(one: Identity, other: Identity) -> tuple[Certainty, str] | None:
    """How sure it is that these are one person, and why; None when nothing says so. The order does not matter."""
    same_birth = one.birth_date is not None and one.birth_date == other.birth_date
    births_differ = None not in (one.birth_date, other.birth_date) and not same_birth
    same_number = bool(one.numbers & other.numbers)
    if not (same_birth or same_number):
        return None
    same_family = bool(one.families.keys() & other.families.keys())
    near_family = same_family or any(
        _near(its, theirs) for its in one.families.items() for theirs in other.families.items()
    )
    same_given = one.given == other.given != ""
    near_given = bool(one.first[0] and other.first[0]) and _near(one.first, other.first)
    if same_birth and same_family and same_given:
        return Certainty.SURE, "same-birth-and-name"
    if same_birth and near_family and near_given:
        return Certainty.LIKELY, "same-birth-near-name"
    if same_birth and same_number and near_given:
        return Certainty.LIKELY, "same-birth-same-number"
    if same_birth and near_family:
        return Certainty.POSSIBLE, "twins"
    if same_number and near_family and near_given and not births_differ:
        return Certainty.LIKELY, "same-number-near-name"
    return (Certainty.POSSIBLE, "same-number") if same_number else None


def within(people: Sequence[tuple[int, Identity]]) -> dict[int, list[Alike]]:
    """For each (line number, identity) of a file, the earlier lines it looks like."""
    seen: dict[object, list[tuple[int, Identity]]] = defaultdict(list)
    found: dict[int, list[Alike]] = {}
    for number, person in people:
        keys = [person.birth_date, *sorted(person.numbers)]
        earlier = {line: other for key in keys for line, other in seen[key][-MOST_COMPARED:]}
        found[number] = best(
            Alike(*grade, line=line)
            for line, other in sorted(earlier.items())
            if (grade := compare(person, other)) is not None
        )
        for key in keys:
            seen[key].append((number, person))
    return found


def known(people: Sequence[tuple[int, Identity]], *, everybody: bool) -> dict[int, list[Alike]]:
    """For each (line number, identity), the persons on record it looks like (1 query).

    ``everybody``: ask the function that sees all persons, for who imports lists; else those in the actor's sight
    (all of them for the worker).
    """
    numbered = [
        (rank, number) for rank, (_line, one) in enumerate(people, 1) for number in sorted(one.numbers)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            AMONG_ALL if everybody else IN_SIGHT,
            [
                [one.birth_date for _line, one in people],
                [f"{one.given_names} {one.usage_name} {one.family_name}" for _line, one in people],
                [phonetic_key(one.family_name) for _line, one in people],
                [rank for rank, _number in numbered],
                [number for _rank, number in numbered],
            ],
        )
        rows = cursor.fetchall()
    found: dict[int, list[Alike]] = defaultdict(list)
    for rank, person_id, given, family, usage, birth, same_number in rows:
        line, one = people[rank - 1]
        numbers = one.numbers if same_number else frozenset[str]()
        if (grade := compare(one, Identity(family, usage, given, birth, numbers))) is not None:
            found[line].append(Alike(*grade, person=person_id))
    return {line: best(alikes) for line, alikes in found.items()}


def best(alikes: Iterable[Alike]) -> list[Alike]:
    """The surest few."""
    return sorted(alikes, key=lambda alike: RANKS.index(alike.certainty))[:MOST_KEPT]


def _near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Two keys with their sounds: alike but for slips, or sounding the same."""
    shorter, longer = sorted((one[0], other[0]), key=len)
    return same_but_for_slips(shorter, longer) or one[1] == other[1] != ""
