"""Complaints, as ``service.complaints.verbs`` would have written them; the database chooses who handles them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gruppetto.demo.past.book import By, Row
from gruppetto.demo.past.calling_back import CallsBack
from gruppetto.demo.past.contacts import Call
from gruppetto.kernel.calendars import OpeningRules, add, days
from gruppetto.kernel.identifiers.references import new_reference
from gruppetto.service.complaints.models import Complaint, Step
from gruppetto.service.complaints.reads import DAYS

SUBJECT = "complaints.complaint"


@dataclass
class Complains(CallsBack):
    """Noted during a call, taken in charge, answered, closed."""

    def file_complaint(
        self, call: Call, at: datetime, about: str, words: str, concerned: Sequence[UUID], rules: OpeningRules
    ) -> Row:
        """What the person reproaches us with; no person in the trace (G23)."""
        person = call.row
        row = self.book.add(
            Complaint,
            at,
            **{name: person[name] for name in ("portfolio_id", "department", "person_id")},
            shelf=person["person_shelf"],
            contact_id=call.id,
            reference=new_reference("R", self.book.chance.randrange),
            about=about,
            words=words,
            **dict.fromkeys(("wish", "answer", "change"), ""),
            concerned=list(concerned),
            written_by=call.by.account,
            received_at=at,
            state="received",
            due_at=add(at, days(DAYS), rules),
            version=1,
        )
        self._tell_complaint(row, "filed", at, call.by, {"about": about})
        return row

    def take_complaint(self, row: Row, at: datetime, account: UUID) -> None:
        """Somebody it does not concern takes charge of it."""
        self._complaint_step(row, "take", at, account, "in_hand", taken_at=at)

    def answer_complaint(self, row: Row, at: datetime, account: UUID, finding: str, text: str) -> None:
        """The answer, in the words the person will hear."""
        self._complaint_step(
            row,
            "answer",
            at,
            account,
            "answered",
            {"finding": finding},
            finding=finding,
            answer=text,
            answered_at=at,
        )

    def close_complaint(self, row: Row, at: datetime, account: UUID, ending: str) -> None:
        """What the person thinks of it."""
        self._complaint_step(
            row, "close", at, account, "closed", {"ending": ending}, ending=ending, closed_at=at
        )

    def _complaint_step(
        self,
        row: Row,
        verb: str,
        at: datetime,
        account: UUID,
        state: str,
        body: Row | None = None,
        **changes: Any,
    ) -> None:
        row.update(state=state, version=row["version"] + 1, **changes)
        shared = {name: row[name] for name in ("shelf", "portfolio_id", "department")}
        self.book.add(
            Step, at, **shared, complaint_id=row["id"], verb=verb, note="", at=at, account_id=account
        )
        self._tell_complaint(row, verb, at, By.human(account), body or {})

    def _tell_complaint(self, row: Row, verb: str, at: datetime, by: By, body: Row) -> None:
        self.book.act(f"complaint.{verb}", at, by, subject=(SUBJECT, row["id"]), body=body)
