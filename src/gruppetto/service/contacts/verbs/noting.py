"""What is written during a contact: reasons, the sentences read back, drafts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.actors.memory import know, known
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.typed import written
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.catalogue.reads import reasons_to_note
from gruppetto.service.contacts.models import Contact, ContactReason, Draft
from gruppetto.service.contacts.repeats import repeats_of
from gruppetto.service.contacts.verbs.hands import change, in_hand, trace

Noted = tuple[str, str, str]
COUNTED = ["person_id", "portfolio_id", "department", "rank", "first_at", "not_counted"]
LONGEST_DRAFT = 100_000
LONGEST_SENTENCE = 600


@verb
def note_reasons(contact_id: UUID, reasons: Iterable[Noted]) -> list[ContactReason]:
    """Note why the person got in touch: (reason, sub-reason or "", other in clear or ""), several at once.

    The list replaces the one noted before. Raises as ``in_hand``; ``Refused`` for a reason or a sub-reason that is
    not in the catalogue, or words too long.
    """
    contact = in_hand(contact_id)
    wanted = {(reason, sub): " ".join(other.split()) for reason, sub, other in reasons}
    in_force = reasons_to_note((reason for reason, _sub in wanted), contact.happened_at)
    codes = {reason.code: subs for reason, subs in in_force}
    for (reason, sub), other in wanted.items():
        if reason not in codes or (sub and sub not in codes[reason]):
            raise Refused(_("Choisissez un motif de la liste."), code="unknown-reason", field="reasons")
        written(other, "other", 200)
    before = {(row.reason, row.sub_reason): row for row in _noted(contact)}
    kept = {key: row for key, row in before.items() if wanted.get(key) == row.other}
    ContactReason.objects.filter(pk__in=[row.pk for key, row in before.items() if key not in kept]).delete()
    added = [
        ContactReason(
            id=new_id(),
            shelf=contact.shelf,
            contact_id=contact.pk,
            reason=reason,
            sub_reason=sub,
            other=other,
            happened_at=contact.happened_at,
        )
        for (reason, sub), other in wanted.items()
        if (reason, sub) not in kept
    ]
    rows = sorted([*kept.values(), *added], key=lambda row: row.pk)
    _count(contact, rows, [reason for reason, _subs in in_force])
    ContactReason.objects.bulk_create(added)
    know((ContactReason, contact.pk), None)
    ContactReason.objects.bulk_update(kept.values(), COUNTED)
    trace("contact.reasons_noted", contact, reasons=sorted(f"{reason}/{sub}" for reason, sub in wanted))
    return rows


def _noted(contact: Contact) -> list[ContactReason]:
    """The reasons noted so far, the oldest first (1 query; none when this act knows that there are none)."""
    if known((ContactReason, contact.pk)) == ():
        return []
    rows = list(ContactReason.objects.filter(contact_id=contact.pk).order_by("id"))
    if not rows:
        know((ContactReason, contact.pk), ())
    return rows


def recount(contact: Contact) -> list[ContactReason]:
    """Bring the reasons of a contact up to date: whose they are, and which repeat an earlier contact."""
    rows = _noted(contact)
    if rows:
        _count(contact, rows)
        ContactReason.objects.bulk_update(rows, COUNTED)
    return rows


def _count(contact: Contact, rows: Iterable[ContactReason], in_force: Iterable[Reason] | None = None) -> None:
    left_out = _not_counted(contact)
    repeated = {}
    if contact.subject_id is not None and not left_out:
        repeated = repeats_of(contact.subject_id, contact.happened_at, contact.pk, in_force)
    for row in rows:
        repeat = repeated.get(row.reason)
        row.person_id, row.portfolio_id, row.department = (
            contact.subject_id,
            contact.portfolio_id,
            contact.department,
        )
        row.rank = repeat.rank if repeat else 1
        row.first_at = repeat.first_at if repeat else None
        row.not_counted = left_out


def _not_counted(contact: Contact) -> str:
    if contact.direction == Contact.Direction.OUT:
        return "outgoing"
    return "asked_by_us" if contact.asked_by_us else ""


@verb
def asked_by_us(contact_id: UUID) -> Contact:
    """We had asked the person to get in touch: this contact repeats nothing."""
    contact = in_hand(contact_id)
    change(contact, asked_by_us=True)
    recount(contact)
    trace("contact.asked_by_us", contact)
    return contact


@verb
def read_back_accepted(contact_id: UUID, sentences: Iterable[str]) -> Contact:
    """The sentences were read aloud (what you ask, what we do, when you hear from us) and the person agreed.

    Several requests in one contact are read one after the other: theirs are added. Raises ``Refused`` when there is
    nothing to agree to, or a sentence is too long to be one.
    """
    contact, said = in_hand(contact_id), [" ".join(sentence.split()) for sentence in sentences]
    if not said or not all(said) or max(map(len, said)) > LONGEST_SENTENCE:
        raise Refused(_("Relisez d’abord les trois phrases à la personne."), code="nothing-read-back")
    change(contact, read_back=[*contact.read_back, *said], accepted_at=now())
    trace("contact.read_back", contact)
    return contact


@verb
def save_draft(form: str, fields: Mapping[str, object]) -> None:
    """Keep what is being typed in ``form`` ("contact:<id>"…), for its author only; the last one said wins.

    Raises ``Refused`` when it is longer than any form of ours.
    """
    text = json.dumps(fields, ensure_ascii=False, default=str)
    if len(text) > LONGEST_DRAFT or not 0 < len(form) <= 120:
        raise Refused(_("Ce brouillon est trop long pour être gardé."), code="draft-too-long")
    # The key follows from the form: two tabs that save at once write the same row.
    key = uuid.uuid5(human(), form)
    Draft.objects.bulk_create(
        [Draft(id=key, account_id=human(), form=form, fields=text, saved_at=now())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["fields", "saved_at"],
    )


@verb
def drop_draft(form: str) -> None:
    """Forget the draft of ``form``; nothing happens when there is none."""
    Draft.objects.filter(account_id=human(), form=form).delete()
