"""Who is compared with whom: by keys kept on each record and by telephone numbers, in bounded batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from gruppetto.kernel.clock import now
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.duplicates.likeness import (
    MOST_COMPARED,
    MOST_ON_A_NUMBER,
    Likeness,
    Traits,
    compare,
    keys_of,
)
from gruppetto.registry.people.models import Address, Person, Phone, Suspect

BATCH = 500
REMEMBERED = timedelta(days=365)

SHARING = """
SELECT w.id, m.id FROM unnest(%(ids)s::uuid[]) AS w(id) JOIN people_person p ON p.id = w.id
CROSS JOIN LATERAL (
    SELECT o.id FROM people_person o WHERE o.likeness_keys && p.likeness_keys AND o.id <> p.id
    AND o.merged_into IS NULL LIMIT %(most)s) AS m
UNION
SELECT w.id, o.subject_id FROM unnest(%(ids)s::uuid[]) AS w(id)
JOIN people_phone n ON n.subject_id = w.id AND n.ended_at IS NULL
JOIN LATERAL (
    SELECT f.subject_id FROM people_phone f WHERE f.number = n.number AND f.ended_at IS NULL LIMIT %(crowd)s + 1) AS o
    ON o.subject_id <> w.id
WHERE (SELECT count(*) FROM (SELECT 1 FROM people_phone c WHERE c.number = n.number AND c.ended_at IS NULL
                             LIMIT %(crowd)s + 1) AS crowd) <= %(crowd)s
"""


@dataclass(frozen=True)
class Pair:
    """Two records that look like one person; ``first`` < ``second``."""

    first: UUID
    second: UUID
    likeness: Likeness


def look_at(ids: Collection[UUID]) -> int:
    """Compare these records with those they may be (worker); new suspects are written, each told to who leads them.

    Returns how many are new. What a human said of a pair is never asked again while it is remembered; a pair that
    nobody decided yet takes its new grade. Eight queries for a batch, and one for each new pair.
    """
    wanted = [person.pk for person in _keyed(ids)]
    if not wanted:
        return 0
    with connection.cursor() as cursor:
        # How rare a shared key is, the planner cannot know: it would read all records, hoping to stop early.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(SHARING, {"ids": wanted, "most": MOST_COMPARED, "crowd": MOST_ON_A_NUMBER})
        together = {tuple(sorted(pair)) for pair in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_seqscan = on")
    people = traits_of({key for pair in together for key in pair})
    found = [
        Pair(first, second, likeness)
        for first, second in sorted(together)
        if first in people and second in people
        if (likeness := compare(people[first], people[second])) is not None
    ]
    Person.objects.filter(pk__in=wanted).update(compared_at=now())
    return _remember(found)


def sweep(limit: int = BATCH) -> int:
    """The records that nobody has looked at yet, a batch of them; returns how many were looked at."""
    waiting = Person.objects.filter(compared_at=None).order_by("pk").values_list("pk", flat=True)
    ids = list(waiting[:limit])
    look_at(ids)
    # Merged records are not compared: looked at all the same.
    Person.objects.filter(pk__in=ids, compared_at=None).update(compared_at=now())
    return len(ids)


def forget(at: datetime) -> int:
    """Drop what was said of pairs a year ago and more."""
    over = Suspect.objects.filter(state=Suspect.State.REFUSED, decided_at__lt=at - REMEMBERED)
    return over.delete()[0]


def traits_of(ids: Iterable[UUID]) -> dict[UUID, Traits]:
    """What these records are compared by; merged ones are left out (3 queries)."""
    people = Person.objects.filter(pk__in=set(ids), merged_into=None).defer("chosen_word")
    numbers, verified = defaultdict[UUID, set[str]](set), defaultdict[UUID, set[str]](set)
    rows = {person.pk: person for person in people}
    in_use = Phone.objects.filter(subject_id__in=rows, ended_at=None)
    for owner, number, at in in_use.values_list("subject_id", "number", "verified_at"):
        numbers[owner].add(number)
        if at is not None:
            verified[owner].add(number)
    homes = {
        owner: (street, postcode)
        for owner, street, postcode in Address.objects.filter(
            subject_id__in=rows, kind=Address.Kind.HOME, until=None
        ).values_list("subject_id", "street_key", "postcode")
    }
    return {
        key: Traits(
            person.family_name,
            person.given_names,
            person.usage_name,
            person.birth_date,
            person.title,
            frozenset(numbers[key]),
            frozenset(verified[key]),
            person.email,
            *homes.get(key, ("", "")),
            email_verified=person.email_verified_at is not None,
        )
        for key, person in rows.items()
    }


def _keyed(ids: Collection[UUID]) -> list[Person]:
    """The records themselves, with their keys as they should be now."""
    rows = list(Person.objects.filter(pk__in=set(ids), merged_into=None).defer("chosen_word"))
    stale = []
    for row in rows:
        keys = keys_of(
            Traits(row.family_name, row.given_names, row.usage_name, row.birth_date, email=row.email)
        )
        if keys != row.likeness_keys:
            row.likeness_keys = keys
            stale.append(row)
    Person.objects.bulk_update(stale, ["likeness_keys"])
    return rows


def _remember(found: list[Pair]) -> int:
    known = {
        (row.first_id, row.second_id): row
        for row in Suspect.objects.filter(
            first_id__in={pair.first for pair in found}, second_id__in={pair.second for pair in found}
        )
    }
    places = Person.objects.in_bulk({key for pair in found for key in (pair.first, pair.second)})
    new = 0
    for pair in found:
        looks, row = pair.likeness, known.get((pair.first, pair.second))
        said = {
            "grade": looks.grade.value,
            "rank": looks.rank,
            "reasons": list(looks.reasons),
            "doubts": list(looks.doubts),
        }
        if row is not None:
            if row.state == Suspect.State.OPEN and any(
                getattr(row, name) != value for name, value in said.items()
            ):
                Suspect.objects.filter(pk=row.pk, state=Suspect.State.OPEN).update(**said)
            continue
        first, second = places[pair.first], places[pair.second]
        made, is_new = Suspect.objects.get_or_create(
            first=first,
            second=second,
            defaults={
                "shelf": first.shelf,
                "portfolio_id": first.portfolio_id,
                "other_portfolio_id": second.portfolio_id,
                "department": first.department,
                "found_at": now(),
                **said,
            },
        )
        if is_new:
            new += 1
            publish(events.SUSPECTED, made.pk, portfolio_id=made.portfolio_id)
    return new
