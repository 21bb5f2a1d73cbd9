"""Load a list in chunks, as the worker: each commits alone, can be killed anywhere and runs twice without effect."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock, journal
from gruppetto.kernel.access.rows import PersonRow
from gruppetto.kernel.actors import verb
from gruppetto.kernel.identifiers import new_id, phones, shelf_of
from gruppetto.kernel.identifiers.names import phonetic_key, sounds_of
from gruppetto.kernel.outbox import publish
from gruppetto.kernel.search.text import sort_key
from gruppetto.registry.people import events
from gruppetto.registry.people.models import (
    Address,
    Consent,
    Need,
    Person,
    Phone,
    Relative,
    StartingLine,
    StartingList,
)
from gruppetto.registry.people.reads import kept
from gruppetto.registry.people.starting_lists import alike, lines
from gruppetto.registry.people.starting_lists.places import Places
from gruppetto.registry.people.starting_lists.reading import Row
from gruppetto.registry.people.starting_lists.verbs import (
    CHUNK,
    Decision,
    State,
    default_decision,
    identity_of,
)
from gruppetto.registry.people.verbs._rows import about
from gruppetto.registry.people.verbs.wishes import REVIEW

KEPT = timedelta(days=30)
"""How long what was typed is kept after the loading, or without any decision."""
BECAME = """
UPDATE people_startingline l SET person_id = b.person, related = b.related
FROM unnest(%s::uuid[], %s::uuid[], %s::boolean[]) AS b(line, person, related) WHERE l.id = b.line
"""


@verb
def load_chunk(list_id: UUID, size: int = CHUNK) -> int:
    """Load up to ``size`` lines of a list that is loading, then relate as many to their relatives.

    Returns how many steps are left (0: done); publishes the next step itself. Without effect on a list that is not
    loading: another run was faster.
    """
    starting_list = StartingList.objects.select_for_update().filter(pk=list_id, state=State.LOADING).first()
    if starting_list is None:
        return 0
    ours = StartingLine.objects.filter(starting_list=starting_list).order_by("number")
    to_load = ours.filter(person_id=None, decision=Decision.LOAD, errors=[])
    to_relate = ours.filter(person_id__isnull=False, related=False)
    if chunk := list(to_load[:size]):
        _load(starting_list, chunk)
    else:
        _relate(starting_list, list(to_relate[:size]))
    left = to_load.count() + to_relate.count()
    journal.act(
        "list.chunk",
        subject=("people.startinglist", list_id),
        body={"lines": len(chunk), "left": left},
    )
    if left:
        publish(events.LIST_TO_LOAD, list_id)
    else:
        _finish(starting_list, ours.filter(decision=Decision.ASK, errors=[], person_id=None).exists())
    return left


@verb
def forget(at: datetime) -> int:
    """Remove the lines of lists loaded, dropped or left without decision for 30 days; returns how many lines.

    A list that was loaded stays known by its name and hash: the same file is still refused.
    """
    long_ago = at - KEPT
    StartingList.objects.filter(state=State.PREVIEW, received_at__lt=long_ago).update(state=State.DROPPED)
    old = StartingList.objects.filter(
        Q(state=State.LOADED, loaded_at__lt=long_ago) | Q(state=State.DROPPED, received_at__lt=long_ago)
    )
    forgotten, _per_table = StartingLine.objects.filter(starting_list__in=list(old)).delete()
    return forgotten


def _load(starting_list: StartingList, chunk: list[StartingLine]) -> None:
    """Make persons of these lines, with what is theirs; a line that looks like somebody new since the preview waits."""
    read = []
    for line, (facts, faults) in zip(chunk, _checked(chunk), strict=True):
        if facts:
            read.append((line, facts))
        else:  # the map or the calendar changed since the preview: it is a bad line now
            line.errors = [{"column": fault.column, "why": fault.why} for fault in faults]
    looks, rows, waiting = _new_likenesses(starting_list, read), list[PersonRow](), list[StartingLine]()
    for line, facts in read:
        if found := looks.get(line.number):
            line.alike, line.decision = [one.to_json() for one in found], Decision.ASK
            waiting.append(line)
            continue
        person, *theirs = _rows(facts, starting_list)
        line.person_id, line.related = person.pk, facts.relative is None
        rows += [person, *theirs]
    _write(rows, starting_list)
    _note_persons([line for line in chunk if line.person_id])
    waiting += [line for line in chunk if line.errors]
    StartingLine.objects.bulk_update(waiting, ["alike", "decision", "errors"])


def _note_persons(loaded: Sequence[StartingLine]) -> None:
    """Say of these lines whom they became (1 query: ``bulk_update`` would write a condition a line and a column)."""
    with connection.cursor() as cursor:
        cursor.execute(
            BECAME,
            [
                [line.pk for line in loaded],
                [line.person_id for line in loaded],
                [line.related for line in loaded],
            ],
        )


def _relate(starting_list: StartingList, chunk: list[StartingLine]) -> None:
    """Note the relatives that these lines name: a person known by that number and name, else a new record."""
    read = [
        (line, facts, facts.relative)
        for line, (facts, _faults) in zip(chunk, _checked(chunk), strict=True)
        if facts and facts.relative
    ]
    persons = kept([line.person_id for line, _facts, _named in read if line.person_id])
    known = _by_number({facts.relative_number for _line, facts, _named in read} - {""})
    rows = list[PersonRow]()
    for line, facts, named in read:
        person, number = persons[line.person_id], facts.relative_number  # type: ignore[index]  # loaded: never None
        words = _words(named.given_names, named.family_name)
        same = (key for key, theirs in known[number] if len(words) > 1 and words <= theirs)
        relative_id = next(same, None)
        if relative_id is None:
            made = _person(named.family_name, named.given_names, title=named.title)
            rows += [made, *_phones(made, [number] if number else [])]
            relative_id = made.pk
            if number:
                known[number].append((relative_id, words))
        if relative_id != person.pk:
            rows.append(
                Relative(
                    **about(person),
                    relative_id=relative_id,
                    link=named.link[:60] or str(_("proche")),
                    chosen_on=facts.consent_on,
                    source=starting_list.source[:120],
                )
            )
    _write(rows, starting_list)
    StartingLine.objects.filter(pk__in=[line.pk for line in chunk]).update(related=True)


def _checked(chunk: Sequence[StartingLine]) -> list[tuple[lines.Clean | None, list[lines.Fault]]]:
    """The facts of stored lines, or their faults, read again as they were on receipt."""
    rows = [Row(line.number, json.loads(line.typed or "{}")) for line in chunk]
    places = Places((row.typed.get("code_postal", ""), row.typed.get("commune", "")) for row in rows)
    return [lines.check(row, places) for row in rows]


def _new_likenesses(
    starting_list: StartingList, read: Sequence[tuple[StartingLine, lines.Clean]]
) -> dict[int, list[alike.Alike]]:
    """Likenesses that call for a decision and that the preview did not show."""
    found = alike.known([(line.number, identity_of(facts)) for line, facts in read], everybody=False)
    candidates = {one.person for several in found.values() for one in several}
    ours = set(
        StartingLine.objects.filter(starting_list=starting_list, person_id__in=candidates).values_list(
            "person_id", flat=True
        )
    )
    news = {}
    for line, _facts in read:
        shown = {one.get("person") for one in line.alike}
        likenesses = found.get(line.number, [])
        fresh = [one for one in likenesses if one.person not in ours and str(one.person) not in shown]
        if default_decision(fresh) != Decision.LOAD:
            news[line.number] = fresh
    return news


def _by_number(numbers: Iterable[str]) -> defaultdict[str, list[tuple[UUID, set[str]]]]:
    """For each number, the persons who have it with the words of their names."""
    known: defaultdict[str, list[tuple[UUID, set[str]]]] = defaultdict(list)
    having = Phone.objects.filter(number__in=list(numbers), ended_at=None).select_related("subject")
    for phone in having.order_by("id"):
        person = phone.subject
        known[phone.number].append(
            (person.pk, _words(person.given_names, person.family_name, person.usage_name))
        )
    return known


def _words(*names: str) -> set[str]:
    return set(sort_key(" ".join(names)).split())


def _person(family_name: str, given_names: str, **more: Any) -> Person:
    key = new_id()
    return Person(
        id=key,
        shelf=shelf_of(key),
        family_name=family_name,
        given_names=given_names,
        phonetic_key=phonetic_key(family_name),
        sounds=sounds_of(given_names, family_name, more.get("usage_name", "")),
        **more,
    )


def _rows(facts: lines.Clean, starting_list: StartingList) -> list[PersonRow]:
    """A person of the list and the rows that are theirs, the person first."""
    today, person = (
        clock.today(),
        _person(
            facts.family_name,
            facts.given_names,
            usage_name=facts.usage_name,
            birth_date=facts.birth_date,
            email=facts.email,
            language=facts.language,
            department=facts.commune.department_id,
        ),
    )
    columns, source = about(person), starting_list.source[:120]
    home = Address(**columns, lines=facts.address, postcode=facts.postcode, commune=facts.commune)
    agreed = Consent(
        **columns, purpose=Consent.Purpose.RECORD, source=facts.consent_source, given_on=facts.consent_on
    )
    needs = [
        Need(**columns, kind=kind, words=words, source=source, noted_on=today, review_on=today + REVIEW)
        for kind, words in facts.needs
    ]
    return [person, home, agreed, *needs, *_phones(person, facts.numbers)]


def _phones(person: Person, numbers: Iterable[str]) -> list[Phone]:
    return [
        Phone(
            **about(person),
            number=number,
            kind=Phone.Kind.MOBILE if phones.is_mobile(number) else Phone.Kind.LANDLINE,
            main=rank == 0,
        )
        for rank, number in enumerate(numbers)
    ]


def _write(rows: Sequence[PersonRow], starting_list: StartingList) -> None:
    """Write the rows, one statement per table, persons first; tell the journal and the others of each person."""
    tables: tuple[type[PersonRow], ...] = (Person, Address, Consent, Need, Phone, Relative)
    for table in tables:
        table._default_manager.bulk_create([row for row in rows if isinstance(row, table)])
    for person in (row for row in rows if isinstance(row, Person)):
        journal.act(
            "person.added",
            subject=("people.person", person.pk),
            person_id=person.pk,
            portfolio_id=person.portfolio_id,
            body={"list": str(starting_list.pk)},
        )
        publish(events.ADDED, person.pk, portfolio_id=person.portfolio_id)


def _finish(starting_list: StartingList, undecided: bool) -> None:
    """All in: loaded; or back to the preview when lines met somebody added meanwhile."""
    if undecided:
        starting_list.state = State.PREVIEW
    else:
        starting_list.state, starting_list.loaded_at = State.LOADED, clock.now()
    starting_list.save(update_fields=["state", "loaded_at"])
    publish(events.LIST_LOADED, starting_list.pk)
