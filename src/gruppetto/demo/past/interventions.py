"""Interventions as ``service.interventions.verbs`` would have written them; each method has the name of its verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gruppetto.demo.asking import Request
from gruppetto.demo.past.book import By, Row
from gruppetto.demo.past.complaining import Complains
from gruppetto.demo.past.contacts import Call
from gruppetto.demo.past.sending import Sendings, trace_message
from gruppetto.demo.people import Known
from gruppetto.demo.territory import Stage
from gruppetto.kernel.calendars import OpeningRules
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.identifiers.references import ALPHABET, PAYLOAD, new_reference
from gruppetto.service.commitments.reads import Terms
from gruppetto.service.interventions.clocks import STOPPED, Promise
from gruppetto.service.interventions.models import (
    Attempt,
    Intervention,
    Move,
    Note,
    Outcome,
    Paper,
    TimeSpent,
)
from gruppetto.service.interventions.states import TABLE
from gruppetto.service.interventions.verbs.answering import CALLS_BEFORE_LETTER
from gruppetto.service.interventions.verbs.steps import LONGEST_WHY
from gruppetto.service.interventions.verbs.working import WAITS
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.texts import shipped

SUBJECT = "interventions.intervention"
TARGET = {verb: target.value for verb, _sources, target, _who, _label in TABLE}
REFERENCES = len(ALPHABET) ** PAYLOAD
# Coprime with 19: the references follow one another without a visible order, and never come twice.
STRIDE = 387_420_489
STOPS = {state.value for state in STOPPED}
CAPACITIES = {"holder": "titulaire du portefeuille", "substitute": "remplaçant du jour"}


@dataclass
class Case:
    """An intervention: its row, what was asked, whose it is, its promise and its papers."""

    row: Row
    request: Request
    person: Known
    promise: Promise
    papers: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    owed: Row | None = None
    calls: int = 0
    letter: bool = False

    @property
    def id(self) -> UUID:
        key: UUID = self.row["id"]
        return key

    @property
    def worker(self) -> UUID:
        account: UUID = self.row["worker_id"]
        return account


@dataclass
class Past(Complains):
    """Both rooms together, for one person after the other. ``opened``: how many interventions so far."""

    stage: Stage = field(default_factory=lambda: Stage({}))
    rules: OpeningRules = field(kw_only=True)
    opened: int = 0
    sendings: Sendings = field(init=False)

    def __post_init__(self) -> None:
        self.rules_json = self.rules.to_json()
        self.sendings = Sendings(self.book, self.stage.teams, self.rules)

    def open_intervention(
        self, call: Call | None, at: datetime, by: By, person: Known, request: Request, *, title: str = ""
    ) -> Case:
        """A request becomes an intervention of the person's correspondent of that day."""
        kind = request.kind
        promise = Promise.begin(at, request.target, self.rules)
        due = promise.due(unless_stopped=at)
        worker, capacity = self.stage.worker(person.portfolio, at.astimezone(PARIS).date())
        shared = {"shelf": person.shelf, "portfolio_id": person.portfolio, "department": person.department}
        row = self.book.add(
            Intervention,
            at,
            **shared,
            person_id=person.id,
            contact_id=call.id if call else None,
            reference=self._reference(),
            kind=kind.code,
            kind_version=kind.version,
            title=(title or kind.label)[:160],
            domain=kind.domain.value,
            grade=request.grade.value,
            price_class=kind.price_class.value,
            sensitivity=kind.sensitivity.value,
            urgent=request.urgent,
            answers=request.stored,
            reason=kind.reason,
            state="assigned",
            state_since=at,
            worker_id=worker,
            opened_at=at,
            clock=self._clock(promise),
            due_at=due,
            first_due_at=due,
            first_answered_at=None,
            outcome="",
            reopened=0,
            seconds_spent=0,
            version=1,
        )
        case = Case(row, request, person, promise)
        for paper in request.papers:
            facts = {"code": paper.code, "label": paper.label[:160], "reason": paper.why[:300]}
            case.papers.append(self._hung(Paper, case, at, **facts, state="needed"))
        opening = {"source": "", "target": "opened", "verb": "open", "why": ""}
        self._hung(Move, case, at, **opening, at=at, account_id=by.account, actor=by.name)
        self.opened += 1
        body = {"kind": kind.code, "reference": row["reference"]}
        self._tell(case, "intervention.opened", at, by, body)
        self._moved(case, "assign", "opened", CAPACITIES[capacity], at, by)
        return case

    def acknowledge(self, case: Case, at: datetime) -> None:
        """The job that follows: the acknowledgement with its delay."""
        facts = {
            "reference": case.row["reference"],
            "title": case.row["title"],
            "worker": self.stage.staff[case.worker],
            "delay": f"au plus tard {moment_text(case.row['due_at'])}",
            "papers": "\n".join(
                f"- {one['label']}" for one in sorted(case.papers, key=lambda one: str(one["code"]))
            ),
        }
        key = f"acknowledgement:{case.id}"
        kind = "acknowledgement-papers" if facts["papers"] else "acknowledgement"
        until = case.row["due_at"]
        self._prepare(case, at, "interventions.acknowledge", kind, key, facts, case.person.channel, until)

    def hand_over(self, case: Case, message: Row, at: datetime, account: UUID) -> None:
        """Somebody gave, read or posted the message."""
        message.update(state="sent", sent_at=at, sent_by=account)
        trace_message(self.book, "message.sent", message, at, By.human(account))

    def look_at(self, case: Case, at: datetime, account: UUID) -> None:
        """Somebody opens the page of the intervention."""
        row = case.row
        self.book.look(
            "intervention.looked_at",
            at,
            By.human(account),
            subject=(SUBJECT, case.id),
            person=row["person_id"],
            portfolio=row["portfolio_id"],
        )

    def start(self, case: Case, at: datetime, account: UUID) -> None:
        """Begin to work on it."""
        self._step(case, "start", at, By.human(account), worker_id=account)

    def wait(self, case: Case, at: datetime, account: UUID, awaited: str, why: str) -> None:
        """Wait for the person, the provider or the paper."""
        self._step(case, WAITS[awaited], at, By.human(account), why)

    def resume(self, case: Case, at: datetime, account: UUID, why: str = "") -> None:
        """What was awaited has come."""
        self._step(case, "resume", at, By.human(account), why)

    def note(self, case: Case, at: datetime, account: UUID, whom: str, text: str) -> None:
        """A note, for us or said to the person."""
        author = self.stage.staff[account]
        self._hung(Note, case, at, whom=whom, text=text, at=at, account_id=account, author=author)
        self._tell(case, "intervention.noted", at, By.human(account), {"whom": whom})

    def set_paper(self, case: Case, paper: Row, at: datetime, account: UUID, state: str) -> None:
        """Where a paper stands."""
        paper.update(state=state, changed_at=at, changed_by=account)
        body = {"paper": paper["code"], "state": state}
        self._tell(case, "intervention.paper_changed", at, By.human(account), body)

    def spend(self, case: Case, at: datetime, account: UUID, seconds: int) -> None:
        """Time measured."""
        self._hung(TimeSpent, case, at, account_id=account, seconds=seconds, at=at)
        case.row["seconds_spent"] += seconds

    def answer(
        self, case: Case, at: datetime, account: UUID, outcome: str, text: str, without_papers: str = ""
    ) -> None:
        """The answer, in the words the person will hear; ``without_papers``: why it was filed without some."""
        lacked = f", sans tous les papiers ({without_papers})" if without_papers else ""
        first = case.row["first_answered_at"] or at
        self._step(
            case,
            "answer",
            at,
            By.human(account),
            f"{Outcome(outcome).label}{lacked}. {text}",
            outcome=outcome,
            answer=text,
            answered_at=at,
            first_answered_at=first,
        )
        case.calls, case.letter = 0, False
        self.story.answered = True

    def owe_the_answer(self, case: Case, at: datetime) -> None:
        """The job that follows: the call is owed."""
        by = By.job("interventions.owe_the_answer")
        case.owed = self.owe_call_back(at, by, "confirm", case.person, intervention_id=case.id)

    def count_calls(self, case: Case, at: datetime) -> None:
        """The job that follows a call in vain: a try, and after the second one the letter."""
        by = By.job("interventions.count_calls")
        self._tried(case, at, by, "call")
        case.calls += 1
        if case.calls >= CALLS_BEFORE_LETTER and not case.letter:
            facts = {name: case.row[name] for name in ("title", "answer", "reference")}
            key = f"answer-to-confirm:{case.id}:{case.row['reopened']}"
            letter = self._prepare(case, at, by.name[4:], "answer-to-confirm", key, facts, "letter")
            self._tried(case, at, by, "letter", letter["id"])
            case.letter = True

    def confirm(self, case: Case, at: datetime, account: UUID, why: str = "") -> None:
        """The person said yes."""
        by = By.human(account)
        self._step(case, "confirm", at, by, why, confirmed_at=at, confirmed_to=account)

    def give_up_confirming(self, case: Case, at: datetime) -> None:
        """The clock: two calls and a letter had no reply."""
        self._step(case, "give_up_confirming", at, By.job("interventions.end_what_is_over"))

    def close(self, case: Case, at: datetime, account: UUID | None = None) -> None:
        """Closed by who works it, or by the clock."""
        by = By.human(account) if account else By.job("interventions.end_what_is_over")
        self._step(case, "close", at, by, closed_at=at)

    def reopen(self, case: Case, at: datetime, account: UUID, why: str) -> None:
        """The person says no: a new clock."""
        worker, _capacity = self.stage.worker(case.person.portfolio, at.astimezone(PARIS).date())
        again = Terms(case.promise.clock.target, self.rules)
        case.promise = case.promise.renewed(at, again, case.row["due_at"], case.row["answered_at"])
        case.row["clock"], case.row["due_at"] = self._clock(case.promise), case.promise.due(at)
        self._step(
            case,
            "reopen",
            at,
            By.human(account),
            why,
            worker_id=worker,
            reopened=case.row["reopened"] + 1,
            outcome="",
            answered_at=None,
            confirmed_at=None,
            confirmed_to=None,
            closed_at=None,
        )

    def cancel(self, case: Case, at: datetime, account: UUID, why: str) -> None:
        """The person no longer wants it."""
        self._step(case, "cancel", at, By.human(account), why)

    def _step(self, case: Case, verb: str, at: datetime, by: By, why: str = "", **changes: Any) -> None:
        source, target = case.row["state"], TARGET[verb]
        if (target in STOPS) != case.promise.clock.is_paused:
            case.promise = case.promise.entering(target, at)
            case.row["due_at"] = case.promise.due(unless_stopped=case.row["due_at"])
            case.row["clock"] = self._clock(case.promise)
        case.row.update(state=target, state_since=at, **changes)
        case.row["version"] += 1
        self._moved(case, verb, source, why, at, by)

    def _moved(self, case: Case, verb: str, source: str, why: str, at: datetime, by: By) -> None:
        target = case.row["state"]
        facts = {"source": source, "target": target, "verb": verb, "why": why[:LONGEST_WHY]}
        self._hung(Move, case, at, **facts, at=at, account_id=by.account, actor=by.name)
        body = {"source": source, "target": target, "why": why}
        if case.row["outcome"]:
            body["outcome"] = case.row["outcome"]
        self._tell(case, f"intervention.{verb}", at, by, body)

    def _tried(self, case: Case, at: datetime, by: By, how: str, message_id: UUID | None = None) -> None:
        self._hung(Attempt, case, at, how=how, at=at, account_id=by.account, message_id=message_id)
        self._tell(case, "intervention.attempted", at, by, {"how": how})

    def _prepare(
        self,
        case: Case,
        at: datetime,
        job: str,
        kind: str,
        key: str,
        facts: dict[str, str],
        channel: str,
        until: datetime | None = None,
    ) -> Row:
        person = case.person
        words = shipped(kind, {**facts, "person": person.name})
        message = self.book.add(
            Message,
            at,
            shelf=person.shelf,
            portfolio_id=person.portfolio,
            department=person.department,
            person_id=person.id,
            channel=channel,
            kind=kind,
            key=key,
            title=words.title,
            text=words.text,
            short=words.short,
            state="prepared",
            intervention_id=case.id,
            promised_until=until,
            prepared_at=at,
        )
        case.messages.append(message)
        trace_message(self.book, "message.prepared", message, at, By.job(job))
        return message

    def _hung(self, model: Any, case: Case, made: datetime, **facts: Any) -> Row:
        shared = {name: case.row[name] for name in ("shelf", "portfolio_id", "department")}
        return self.book.add(model, made, **shared, intervention_id=case.id, **facts)

    def _tell(self, case: Case, verb: str, at: datetime, by: By, body: Row) -> None:
        row = case.row
        self.book.act(
            verb,
            at,
            by,
            subject=(SUBJECT, case.id),
            person=row["person_id"],
            portfolio=row["portfolio_id"],
            body=body,
        )

    def _clock(self, promise: Promise) -> dict[str, Any]:
        past = {"past": promise.to_json()["past"]} if promise.past else {}
        return {"clock": promise.clock.to_json(), "rules": self.rules_json, **past}

    def references(self) -> Iterator[str]:
        """Those not yet given, one after the other."""
        while True:
            yield self._reference()
            self.opened += 1

    def _reference(self) -> str:
        """The next reference: drawn from a walk over all of them, so that none comes twice."""
        rest = (self.opened * STRIDE + STRIDE // 3) % REFERENCES

        def digit(size: int) -> int:
            nonlocal rest
            rest, one = divmod(rest, size)
            return one

        return new_reference("I", digit)
