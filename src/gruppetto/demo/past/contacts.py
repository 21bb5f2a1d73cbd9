"""Contacts as ``service.contacts.verbs`` would have written them; each method has the name of its verb."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gruppetto.demo.past.book import Book, By, Row
from gruppetto.demo.people import Known
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.registry.people.identity import WRONG_ANSWERS, level_of
from gruppetto.registry.people.models import IdentityCheck
from gruppetto.service.contacts.models import (
    CallBack,
    Contact,
    ContactReason,
    LineCall,
    ProtectedRecord,
    TelephonyEvent,
)
from gruppetto.service.contacts.repeats import repeats
from gruppetto.service.contacts.verbs.receiving import LATELY

LINE, PROVIDER = "main", "play"
SUBJECT = "contacts.contact"
Noted = tuple[str, str, str]
NOBODY = By("")


@dataclass
class Call:
    """A contact under way: its row, its line's row, whom it is about, who speaks, in whose hands it is."""

    row: Row
    line: Row | None = None
    person: Known | None = None
    speaker: Known | None = None
    by: By = NOBODY
    reasons: list[Row] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)
    asked: dict[str, Row] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        key: UUID = self.row["id"]
        return key


@dataclass
class Story:
    """What was already said by one person, as far as the verbs look back."""

    reasons: list[tuple[str, UUID, datetime]] = field(default_factory=list)
    # When each number rang last, and when the person last got in touch.
    rang: dict[str, datetime] = field(default_factory=dict)
    spoke: datetime | None = None
    missed: list[Row] = field(default_factory=list)
    # By speaker: how many draws, and the facts of the last one.
    rounds: dict[UUID, tuple[int, frozenset[str]]] = field(default_factory=dict)
    answered: bool = False


@dataclass
class Calls:
    """``telephony``: account of the platform's own service; ``periods``: of each reason, within which it repeats;
    ``events_since``: telephony's events are kept thirty days only."""

    book: Book
    telephony: UUID
    recognised: dict[str, str]
    periods: dict[str, timedelta]
    events_since: datetime | None = None
    story: Story = field(default_factory=Story)

    def ring(self, at: datetime, number: str) -> Call:
        """Telephony tells that a call rings; an empty number is a withheld one."""
        row = self._contact(
            at,
            state="ringing",
            line=LINE,
            provider=PROVIDER,
            call_id=f"past-{self.book.key(at)}",
            number=number,
        )
        line = self.book.put(
            LineCall,
            {
                "contact_id": row["id"],
                "line": LINE,
                "masked": mask(number) if number else "",
                "recognition": self.recognised.get(number, "unknown") if number else "withheld",
                "repeat": self._lately(number, at),
                "state": "ringing",
                "rang_at": at,
            },
        )
        call = Call(row, line)
        self.event(call, "ringing", at)
        self._trace(call, "call.received", at, self._service, {"line": LINE, "state": "ringing"})
        return call

    def event(self, call: Call, state: str, at: datetime) -> None:
        """Keep the event itself; what it changes is said by the other methods."""
        if self.events_since is not None and at < self.events_since:
            return
        row = call.row
        key = {"provider": row["provider"], "call_id": row["call_id"], "state": state}
        body = json.dumps({**key, "from": row["number"] or None, "at": at.isoformat()})
        digest = hashlib.sha256(body.encode()).digest()
        self.book.add(TelephonyEvent, at, **key, body=body, body_sha256=digest, at=at, received_at=at)

    def miss(self, call: Call, at: datetime) -> None:
        """Nobody took it: we owe a call back, if there is a number."""
        self.event(call, "missed", at)
        self._change(call, state="missed", ended_at=at)
        self._show(call, state="missed", ended_at=at)
        if number := call.row["number"]:
            owed = self.book.add(
                CallBack,
                at,
                shelf=call.row["shelf"],
                contact_id=call.id,
                number=number,
                why="missed",
                state="due",
                due_at=at,
                attempts=0,
            )
            self.story.missed.append(owed)
        self._trace(call, "call.missed", at, self._service)

    def take(self, call: Call, at: datetime, account: UUID) -> None:
        """Somebody takes it; the missed calls of that number need no call back any more."""
        call.by = By.human(account)
        self._change(call, state="taken", taken_by_id=account, taken_at=at)
        self._show(call, state="taken", taken_by_id=account, taken_at=at)
        owed = [one for one in self.story.missed if one["number"] == call.row["number"]]
        if any(one["attempts"] and one["last_attempt_at"] > at - LATELY for one in owed):
            self._change(call, asked_by_us=True)
        for one in owed:
            if one["state"] == "due":
                one.update(state="done", done_at=at, done_by=account)
        self._trace(call, "contact.taken", at, call.by)
        self.event(call, "answered", at)

    def choose_person(self, call: Call, at: datetime, person: Known, caller: Known | None = None) -> None:
        """Whom it is about, and who speaks when it is their relative."""
        concerned = [person, *([caller] if caller else [])]
        for one in concerned:
            self.book.look(
                "person.opened",
                at,
                call.by,
                subject=("people.person", one.id),
                person=one.id,
                portfolio=one.portfolio,
            )
        call.person, call.speaker = person, caller or person
        self._change(
            call,
            person_id=person.id,
            person_shelf=person.shelf,
            portfolio_id=person.portfolio,
            department=person.department,
            caller_id=caller.id if caller else None,
            caller_link=person.link if caller else "",
        )
        self._set_level(call, at)
        link = person.link if caller else ""
        body = {"caller": caller.id if caller else None, "link": link, "before": None}
        self._trace(call, "contact.person_chosen", at, call.by, body)
        if call.row["direction"] == "in" and not call.row["asked_by_us"]:
            self.story.spoke = call.row["happened_at"]

    def ask_identity(self, call: Call, at: datetime, facts: Iterable[str] | None = None) -> list[str]:
        """Draw two facts, none of the last time; ``facts``: those drawn, when they are known."""
        speaker = _said(call.speaker)
        rounds, last = self.story.rounds.get(speaker.id, (0, frozenset()))
        if facts is None:
            known = [*speaker.facts, *(["last_request"] if self.story.answered else [])]
            facts = self.book.chance.sample([one for one in known if one not in last], 2)
        drawn = list(facts)
        self.story.rounds[speaker.id] = (rounds + 1, frozenset(drawn))
        for fact in drawn:
            call.asked[fact] = self._check(call, at, fact=fact, result="asked", round=rounds + 1)
        self._trace(call, "identity.asked", at, call.by, {"facts": drawn, "round": rounds + 1}, of=speaker)
        return drawn

    def answer_identity(self, call: Call, at: datetime, fact: str, *, right: bool = True) -> None:
        """What who speaks said is right or wrong."""
        result = "match" if right else "no_match"
        question = call.asked[fact]
        self._check(call, at, fact=fact, result=result, round=question["round"], question_id=question["id"])
        body = {"fact": fact, "result": result}
        self._trace(call, "identity.answered", at, call.by, body, of=_said(call.speaker))
        if right:
            call.matched.add(fact)
        else:
            self._change(call, failures=call.row["failures"] + 1)
        self._set_level(call, at)

    def vouch(self, call: Call, at: datetime, how: str) -> None:
        """Their own correspondent knows them."""
        self._trace(call, "identity.vouched", at, call.by, {"how": how})
        self._set_level(call, at, confirmed=True)

    def note_reasons(self, call: Call, at: datetime, noted: Iterable[Noted]) -> None:
        """Why they got in touch, with the true rank of each."""
        row, wanted = call.row, list(noted)
        left_out = "outgoing" if row["direction"] == "out" else "asked_by_us" if row["asked_by_us"] else ""
        began = row["happened_at"]
        counted = call.person is not None and not left_out
        before = repeats(self.story.reasons, self.periods, began) if counted else {}
        for reason, sub_reason, other in wanted:
            repeat = before.get(reason)
            self.book.add(
                ContactReason,
                at,
                shelf=row["shelf"],
                portfolio_id=row["portfolio_id"],
                department=row["department"],
                contact_id=row["id"],
                person_id=row["person_id"],
                reason=reason,
                sub_reason=sub_reason,
                other=other,
                happened_at=began,
                rank=repeat.rank if repeat else 1,
                first_at=repeat.first_at if repeat else None,
                not_counted=left_out,
            )
            if counted:
                self.story.reasons.append((reason, row["id"], began))
        body = {"reasons": sorted(f"{reason}/{sub}" for reason, sub, _ in wanted)}
        self._trace(call, "contact.reasons_noted", at, call.by, body)

    def read_back_accepted(self, call: Call, at: datetime, sentences: list[str]) -> None:
        """The three sentences were read, and they agreed."""
        self._change(call, read_back=[*call.row.get("read_back", []), *sentences], accepted_at=at)
        self._trace(call, "contact.read_back", at, call.by)

    def end(self, call: Call, at: datetime) -> None:
        """Telephony tells that the caller hung up."""
        self.event(call, "ended", at)
        self._wrap(call, at, self._service)

    def hang_up(self, call: Call, at: datetime) -> None:
        """The one who has the call puts the receiver down."""
        self._wrap(call, at, call.by)

    def conclude(self, call: Call, at: datetime, summary: str) -> None:
        """All is written."""
        self._change(call, state="done", concluded_at=at, summary=summary)
        self._show(call, state="done")
        self._trace(call, "contact.concluded", at, call.by)

    def write_protected(self, call: Call, at: datetime, guide: str, words: str, done: list[str]) -> Row:
        """What was heard, apart, for supervisors only; no person in the trace (G23, G24)."""
        person = _said(call.person)
        row = self.book.add(
            ProtectedRecord,
            at,
            shelf=person.shelf,
            portfolio_id=person.portfolio,
            department=person.department,
            contact_id=call.id,
            person_id=person.id,
            guide=guide,
            words=words,
            done=done,
            written_by=call.by.account,
            written_at=at,
        )
        self.book.act("protected.written", at, call.by, subject=("contacts.protectedrecord", row["id"]))
        return row

    def open_protected(self, record: Row, at: datetime, account: UUID) -> None:
        """A supervisor reads it."""
        record.update(seen_by=account, seen_at=at)
        subject = ("contacts.protectedrecord", record["id"])
        self.book.look("protected.read", at, By.human(account), subject=subject)

    @property
    def _service(self) -> By:
        return By("service:telephony", self.telephony)

    def _contact(self, at: datetime, **facts: Any) -> Row:
        shared = {"channel": "phone", "direction": "in", "happened_at": at, "recorded_at": at}
        empty = {"person_id": None, "portfolio_id": 0, "department": "", "asked_by_us": False}
        counts = {"level": 0, "failures": 0, "version": 1}
        return self.book.add_on_its_own_shelf(Contact, at, **{**shared, **empty, **counts, **facts})

    def _lately(self, number: str, at: datetime) -> bool:
        """Did that number, or the person whose number it is, get in touch within a week?"""
        if not number:
            return False
        seen = [self.story.rang.get(number)]
        if self.recognised.get(number) in ("known", "several"):
            seen.append(self.story.spoke)
        self.story.rang[number] = at
        return any(when is not None and when >= at - LATELY for when in seen)

    def _wrap(self, call: Call, at: datetime, by: By) -> None:
        self._change(call, state="wrapping", ended_at=at)
        self._show(call, state="wrapping", ended_at=at)
        self._trace(call, "contact.hung_up", at, by)

    def _set_level(self, call: Call, at: datetime, *, confirmed: bool = False) -> None:
        row, speaker = call.row, _said(call.speaker)
        level = level_of(
            number_known=bool(row["number"]) and row["number"] in (speaker.number, speaker.mobile),
            matched=call.matched,
            wrong=row["failures"],
            confirmed=confirmed,
        )
        level = 0 if row["failures"] >= WRONG_ANSWERS else level
        if level != row["level"]:
            body = {"before": row["level"], "level": level}
            self._trace(call, "identity.level", at, call.by, body)
            self._change(call, level=level)

    def _check(self, call: Call, at: datetime, **facts: Any) -> Row:
        speaker = _said(call.speaker)
        return self.book.add(
            IdentityCheck,
            at,
            shelf=speaker.shelf,
            portfolio_id=speaker.portfolio,
            department=speaker.department,
            person_id=speaker.id,
            contact_id=call.id,
            at=at,
            account_id=call.by.account,
            **facts,
        )

    def _change(self, call: Call, **facts: Any) -> None:
        call.row.update(facts)
        call.row["version"] += 1

    def _show(self, call: Call, **facts: Any) -> None:
        if call.line is not None:
            call.line.update(facts)

    def _trace(
        self,
        call: Call,
        verb: str,
        at: datetime,
        by: By,
        body: Row | None = None,
        *,
        of: Known | None = None,
    ) -> None:
        """``of``: the person the act is about, when it is not the contact's."""
        self.book.act(
            verb,
            at,
            by,
            subject=(SUBJECT, call.id),
            person=of.id if of else call.row["person_id"],
            portfolio=of.portfolio if of else call.row["portfolio_id"],
            body=body or {},
        )


def _said(person: Known | None) -> Known:
    """The person, who was chosen before: a fault of ours otherwise."""
    if person is None:
        raise RuntimeError("nobody is chosen in this contact")
    return person
