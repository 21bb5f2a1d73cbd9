"""Questions about contacts, each with a fixed number of queries, within what the one who asks may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rows import records_of
from gruppetto.kernel.access.rules import roles
from gruppetto.kernel.actors import current_actor, human
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers.phones import display
from gruppetto.registry.people.models import Relative
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.catalogue.reads import reasons_in_force
from gruppetto.service.contacts.candidates import Candidate, who_calls
from gruppetto.service.contacts.models import (
    CallBack,
    Contact,
    ContactReason,
    Draft,
    LineCall,
    ProtectedRecord,
)
from gruppetto.service.contacts.repeats import Repeat, repeat_of, repeats_of
from gruppetto.service.contacts.states import ANSWERED, MISSED, RINGING, TAKEN, WRAPPING
from gruppetto.service.contacts.verbs.calling_back import CANNOT_CALL

__all__ = ["Candidate", "Repeat", "repeat_of", "repeats_of", "who_calls"]

MOST = 100
ON_THE_LINE = (RINGING, ANSWERED, TAKEN, WRAPPING)


@dataclass(frozen=True)
class LineRow:
    """A call as the whole desk may see it. ``shown``: masked number, or why there is none."""

    call: LineCall
    shown: str
    taken_by: str
    offered_to: str
    joined_by: str
    mine: bool
    for_me: bool

    @property
    def can_take(self) -> bool:
        """May the one who looks take it: it waits, and was not passed on to somebody else?"""
        waits = self.call.state in (RINGING, ANSWERED)
        return waits and (self.call.offered_to_id is None or self.for_me or self.mine)

    @property
    def can_join(self) -> bool:
        """Was the one who looks asked to join it?"""
        return self.call.state == TAKEN and self.for_me


def line() -> list[LineRow]:
    """The calls on the line: those that somebody must still take, then the others, the oldest first. Two queries."""
    calls = LineCall.objects.filter(state__in=ON_THE_LINE).order_by("rang_at", "contact_id")[:MOST]
    return sorted(_rows(calls), key=lambda row: row.call.state not in (RINGING, ANSWERED))


def missed(since: datetime, limit: int = MOST) -> list[LineRow]:
    """The calls missed since a moment, newest first: the rows behind the figure. Two queries."""
    return _rows(LineCall.objects.filter(state=MISSED, rang_at__gte=since).order_by("-rang_at")[:limit])


def calls_since(since: datetime, limit: int = 1_000) -> list[LineRow]:
    """All calls since a moment, newest first (waiting times, who took what). Two queries."""
    return _rows(LineCall.objects.filter(rang_at__gte=since).order_by("-rang_at")[:limit])


def _rows(calls: Iterable[LineCall]) -> list[LineRow]:
    rows, viewer = list(calls), current_actor().account_id
    concerned = {
        key for call in rows for key in (call.taken_by_id, call.offered_to_id, call.joined_by_id) if key
    }
    names = _names(concerned)
    return [
        LineRow(
            call=call,
            shown=call.masked or _no_number(call),
            taken_by=names[call.taken_by_id],
            offered_to=names[call.offered_to_id],
            joined_by=names[call.joined_by_id],
            mine=viewer is not None and call.taken_by_id == viewer,
            for_me=viewer is not None and call.offered_to_id == viewer,
        )
        for call in rows
    ]


def _names(accounts: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """The names of accounts, nothing for nobody. One query."""
    known = Account.objects.filter(pk__in={key for key in accounts if key}).values_list("pk", "name")
    return defaultdict(str, dict(known))


def _no_number(call: LineCall) -> str:
    withheld = call.recognition == LineCall.Recognition.WITHHELD
    return _("numéro caché") if withheld else _("numéro illisible")


def mine() -> list[Contact]:
    """What the one who asks has under way, oldest first. One query."""
    return list(Contact.objects.filter(taken_by_id=human(), state__in=[TAKEN, WRAPPING]).order_by("taken_at"))


@dataclass(frozen=True)
class ContactPage:
    """All that the screen of a contact shows of the contact itself (the person's card comes from ``people``).

    ``known``: the reasons in force when it happened. ``repeats``: what it would repeat, by reason, before any is
    noted. ``rights``: what the person lets the caller do, None when the person speaks for themselves. ``number``: as
    people read it, or why there is none.
    """

    contact: Contact
    row: LineRow | None
    number: str
    candidates: list[Candidate]
    known: list[Reason]
    reasons: list[ContactReason]
    repeats: dict[str, Repeat]
    history: list[PastContact]
    call_backs: list[CallBack]
    rights: tuple[str, ...] | None


@dataclass(frozen=True)
class PastContact:
    """An earlier contact and its reasons in words."""

    contact: Contact
    reasons: tuple[str, ...]


def contact_page(contact_id: UUID) -> ContactPage:
    """Everything about a contact, in at most 12 queries. Raises ``Unknown`` for one out of sight."""
    contact = Contact.objects.filter(pk=contact_id).first()
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    under_way = contact.taken_by_id == current_actor().account_id and contact.state in (TAKEN, WRAPPING)
    person_id, at = contact.subject_id, contact.happened_at
    known = reasons_in_force(at)
    row = next(iter(_rows(LineCall.objects.filter(pk=contact_id))), None)
    return ContactPage(
        contact=contact,
        row=row,
        number=display(contact.number) if contact.number else (_no_number(row.call) if row else ""),
        candidates=who_calls(contact.number) if under_way else [],
        known=known,
        reasons=list(ContactReason.objects.filter(contact_id=contact_id).order_by("id")),
        repeats=repeats_of(person_id, at, contact_id, known) if person_id else {},
        history=history(person_id, but=contact_id) if person_id else [],
        call_backs=list(
            CallBack.objects.filter(
                Q(contact_id=contact_id) | Q(subject_id__in=filter(None, [person_id])),
                state=CallBack.State.DUE,
            ).order_by("due_at", "id")
        ),
        rights=_rights(contact),
    )


def _rights(contact: Contact) -> tuple[str, ...] | None:
    if contact.caller_id is None or contact.subject_id is None:
        return None
    rights = Relative.objects.filter(
        subject_id=contact.subject_id, relative_id__in=records_of(contact.caller_id), ended_on=None
    ).values_list("rights", flat=True)
    return tuple(rights.first() or ())


def history(
    person_id: UUID, *, but: UUID | None = None, before: datetime | None = None, limit: int = 20
) -> list[PastContact]:
    """A person's contacts on all channels, newest first (Q29); ``before``: the page after that moment. 3 queries."""
    contacts = Contact.objects.filter(subject_id=person_id).exclude(pk__in=filter(None, [but]))
    if before is not None:
        contacts = contacts.filter(happened_at__lt=before)
    found = list(contacts.order_by("-happened_at", "id")[:limit])
    labels = reason_labels()
    noted: dict[UUID, list[str]] = {}
    for reason in ContactReason.objects.filter(contact_id__in=[one.pk for one in found]).order_by("id"):
        noted.setdefault(reason.contact_id, []).append(labels.get(reason.reason, reason.reason))
    return [PastContact(one, tuple(dict.fromkeys(noted.get(one.pk, ())))) for one in found]


def reason_labels() -> Mapping[str, str]:
    """The words of every reason there ever was, by code, the latest winning. One query."""
    return dict(Reason.objects.order_by("valid_from").values_list("code", "label"))


@dataclass(frozen=True)
class OwedCall:
    """A call we owe. ``shown``: its number, masked until somebody dials; ``calls``: how often they tried to reach us.

    ``call_back`` is None for a withheld number: it cannot be called back, and ``why_not`` says so.
    """

    contact_id: UUID | None
    call_back: CallBack | None
    shown: str
    due_at: datetime
    calls: int
    held_by: str
    why_not: str = ""

    @property
    def late(self) -> bool:
        """Was it due more than a quarter of an hour ago?"""
        return self.call_back is not None and self.due_at < now() - timedelta(minutes=15)


def call_backs_due(until: datetime | None = None, limit: int = MOST) -> list[OwedCall]:
    """The calls owed by ``until`` (now unless said), oldest first, one line per number missed; then the withheld
    ones of the day, which cannot be called. Three queries.
    """
    at = now()
    lines: dict[str, list[_Owed]] = {}
    for one in _owed(until or at, limit):
        lines.setdefault(one.line, []).append(one)
    firsts = {line: ones[0].call_back for line, ones in lines.items()}
    held = {
        one.pk: one.held_by_id
        for one in firsts.values()
        if one.held_until is not None and one.held_until > at
    }
    names = _names(held.values())
    hidden = LineCall.objects.filter(state=MISSED, masked="", rang_at__gte=at - timedelta(days=1)).order_by(
        "-rang_at"
    )
    return [
        OwedCall(
            contact_id=firsts[line].contact_id,
            call_back=firsts[line],
            shown=ones[0].masked,
            due_at=firsts[line].due_at,
            calls=len(ones),
            held_by=names[held.get(firsts[line].pk)],
        )
        for line, ones in lines.items()
    ] + [
        OwedCall(call.contact_id, None, _no_number(call), call.rang_at, 1, "", str(CANNOT_CALL))
        for call in hidden[:limit]
    ]


def call_backs_owed() -> int:
    """How many lines of ``call_backs_due`` can be called now; each page of the desk shows it. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT line) FROM contacts.owed(%s, %s)", [now(), MOST])
        count: int = cursor.fetchone()[0]
    return count


@dataclass(frozen=True)
class _Owed:
    """A call owed as all who answer may see it: ``call_back`` without person nor number."""

    call_back: CallBack
    masked: str
    line: str


def _owed(until: datetime, most: int) -> list[_Owed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT masked, line, id, contact_id, intervention_id, why, due_at, attempts, held_by_id, held_until"
            " FROM contacts.owed(%s, %s)",
            [until, most],
        )
        names = [column.name for column in cursor.description or ()][2:]
        return [
            _Owed(CallBack(**dict(zip(names, row[2:], strict=True))), row[0], row[1])
            for row in cursor.fetchall()
        ]


def kept_draft(form: str) -> dict[str, Any] | None:
    """What its author was typing in ``form``, None when nothing is kept. One query."""
    draft = Draft.objects.filter(account_id=human(), form=form).first()
    return json.loads(draft.fields) if draft else None


def kept_drafts(begin: str) -> dict[str, dict[str, Any]]:
    """What its author was typing in each form whose name begins so, by form. One query."""
    drafts = Draft.objects.filter(account_id=human(), form__startswith=begin)
    return {draft.form: json.loads(draft.fields) for draft in drafts}


def colleagues() -> list[Account]:
    """To whom a call may be passed on: those whose role takes calls, by name, without oneself. One query."""
    able = [role for role, abilities in roles().items() if "take_calls" in abilities]
    others = Account.objects.filter(role__in=able, is_active=True, kind=Account.Kind.HUMAN)
    return list(others.exclude(pk=human()).order_by("name", "id"))


def protected_records(limit: int = MOST) -> list[ProtectedRecord]:
    """The protected records in sight, unread first, then newest; their words stay closed until opened. One query."""
    return list(ProtectedRecord.objects.defer("words").order_by("-seen_at", "-written_at", "id")[:limit])


def contact_of(provider: str, call_id: str) -> UUID | None:
    """The contact of a provider's call, if in sight. One query."""
    return Contact.objects.filter(provider=provider, call_id=call_id).values_list("pk", flat=True).first()
