"""Calls as telephony tells them: events that may come late, twice, in any order, and two at a time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.kernel.outbox import publish
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, TelephonyEvent
from gruppetto.service.contacts.ports import CallEvent
from gruppetto.service.contacts.states import (
    ANSWERED,
    CONTACT,
    MISSED,
    RINGING,
    RINGS_AT_MOST,
    WRAPPING,
    settled,
)
from gruppetto.service.contacts.verbs.hands import ask, change, trace

# A contact since then, and the call is shown as a repeat before anybody knows its reason: the shortest period of the
# list of reasons, so that whatever the reason is, the same one again would count.
LATELY = timedelta(days=7)
OVER = ("ended", "missed", "recorded")

BODY = TelephonyEvent._meta.get_field("body")
TOLD = ("provider", "call_id", "state", "body_sha256", "at", "received_at")
WRITE = """
WITH told AS (
    INSERT INTO contacts_telephonyevent (id, body, provider, call_id, state, body_sha256, at, received_at)
    VALUES (%(event)s, %(body)s, %(provider)s, %(call_id)s, %(state)s, %(body_sha256)s, %(at)s, %(received_at)s)
    ON CONFLICT DO NOTHING RETURNING 1)
"""
# Another event of the same call may be a moment ahead: then this one waits for it, and joins it. The event is written
# before the contact is locked (``told`` is read first): the same event told twice would else wait for each other.
JOIN = (
    WRITE  # noqa: S608  (our own words)
    + """
SELECT *, true AS told_before FROM contacts_contact
WHERE provider = %(provider)s AND call_id = %(call_id)s AND (SELECT count(*) FROM told) >= 0 FOR UPDATE
"""
)
MAKE = (
    WRITE
    + """
INSERT INTO contacts_contact AS c (id, shelf, channel, direction, state, happened_at, line, provider, call_id, number,
    caller_link, level, failures, asked_by_us, summary, read_back, version)
VALUES (%(contact)s, %(shelf)s, %(channel)s, %(direction)s, %(ringing)s, %(at)s, %(line)s, %(provider)s, %(call_id)s,
    %(number)s, '', 0, 0, false, '', '[]', 1)
ON CONFLICT DO NOTHING
RETURNING *, EXISTS (SELECT FROM contacts_telephonyevent e WHERE e.provider = c.provider AND e.call_id = c.call_id)
    AS told_before
"""
)
# Whom the number may be is asked once, as the call is shown.
SHOW = """
INSERT INTO contacts_linecall (contact_id, line, masked, recognition, repeat, state, rang_at, ended_at)
SELECT %s, %s, %s, recognition, again, %s, %s, %s FROM contacts.recognise(%s, %s, %s)
"""


class Contradiction(Refused):
    """The same event was received before with another content."""

    status = 409


@verb
def receive_call(event: CallEvent) -> Contact:
    """Take note of one event of a call; the contact as it then is.

    The same event again changes nothing. Raises ``Contradiction`` (event-contradicts) when its content differs from
    what was received under the same key. Everything is decided from all the events received so far: each is written
    before the contact is locked, so that of two at a time the second sees both.
    """
    mine = TelephonyEvent(
        provider=event.provider,
        call_id=event.call_id,
        state=event.state,
        body_sha256=hashlib.sha256(event.body.encode()).digest(),
        body=event.body,
        at=event.at,
        received_at=event.received_at,
    )
    contact, fresh, told = _received(mine, event)
    if told[event.state].pk != mine.pk:
        if bytes(told[event.state].body_sha256) != mine.body_sha256:
            raise Contradiction(
                _("Cet évènement a déjà été reçu avec un autre contenu."),
                code="event-contradicts",
                facts={"state": event.state, "contact": contact.pk},
            )
        return contact
    return _settle(contact, event, {state: row.at for state, row in told.items()}, fresh)


@verb
def stop_ringing(at: datetime | None = None) -> int:
    """Calls that nobody took and whose end was never told are missed; returns how many. Idempotent, for the clock."""
    at = at or now()
    waiting = Contact.objects.filter(
        state=RINGING, channel=Contact.Channel.PHONE, taken_by_id=None, happened_at__lt=at - RINGS_AT_MOST
    )
    stopped = 0
    for contact in waiting.order_by("id").select_for_update(skip_locked=True)[:500]:
        CONTACT.check(RINGING, MISSED, ["clock"])
        change(contact, state=MISSED, ended_at=at)
        LineCall.objects.filter(pk=contact.pk).update(state=MISSED, ended_at=at)
        _owe(contact, at)
        trace("call.missed", contact)
        publish(events.LINE_CHANGED, contact.pk)
        stopped += 1
    return stopped


def _received(mine: TelephonyEvent, event: CallEvent) -> tuple[Contact, bool, dict[str, TelephonyEvent]]:
    """The call's contact, locked, whether we made it, and its events so far by state, ``mine`` written with them."""
    new = new_id()
    values = {
        "contact": new,
        "shelf": shelf_of(new),
        "channel": Contact.Channel.PHONE,
        "direction": Contact.Direction.IN,
        "ringing": RINGING,
        "line": event.line,
        "number": event.number,
        "event": mine.pk,
        "body": bytes(BODY.pre_save(mine, add=True) or b""),
        **{name: getattr(mine, name) for name in TOLD},
    }
    # Of a call that rings we know nothing yet, as a rule; of another event, who it is about.
    ways = (MAKE, JOIN) if event.state == "ringing" else (JOIN, MAKE, JOIN)
    contact: Any = next(found for way in ways for found in Contact.objects.raw(way, values))
    if contact.pk == new and not contact.told_before:
        return contact, True, {event.state: mine}
    events = TelephonyEvent.objects.filter(provider=event.provider, call_id=event.call_id).defer("body")
    return contact, contact.pk == new, {row.state: row for row in events}


def _settle(contact: Contact, event: CallEvent, told: dict[str, datetime], fresh: bool) -> Contact:
    before, held = contact.state, contact.taken_by_id is not None
    began = told.get("ringing") or min(told.values())
    state = settled(before, held=held, seen=told.keys(), rings_for=now() - began)
    ended = told.get("ended", contact.ended_at if held else None)
    if state == MISSED:
        ended = next((told[over] for over in OVER if over in told), contact.ended_at or now())
    now_is = {
        "state": state,
        "happened_at": began,
        "ended_at": ended,
        "number": contact.number or event.number,
    }
    changes = {name: value for name, value in now_is.items() if getattr(contact, name) != value}
    if not (fresh or changes):
        return contact
    if changes:
        change(contact, **changes)
    _show(contact, event, fresh=fresh, recognise=fresh or "number" in changes)
    if state == MISSED and (fresh or before != MISSED):
        _owe(contact, event.received_at)
    elif before == MISSED and state == ANSWERED:
        _nothing_owed(contact, event.received_at)
    elif before != WRAPPING and state == WRAPPING:
        ask("let_go", contact.pk)
    if fresh:
        trace("call.received", contact, line=contact.line, state=state)
    elif state != before:
        trace(CONTACT.check(before, state, ["telephony"]).verb, contact)
    publish(events.LINE_CHANGED, contact.pk)
    return contact


def _show(contact: Contact, event: CallEvent, *, fresh: bool, recognise: bool) -> None:
    """Bring the line's pane up to date; whom the number may be is asked once."""
    number, now_is = contact.number, (contact.state, contact.happened_at, contact.ended_at)
    asked = (number, event.received_at - LATELY, contact.pk)
    if fresh and number:
        with connection.cursor() as cursor:
            cursor.execute(SHOW, [contact.pk, contact.line, mask(number), *now_is, *asked])
        return
    shown: dict[str, object] = dict(zip(("state", "rang_at", "ended_at"), now_is, strict=True))
    if fresh:
        unknown = LineCall.Recognition.WITHHELD if event.withheld else LineCall.Recognition.UNKNOWN
        LineCall.objects.create(contact_id=contact.pk, line=contact.line, recognition=unknown, **shown)
        return
    if recognise and number:
        with connection.cursor() as cursor:
            cursor.execute("SELECT recognition, again FROM contacts.recognise(%s, %s, %s)", asked)
            shown["recognition"], shown["repeat"] = cursor.fetchone()
        shown["masked"] = mask(number)
    LineCall.objects.filter(pk=contact.pk).update(**shown)


def _owe(contact: Contact, at: datetime) -> None:
    """A missed call is called back, unless its number is withheld: the list of missed calls says so."""
    if not contact.number:
        return
    owed = CallBack(
        shelf=contact.shelf,
        portfolio_id=contact.portfolio_id,
        contact_id=contact.pk,
        number=contact.number,
        why=CallBack.Why.MISSED,
        due_at=at,
    )
    CallBack.objects.bulk_create([owed], ignore_conflicts=True)
    publish(events.CALL_BACK_DUE, owed.pk)


def _nothing_owed(contact: Contact, at: datetime) -> None:
    owed = CallBack.objects.filter(contact_id=contact.pk, why=CallBack.Why.MISSED, state=CallBack.State.DUE)
    if owed.update(state=CallBack.State.MOOT, done_at=at):
        trace("call_back.moot", contact)
        publish(events.CALL_BACK_CHANGED, contact.pk)
