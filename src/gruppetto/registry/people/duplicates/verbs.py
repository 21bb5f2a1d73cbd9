"""Two records made one, and undone; two records said to be two persons. Never silent, never by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.rows import SENTENCES, same_person
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.actors.memory import forget
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.duplicates.plan import Plan, plan
from gruppetto.registry.people.holders import move
from gruppetto.registry.people.merging import Line, Pair
from gruppetto.registry.people.models import Merge, MergeLine, Person, Suspect
from gruppetto.registry.people.verbs._rows import MERGED, needed
from gruppetto.registry.people.verbs.phones import keep_a_main_phone


@verb
def merge(
    kept_id: UUID, lost_id: UUID, why: str, chosen: Mapping[str, str] | None = None, *, stamp: str = ""
) -> Merge:
    """Make ``lost_id`` a part of ``kept_id``: one person, all rows under one record; can be undone.

    ``chosen``: a choice for each conflict of the plan. ``stamp``: of the plan the human saw. Raises ``Unknown`` for a
    person out of sight; ``Refused``: same-record, person-merged, why (empty), two-identities, undecided (``field``
    names the conflict), unknown-choice; ``TooLate`` (pair-changed) when either record changed since it was read.
    """
    me, why = human(), needed(why, "why", 200)
    if kept_id == lost_id:
        raise Refused(_("C’est la même fiche : choisissez-en deux."), code="same-record")
    kept, lost = _locked(kept_id, lost_id)
    if kept.merged_into or lost.merged_into:
        raise Refused(SENTENCES[MERGED], code="person-merged")
    decided = plan(Pair(kept, lost, dict(chosen or {})))
    _check(decided, stamp)
    made = Merge.objects.create(
        shelf=kept.shelf,
        portfolio_id=decided.portfolio_id,
        department=kept.department,
        kept=kept,
        lost=lost,
        kept_portfolio_id=kept.portfolio_id,
        lost_portfolio_id=lost.portfolio_id,
        why=why,
        choices=dict(decided.chosen),
        merged_at=now(),
        merged_by=me,
    )
    for place, line in enumerate(decided.lines):
        _write(made, place, line)
    _settle(made)
    move(kept_id, decided.portfolio_id)
    _count(made)
    _pair_becomes(made, Suspect.State.MERGED, why)
    _tell("person.merged", made, choices=made.choices)
    for portfolio_id in _places(made):
        publish(events.MERGED, kept_id, portfolio_id=portfolio_id, merge=made.pk)
    return made


@verb
def undo(merge_id: UUID, why: str) -> Merge:
    """Part two records that were merged: each row goes back to the record it was filed on, in any order of merges.

    The rows changed by the merge are restored when nobody changed them since; the others are left for a human to look
    at (``reads.undone``). Raises ``Unknown``; ``TooLate`` (merge-undone); ``Refused`` (why).
    """
    me, why = human(), needed(why, "why", 200)
    made = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if made is None:
        raise Unknown(_("Cette réunion de fiches n’est pas dans votre périmètre."), code="merge-unknown")
    if made.undone_at is not None:
        raise TooLate(_("Cette réunion est déjà défaite."), code="merge-undone")
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__in={*same_person(made.kept_id), *same_person(made.lost_id)})
        .order_by("pk")
    )
    made.undone_at, made.undone_by, made.undone_why = now(), me, why
    made.save(update_fields=["undone_at", "undone_by", "undone_why"])
    _settle(made)
    move(made.lost_id, made.lost_portfolio_id)
    kept = Person.objects.get(pk=made.kept_id)
    move(kept.pk, kept.portfolio_id)
    left = [line for line in made.lines.order_by("-place") if not _restore(line)]
    for person_id in (kept.merged_into or kept.pk, made.lost_id):
        # The number called first may have gone with the other record.
        keep_a_main_phone(person_id)
    _count(made)
    _pair_becomes(made, Suspect.State.REFUSED, why)
    _tell("person.unmerged", made, left=len(left))
    for portfolio_id in _places(made):
        publish(events.UNMERGED, made.kept_id, portfolio_id=portfolio_id, merge=made.pk)
    return made


@verb
def refuse(suspect_id: UUID, why: str = "") -> Suspect:
    """Say that two records are two persons; remembered one year. Raises ``Unknown``, ``TooLate`` (pair-decided)."""
    changed = Suspect.objects.filter(pk=suspect_id, state=Suspect.State.OPEN).update(
        state=Suspect.State.REFUSED, decided_at=now(), decided_by=human(), why=why.strip()[:200]
    )
    suspect = Suspect.objects.filter(pk=suspect_id).first()
    if suspect is None:
        raise Unknown(_("Ce doublon possible n’est pas dans votre périmètre."), code="suspect-unknown")
    if not changed:
        raise TooLate(_("Quelqu’un a déjà décidé pour ces deux fiches."), code="pair-decided")
    journal.act(
        "person.told_apart",
        subject=("people.suspect", suspect.pk),
        person_id=suspect.first_id,
        portfolio_id=suspect.portfolio_id,
        body={"other": str(suspect.second_id)},
    )
    publish(events.SUSPECTED, suspect.pk, portfolio_id=suspect.portfolio_id)
    return suspect


def _locked(*ids: UUID) -> list[Person]:
    """These records, locked in the order of their ids, given back in the order asked. Raises ``Unknown``.

    The rows first, then (in ``settle``) whoever files: as all verbs do. The key is left free: rows that refer to it
    are being filed, and end before the merge.
    """
    found = Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    rows = {row.pk: row for row in found}
    if len(rows) < len(set(ids)):
        raise Unknown(_("Cette personne n’est pas dans vos dossiers."), code="unknown-person")
    return [rows[key] for key in ids]


def _check(decided: Plan, stamp: str) -> None:
    if stamp and stamp != decided.stamp:
        raise TooLate(
            _("L’une des fiches a changé pendant que vous lisiez : relisez-les, puis décidez."),
            code="pair-changed",
        )
    for sentence in decided.blocks:
        raise Refused(sentence, code="two-identities")
    for conflict in decided.conflicts:
        choice = decided.chosen.get(conflict.code)
        if not choice:
            raise Refused(_("Décidez pour cette ligne."), code="undecided", field=conflict.code)
        if choice not in {one.code for one in conflict.choices}:
            raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field=conflict.code)


def _write(made: Merge, place: int, line: Line) -> None:
    """Change one row, and keep what it was."""
    row, changes = line.row, line.changes
    before = _said(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    MergeLine.objects.create(
        merge=made,
        place=place,
        model=row._meta.label,
        row_id=row.pk,
        label=str(line.label)[:120],
        before=json.dumps(before),
        after=json.dumps(_said(row, changes)),
    )


def _restore(line: MergeLine) -> bool:
    """Put a row back as it was before the merge, unless somebody changed it since; says which."""
    before, after = json.loads(line.before), json.loads(line.after)
    model = apps.get_model(line.model)
    row = model._default_manager.select_for_update().filter(pk=line.row_id).first()
    restored = False
    if row is not None and _said(row, after) == after:
        for name, value in before.items():
            setattr(row, name, model._meta.get_field(name).to_python(value))
        try:
            with transaction.atomic():
                row.save(update_fields=list(before))
                restored = True
        except IntegrityError:  # the place was taken meanwhile: another main number, another home
            restored = False
    line.state = MergeLine.State.RESTORED if restored else MergeLine.State.LEFT
    line.save(update_fields=["state"])
    return restored


def _said(row: models.Model, names: Mapping[str, object]) -> dict[str, object]:
    """Columns of a row as JSON says them, to keep and to compare."""
    said: dict[str, object] = json.loads(
        json.dumps({name: getattr(row, name) for name in names}, cls=DjangoJSONEncoder)
    )
    return said


def _settle(made: Merge) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people.settle(%s)", [made.pk])
    forget()


def _count(made: Merge) -> None:
    """Whoever has either record open learns that it changed."""
    Person.objects.filter(pk__in=[made.kept_id, made.lost_id]).update(version=F("version") + 1)


def _pair_becomes(made: Merge, state: str, why: str) -> None:
    """What was decided of the pair, suspected or not: it is not proposed again."""
    first, second = sorted((made.kept, made.lost), key=lambda person: person.pk)
    Suspect.objects.update_or_create(
        first=first,
        second=second,
        defaults={"state": state, "decided_at": now(), "decided_by": human(), "why": why},
        create_defaults={
            "shelf": first.shelf,
            "portfolio_id": made.portfolio_id,
            "other_portfolio_id": made.portfolio_id,
            "grade": Suspect.Grade.POSSIBLE,
            "rank": 2,
            "found_at": now(),
            "state": state,
            "decided_at": now(),
            "decided_by": human(),
            "why": why,
        },
    )


def _tell(act: str, made: Merge, **body: object) -> None:
    journal.act(
        act,
        subject=("people.person", made.lost_id),
        person_id=made.kept_id,
        portfolio_id=made.portfolio_id,
        body={"merge": str(made.pk), **body},
    )


def _places(made: Merge) -> set[int]:
    """Who followed the person, on either record, and who does now."""
    return {made.portfolio_id, made.kept_portfolio_id, made.lost_portfolio_id}
