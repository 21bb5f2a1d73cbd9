"""Messages that leave by themselves, as ``service.messages`` would have sent them; each step is named as its verb."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from gruppetto.demo.past.book import Book, By, Row
from gruppetto.demo.people import Known
from gruppetto.kernel.calendars import OpeningRules
from gruppetto.kernel.calendars.arithmetic import next_opening
from gruppetto.kernel.calendars.cutoffs import next_cutoff
from gruppetto.kernel.clock import PARIS
from gruppetto.registry.people.models import Channel
from gruppetto.service.messages import hours, sms
from gruppetto.service.messages.costs import SHIPPED, month_of
from gruppetto.service.messages.leaving import GIVEN_UP, key_of, put_together
from gruppetto.service.messages.letters import CUT_OFF
from gruppetto.service.messages.models import DeadEnd, Delivery, LetterBatch, Message
from gruppetto.service.messages.routing import WINDOW, fits
from gruppetto.service.messages.sending import BEFORE_ASKING
from gruppetto.service.messages.texts import TEXTS
from gruppetto.service.messages.ways import Way

State = Delivery.State
SENDER, REPORTER = By.job("messages.send"), By.job("messages.report")
MESSAGE, DELIVERY = "service_messages.message", "service_messages.delivery"
# The batch of a cut-off is made at the clock's next round (``messages.letters``).
BATCHED = timedelta(minutes=5)


@dataclass
class Sending:
    """A delivery by one ``way``, the messages it carries; ``gone``: the ways that failed before it."""

    row: Row
    person: Known
    way: Way
    messages: list[Row] = field(default_factory=list)
    gone: frozenset[Way] = frozenset()

    @property
    def due(self) -> datetime:
        """Not before."""
        at: datetime = self.row["due_at"]
        return at


@dataclass
class Sendings:
    """``teams``: by portfolio, who pays; ``days``: the platform's, for the post. ``spent``: as the counters."""

    book: Book
    teams: dict[int, UUID]
    days: OpeningRules
    quiet: OpeningRules = hours.SHIPPED
    # (team, department, month, channel) → deliveries, parts, mills.
    spent: dict[tuple[UUID | None, str, date, str], Counter[str]] = field(default_factory=dict)
    batches: dict[datetime, Row] = field(default_factory=dict)
    about_to_leave: dict[tuple[UUID, str, bool], Sending] = field(default_factory=dict)

    def route(self, message: Row, person: Known, at: datetime) -> Sending | None:
        """The first way open to the message, shared with what else is about to leave; None: a human hands it over."""
        for way in sorted(person.ways, key=lambda one: one.channel != message["channel"]):
            if fits(Message(**message), way.channel):
                key = (person.id, way.channel, TEXTS[message["kind"]].urgent)
                sending = self.about_to_leave.get(key)
                if sending is None or sending.row["state"] != State.QUEUED or sending.row["attempts"]:
                    sending = self._open(person, way, at, at + WINDOW, urgent=key[2])
                    self.about_to_leave[key] = sending
                self._put(message, sending)
                return sending
        return None

    def leaves(self, sending: Sending) -> datetime:
        """When the worker takes it up: at once, a letter with the batch of its cut-off."""
        if sending.row["channel"] != Channel.LETTER:
            return sending.due
        return next_cutoff(sending.row["queued_at"], CUT_OFF, self.days) + BATCHED

    def hold(self, sending: Sending) -> None:
        """The month's budget is spent."""
        sending.row.update(state=State.HELD.value, why="budget")

    def claim(self, sending: Sending, at: datetime) -> None:
        """It begins to leave, under its identity; its cost is counted."""
        row = self._freeze(sending)
        parts = sms.parts(row["text"]).count if row["channel"] == Channel.SMS else 1
        row.update(
            state=State.SENDING.value, key=_identity(row), begun_at=at, attempts=row["attempts"] + 1,
            due_at=at + GIVEN_UP, parts=parts, mills=parts * SHIPPED[Channel(row["channel"])],
        )  # fmt: skip
        if row["channel"] == Channel.LETTER:
            row["batch_id"] = self._batch(at)["id"]
        self._count(row, 1)

    def accept(self, sending: Sending, at: datetime) -> None:
        """The carrier took it."""
        sending.row.update(state=State.SENT.value, sent_at=at, receipt=self._receipt(sending.row), why="")
        for message in sending.messages:
            message.update(state="sent", sent_at=at)
            trace_message(self.book, "message.sent", message, at, SENDER)

    def arrive(self, sending: Sending, at: datetime) -> None:
        """The carrier says that it is there."""
        sending.row.update(state=State.ARRIVED.value, ended_at=at)
        self._trace("delivery.arrived", sending, at, REPORTER)

    def doubt(self, sending: Sending, at: datetime, why: str) -> None:
        """It may have left."""
        sending.row.update(state=State.UNKNOWN.value, due_at=at + BEFORE_ASKING, why=why)
        self._trace("delivery.uncertain", sending, at, SENDER, why=why)

    def fail(self, sending: Sending, at: datetime, why: str) -> Sending | None:
        """A wrong coordinate: it is marked, and the next way is tried; without one a human hands the messages over."""
        row, by = sending.row, SENDER if sending.row["sent_at"] is None else REPORTER
        self._note_dead_end(sending, at, why, by)
        if row["sent_at"] is None:
            self._count(row, -1)
            row.update(parts=0, mills=0)
        row.update(state=State.FAILED.value, ended_at=at, why=why)
        self._trace("delivery.failed", sending, at, by, why=why)
        gone = sending.gone | {Way(row["channel"], row["recipient"])}
        for way in sending.person.ways:
            if way not in gone and all(fits(Message(**one), way.channel) for one in sending.messages):
                after = self._open(sending.person, way, at, at, urgent=row["urgent"], replaces=row)
                after.gone = gone
                for message in sending.messages:
                    self._put(message, after)
                return after
        for message in sending.messages:
            message.update(state="prepared", sent_at=None, sent_by=None)
        return None

    def _open(
        self,
        person: Known,
        way: Way,
        at: datetime,
        soonest: datetime,
        *,
        urgent: bool,
        replaces: Row | None = None,
    ) -> Sending:
        row = self.book.add(
            Delivery,
            at,
            **_about(person),
            team_id=self.teams.get(person.portfolio),
            channel=way.channel,
            urgent=urgent,
            state=State.QUEUED.value,
            sent_at=None,
            attempts=0,
            queued_at=at,
            due_at=next_opening(soonest, self.quiet) if way.channel in hours.QUIET else soonest,
            replaces_id=replaces["id"] if replaces else None,
        )
        return Sending(row, person, way)

    def _put(self, message: Row, sending: Sending) -> None:
        sending.messages.append(message)
        message.update(
            state="queued", channel=sending.row["channel"], delivery_id=sending.row["id"], sent_at=None, sent_by=None
        )  # fmt: skip

    def _freeze(self, sending: Sending) -> Row:
        row = sending.row
        words = put_together([Message(**one) for one in sending.messages], row["channel"])
        row.update(recipient=sending.way.recipient, title=words.title, text=words.text, why="")
        return row

    def _note_dead_end(self, sending: Sending, at: datetime, code: str, by: By) -> None:
        row, why = sending.row, DeadEnd.Why.BOUNCED.value
        dead = Way(row["channel"], row["recipient"])
        if dead not in sending.person.ways:
            return
        sending.person.ways = tuple(way for way in sending.person.ways if way != dead)
        self.book.add(
            DeadEnd,
            at,
            **_about(sending.person),
            channel=dead.channel,
            coordinate=dead.recipient,
            why=why,
            code=code,
            since=at,
        )
        self._trace("dead_end.noted", sending, at, by, why=why)

    def _batch(self, at: datetime) -> Row:
        """The batch of letters made at that round of the clock."""
        if at not in self.batches:
            key = self.book.key(at)
            self.batches[at] = {
                "id": key,
                "name": f"courriers-{at.astimezone(PARIS):%Y%m%d-%H%M}-{str(key)[-8:]}",
                "sha256": hashlib.sha256(key.bytes).hexdigest(),
                "letters": 0,
                "state": LetterBatch.State.HANDED.value,
                "made_at": at,
                "handed_at": at,
            }
        self.batches[at]["letters"] += 1
        return self.batches[at]

    def _receipt(self, row: Row) -> str:
        if row["channel"] == Channel.LETTER:
            return str(self.batches[row["begun_at"]]["name"])
        return f"01{row['id'].hex[-24:].upper()}" if row["channel"] == Channel.SMS else str(row["key"])

    def _count(self, row: Row, sign: int) -> None:
        key = (row["team_id"], row["department"], month_of(row["begun_at"]), row["channel"])
        counter = self.spent.setdefault(key, Counter())
        counter["deliveries"] += sign
        counter["parts"] += sign * row["parts"]
        counter["mills"] += sign * row["mills"]

    def _trace(self, verb: str, sending: Sending, at: datetime, by: By, **body: str) -> None:
        row, person = sending.row, sending.person
        self.book.act(
            verb,
            at,
            by,
            subject=(DELIVERY, row["id"]),
            person=person.id,
            portfolio=person.portfolio,
            body={"channel": row["channel"], **body},
        )


def trace_message(book: Book, verb: str, message: Row, at: datetime, by: By) -> None:
    """Tell an act on a message, as ``verbs.prepare`` and ``sending.accept`` do."""
    book.act(
        verb,
        at,
        by,
        subject=(MESSAGE, message["id"]),
        person=message["person_id"],
        portfolio=message["portfolio_id"],
        body={"kind": message["kind"], "channel": message["channel"]},
    )


def _about(person: Known) -> Row:
    return {
        "shelf": person.shelf,
        "portfolio_id": person.portfolio,
        "department": person.department,
        "person_id": person.id,
    }


def _identity(row: Row) -> str:
    """As ``key_of``; for a letter, where the hash of its file would be, a hash that is its own."""
    if row["channel"] == Channel.LETTER:
        return hashlib.sha256(row["id"].bytes).hexdigest()
    return key_of(Delivery(id=row["id"], channel=row["channel"]))
