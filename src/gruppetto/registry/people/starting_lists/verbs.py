"""Receive a starting list, decide its lines, order its loading, or drop it."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gruppetto.kernel import journal
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.models import StartingLine, StartingList
from gruppetto.registry.people.starting_lists import alike, lines
from gruppetto.registry.people.starting_lists.alike import Alike, Certainty, Identity
from gruppetto.registry.people.starting_lists.places import Places
from gruppetto.registry.people.starting_lists.reading import Row, read
from gruppetto.registry.people.verbs._rows import choice, clean, needed

CHUNK = 500
Decision, State = StartingLine.Decision, StartingList.State
DEFAULT_DECISION = {Certainty.SURE: Decision.SKIP, Certainty.LIKELY: Decision.ASK}
BAD = ~Q(errors=[])


@verb
def receive(name: str, content: bytes, source: str) -> StartingList:
    """Receive a file: read, checked line by line, compared with itself and with the persons on record; nobody is added.

    ``name`` of the file, its ``content``, ``source``: who sent it. Raises ``Refused`` for a file that cannot be read
    (``reading.read``) or was received already (a-list-is-received-once).
    """
    by, sheet = human(), read(content)
    received = StartingList.objects.create(
        name=clean(name, "name", 200) or "liste.csv",
        sha256=hashlib.sha256(content).digest(),
        source=needed(source, "source", 200),
        encoding=sheet.encoding,
        ignored=list(sheet.ignored),
        received_by=by,
    )
    bad = _keep(received, sheet.rows)
    _act("list.received", received, lines=len(sheet.rows), bad=bad)
    publish(events.LIST_RECEIVED, received.pk)
    return received


@verb
def decide(line_id: UUID, decision: str) -> StartingLine:
    """Say whether a good line is to be loaded or left aside ("load", "skip"), while the list is not loading."""
    line = StartingLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise Unknown(_("Cette ligne n’existe pas."), code="unknown-line")
    starting_list = _open(line.starting_list_id)
    if line.errors or line.person_id:
        raise Refused(
            _("Cette ligne ne se décide plus : elle est fausse ou déjà chargée."), code="line-settled"
        )
    if choice(decision, Decision, "decision") == Decision.ASK:
        raise Refused(_("Choisissez : charger ou écarter."), code="unknown-choice", field="decision")
    line.decision, line.decided_by = decision, human()
    line.save(update_fields=["decision", "decided_by"])
    _act("list.decided", starting_list, decision=decision, number=line.number)
    return line


@verb
def load(list_id: UUID, *, only_good: bool = False) -> StartingList:
    """Order the loading of the lines that are good and not left aside; a job does it, 500 at a time.

    Raises ``Refused``: list-has-bad-lines unless ``only_good`` is asked, list-has-undecided-lines,
    list-has-nothing-to-load; ``TooLate`` when it is loading, loaded or dropped already.
    """
    starting_list, by = _open(list_id), human()
    count = StartingLine.objects.filter(starting_list_id=list_id).aggregate(
        total=Count("id"),
        bad=Count("id", filter=BAD),
        undecided=Count("id", filter=Q(errors=[], decision=Decision.ASK)),
        ready=Count("id", filter=Q(errors=[], decision=Decision.LOAD, person_id=None)),
    )
    if count["bad"] and not only_good:
        raise Refused(
            ngettext(
                "%(bad)d ligne sur %(total)d a une erreur. Corrigez le fichier, ou demandez à charger les autres.",
                "%(bad)d lignes sur %(total)d ont une erreur. Corrigez le fichier, ou demandez à charger les autres.",
                count["bad"],
            )
            % count,
            code="list-has-bad-lines",
            facts={"bad": count["bad"], "total": count["total"]},
        )
    if count["undecided"]:
        raise Refused(
            ngettext(
                "%(undecided)d ligne ressemble à une personne connue : décidez d’abord.",
                "%(undecided)d lignes ressemblent à des personnes connues : décidez d’abord.",
                count["undecided"],
            )
            % count,
            code="list-has-undecided-lines",
            facts={"undecided": count["undecided"]},
        )
    if not count["ready"]:
        raise Refused(_("Aucune ligne n’est à charger."), code="list-has-nothing-to-load")
    starting_list.state, starting_list.ordered_by = State.LOADING, by
    starting_list.save(update_fields=["state", "ordered_by"])
    _act("list.ordered", starting_list, only_good=only_good, lines=count["ready"])
    publish(events.LIST_TO_LOAD, list_id)
    return starting_list


@verb
def drop(list_id: UUID) -> StartingList:
    """Give the list up: what was typed is erased at once, the same file may be received again."""
    starting_list = _open(list_id)
    StartingLine.objects.filter(starting_list_id=list_id).update(typed=None)
    starting_list.state = State.DROPPED
    starting_list.save(update_fields=["state"])
    _act("list.dropped", starting_list)
    return starting_list


def _keep(received: StartingList, rows: tuple[Row, ...]) -> int:
    """Write the lines with their faults and likenesses, 500 at a time; returns how many are bad."""
    places = Places((row.typed.get("code_postal", ""), row.typed.get("commune", "")) for row in rows)
    checked = [(row, *lines.check(row, places)) for row in rows]
    people = [(row.number, identity_of(facts)) for row, facts, _faults in checked if facts]
    looks = alike.within(people)
    for start in range(0, len(people), CHUNK):
        for number, found in alike.known(people[start : start + CHUNK], everybody=True).items():
            looks[number] = alike.best([*found, *looks[number]])
    StartingLine.objects.bulk_create(
        (
            StartingLine(
                id=new_id(),
                starting_list=received,
                number=row.number,
                typed=json.dumps(row.typed, ensure_ascii=False),
                errors=[{"column": fault.column, "why": fault.why} for fault in faults],
                alike=[found.to_json() for found in looks.get(row.number, ())],
                decision=default_decision(looks.get(row.number, [])),
            )
            for row, _facts, faults in checked
        ),
        batch_size=CHUNK,
    )
    return len(checked) - len(people)


def identity_of(facts: lines.Clean) -> Identity:
    """What a good line is compared by."""
    return Identity(
        facts.family_name, facts.usage_name, facts.given_names, facts.birth_date, frozenset(facts.numbers)
    )


def default_decision(found: list[Alike]) -> str:
    """What becomes of a line unless a human says otherwise, from the surest likeness."""
    return DEFAULT_DECISION.get(found[0].certainty, Decision.LOAD) if found else Decision.LOAD


def _open(list_id: UUID) -> StartingList:
    starting_list = StartingList.objects.select_for_update().filter(pk=list_id).first()
    if starting_list is None:
        raise Unknown(_("Cette liste n’existe pas."), code="unknown-list")
    if starting_list.state != State.PREVIEW:
        raise TooLate(
            _("Cette liste est %(state)s : elle ne peut plus changer.")
            % {"state": starting_list.get_state_display()},
            code="list-settled",
        )
    return starting_list


def _act(name: str, starting_list: StartingList, **body: object) -> None:
    journal.act(name, subject=("people.startinglist", starting_list.pk), body=body)
