"""Calls that we owe, as ``service.contacts.verbs`` would have written them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gruppetto.demo.past.book import By, Row
from gruppetto.demo.past.contacts import Call, Calls
from gruppetto.demo.people import Known
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.contacts.verbs.calling_back import ATTEMPTS, NEXT_TRY


@dataclass
class CallsBack(Calls):
    """Promised, dialled, tried, without object any more."""

    def owe_call_back(
        self,
        at: datetime,
        by: By,
        why: str,
        person: Known,
        *,
        call: Call | None = None,
        intervention_id: UUID | None = None,
        number: str = "",
    ) -> Row:
        """Promise a call, now, to ``number``, else the contact's, else the person's."""
        calling = call.row["number"] if call and why != "safety" else ""
        number = number or calling or person.number
        owed = self.book.add(
            CallBack,
            at,
            shelf=person.shelf,
            portfolio_id=person.portfolio,
            department=person.department,
            contact_id=call.id if call else None,
            intervention_id=intervention_id,
            person_id=person.id,
            number=number,
            why=why,
            state="due",
            due_at=at,
            attempts=0,
        )
        self._trace_owed("call_back.owed", at, by, owed, {"why": why, "due_at": at})
        return owed

    def start_call_back(self, owed: Row, at: datetime, account: UUID, person: Known) -> Call:
        """Dial: an outgoing contact in one's hands, about ``person`` when it was known whom we owe it to."""
        row = self._contact(
            at, direction="out", state="taken", number=owed["number"], taken_by_id=account, taken_at=at
        )
        call = Call(row, by=By.human(account))
        self._trace_owed("call_back.started", at, call.by, owed)
        self._trace(call, "contact.opened", at, call.by, {"channel": "phone", "direction": "out"})
        if owed.get("person_id"):
            self.choose_person(call, at, person)
        return call

    def attempt_call_back(self, owed: Row, at: datetime, account: UUID, *, reached: bool) -> None:
        """How the try went; not reached twice, it is given up."""
        attempts = owed["attempts"] + 1
        state = "done" if reached else "given_up" if attempts >= ATTEMPTS else "due"
        owed.update(state=state, attempts=attempts, last_attempt_at=at)
        if state == "due":
            owed["due_at"] = at + NEXT_TRY
        else:
            owed.update(done_at=at, done_by=account)
        if reached:
            for other in self.story.missed:
                if other["number"] == owed["number"] and other["state"] == "due":
                    other.update(state="done", done_at=at, done_by=account)
        body = {"reached": reached, "attempts": attempts}
        self._trace_owed("call_back.attempted", at, By.human(account), owed, body)

    def drop_the_call(self, owed: Row, at: datetime) -> None:
        """The job that follows when the person has spoken: the call owed has no object any more."""
        if owed["state"] == "due":
            owed.update(state="moot", done_at=at)
            self._trace_owed("call_back.moot", at, By.job("interventions.drop_the_call"), owed)

    def _trace_owed(self, verb: str, at: datetime, by: By, owed: Row, body: Row | None = None) -> None:
        self.book.act(
            verb,
            at,
            by,
            subject=("contacts.callback", owed["id"]),
            person=owed.get("person_id"),
            portfolio=owed.get("portfolio_id", 0),
            body=body or {},
        )
