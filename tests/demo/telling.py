"""The same story told by the verbs themselves, through the methods that ``gruppetto.demo.past`` has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from gruppetto.demo.asking import Request
from gruppetto.demo.past.book import By, Row
from gruppetto.demo.past.contacts import LINE, PROVIDER, Noted
from gruppetto.demo.people import Known
from gruppetto.kernel import clock, journal
from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.people.models import IdentityCheck
from gruppetto.service.complaints import verbs as complaints
from gruppetto.service.complaints.models import Complaint
from gruppetto.service.contacts import verbs as contacts
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.contacts.ports import CallEvent
from gruppetto.service.interventions import jobs
from gruppetto.service.interventions import verbs as interventions
from gruppetto.service.interventions.models import Intervention, Paper
from gruppetto.service.messages import leaving, ports, returns, routing, sending
from gruppetto.service.messages.models import Delivery, Message
from gruppetto.service.messages.verbs import hand_over
from tests.support.database import as_owner

CLOCK = "interventions.end_what_is_over"
RIGHT = {
    "chosen_word": "mimosa",
    "energy_provider": "EDF",
    "phone_provider": "Orange",
    "last_visit": "octobre",
    "correspondent": "Alice",
    "last_request": "ma facture, mon contrat de téléphone, mes revenus",
}


@dataclass
class Handle:
    """A contact or an intervention, by its identifier; ``by``: in whose hands."""

    id: UUID
    by: UUID | None = None
    calls: int = 0

    @property
    def owed(self) -> Handle | None:
        """The call that is owed for the answer."""
        found = CallBack.objects.filter(intervention_id=self.id).order_by("-due_at", "-id").first()
        return Handle(found.pk) if found else None


class ByVerbs:
    """Tells through the verbs, as the web role and the worker, at the moments given."""

    def __init__(self, actors: dict[UUID, Actor]) -> None:
        self.actors = actors
        self.drawn: list[list[str]] = []
        self.events = 0

    @contextmanager
    def _as(self, account: UUID | None, at: datetime) -> Iterator[None]:
        with clock.at(at), acting(self.actors[account] if account else self._service()):
            yield

    def _service(self) -> Actor:
        return Actor.service("telephony", settings.GRUPPETTO_SERVICE_KEY)

    def _job(self, name: str, work: Callable[..., object], at: datetime, **about: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE gruppetto_worker")
            with clock.at(at), acting(Actor.job(name)):
                work(**about)
            cursor.execute("SET LOCAL ROLE gruppetto_web")

    def _follows(self, task: Any, at: datetime, subject_id: UUID) -> None:
        """The job itself: its wrapping would drop the connection that the test's transaction is in."""
        self._job(task.name, task.func.__wrapped__, at, subject_id=str(subject_id))

    def _event(self, state: str, at: datetime, number: str, call_id: str) -> Contact:
        body = json.dumps({"state": state, "call_id": call_id})
        told = CallEvent(LINE, PROVIDER, call_id, state, number, not number, at, at, body)  # type: ignore[arg-type]
        with self._as(None, at):
            return contacts.receive_call(told)

    def _tell(self, call: Handle, state: str, at: datetime) -> None:
        with self._as(None, at):
            contact = Contact.objects.get(pk=call.id)
        self._event(state, at, contact.number, contact.call_id)

    def ring(self, at: datetime, number: str) -> Handle:
        self.events += 1
        return Handle(self._event("ringing", at, number, f"past-{self.events}").pk)

    def miss(self, call: Handle, at: datetime) -> None:
        self._tell(call, "missed", at)

    def take(self, call: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            contacts.take(call.id)
        call.by = account
        self._tell(call, "answered", at)

    def choose_person(self, call: Handle, at: datetime, person: Known, caller: Known | None = None) -> None:
        with self._as(call.by, at):
            contacts.choose_person(call.id, person.id, caller.id if caller else None, person.link)

    def ask_identity(self, call: Handle, at: datetime) -> list[str]:
        with self._as(call.by, at):
            asked = [question.check_id for question in contacts.ask_identity(call.id)]
            facts = dict(IdentityCheck.objects.filter(pk__in=asked).values_list("pk", "fact"))
        self.drawn.append([facts[key] for key in asked])
        return self.drawn[-1]

    def answer_identity(self, call: Handle, at: datetime, fact: str, *, right: bool = True) -> None:
        with self._as(call.by, at):
            check = IdentityCheck.objects.get(contact_id=call.id, fact=fact, result="asked")
            told = contacts.answer_identity(call.id, check.pk, RIGHT[fact] if right else "je ne sais plus")
        assert told.match is right

    def vouch(self, call: Handle, at: datetime, how: str) -> None:
        with self._as(call.by, at):
            contacts.vouch(call.id, how)

    def note_reasons(self, call: Handle, at: datetime, noted: Iterable[Noted]) -> None:
        with self._as(call.by, at):
            contacts.note_reasons(call.id, noted)

    def read_back_accepted(self, call: Handle, at: datetime, sentences: list[str]) -> None:
        with self._as(call.by, at):
            contacts.read_back_accepted(call.id, sentences)

    def end(self, call: Handle, at: datetime) -> None:
        self._tell(call, "ended", at)

    def hang_up(self, call: Handle, at: datetime) -> None:
        with self._as(call.by, at):
            contacts.hang_up(call.id)

    def conclude(self, call: Handle, at: datetime, summary: str) -> None:
        with self._as(call.by, at):
            contacts.conclude(call.id, summary)

    def owe_call_back(
        self, at: datetime, by: By, why: str, person: Known, *, call: Handle, number: str = ""
    ) -> Handle:
        with self._as(by.account, at):
            owed = contacts.owe_call_back(why, person_id=person.id, contact_id=call.id, number=number)
        return Handle(owed.pk)

    def missed_call_back(self, call: Handle) -> Handle:
        with self._as(None, clock.now()):
            return Handle(CallBack.objects.get(contact_id=call.id, why="missed").pk)

    def start_call_back(self, owed: Handle, at: datetime, account: UUID, person: Known) -> Handle:
        with self._as(account, at):
            return Handle(contacts.start_call_back(owed.id).pk, account)

    def attempt_call_back(self, owed: Handle, at: datetime, account: UUID, *, reached: bool) -> None:
        with self._as(account, at):
            contacts.attempt_call_back(owed.id, reached)

    def drop_the_call(self, case: Handle, at: datetime) -> None:
        self._follows(jobs.drop_the_call, at, case.id)

    def write_protected(self, call: Handle, at: datetime, guide: str, words: str, done: list[str]) -> Handle:
        with self._as(call.by, at):
            return Handle(contacts.write_protected(call.id, guide, words, done=done))

    def open_protected(self, record: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            contacts.open_protected(record.id)

    def complain(self, call: Handle, at: datetime, about: str, words: str, concerned: list[UUID]) -> Handle:
        with self._as(call.by, at):
            reference = complaints.file_complaint(call.id, about, words, concerned=concerned)
        with as_owner():
            return Handle(Complaint.objects.get(reference=reference).pk)

    def take_complaint(self, complaint: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            complaints.take(complaint.id, 1)

    def answer_complaint(
        self, complaint: Handle, at: datetime, account: UUID, finding: str, text: str
    ) -> None:
        with self._as(account, at):
            complaints.answer(complaint.id, 2, finding, text)

    def close_complaint(self, complaint: Handle, at: datetime, account: UUID, ending: str) -> None:
        with self._as(account, at):
            complaints.close(complaint.id, 3, ending)

    def open_intervention(
        self, call: Handle, at: datetime, by: By, person: Known, request: Request
    ) -> Handle:
        with self._as(by.account, at):
            opened = interventions.open_intervention(call.id, person.id, request.kind.code, request.answers)
        return Handle(opened.pk)

    def acknowledge(self, case: Handle, at: datetime) -> None:
        self._follows(jobs.acknowledge, at, case.id)

    def hand_over(self, case: Handle, account: UUID, at: datetime) -> None:
        with self._as(account, at):
            hand_over(Message.objects.get(intervention_id=case.id, state="prepared").pk)

    @contextmanager
    def carriers(self) -> Iterator[None]:
        """An operator and a mail server are set up for a time."""
        for channel in ("sms", "email"):
            ports.use_carrier(channel, Taking())
        try:
            yield
        finally:
            for channel in ("sms", "email"):
                ports.use_carrier(channel, None)

    def route(self, case: Handle, at: datetime) -> datetime:
        """Give the message that waits its way; when it leaves."""
        with as_owner():
            prepared = Message.objects.filter(intervention_id=case.id, state="prepared")
            waiting = prepared.earliest("id")
        self._job("messages.route", routing.route, at, message_id=waiting.pk)
        return self._delivery(case).due_at

    def refuse(self, case: Handle, at: datetime) -> None:
        self._claimed(case, at, sending.fail, "wrong-number", wrong_address=True)

    def carry(self, case: Handle, at: datetime) -> None:
        self._claimed(case, at, lambda key: sending.accept(key, self._delivery(case).key or ""))

    def cut(self, case: Handle, at: datetime) -> None:
        self._claimed(case, at, sending.doubt, "cut")

    def arrive(self, case: Handle, at: datetime) -> None:
        delivery = self._delivery(case)
        told = returns.Told("email", "report-1", "arrived", at, about=delivery.key or "")
        self._job("messages.report", returns.receive, at, told=told)
        self._job("messages.report", returns.take_up_reports, at)

    def _claimed(
        self, case: Handle, at: datetime, end: Callable[..., object], *words: str, **more: bool
    ) -> None:
        delivery = self._delivery(case)
        self._job("messages.send", leaving.claim, at, delivery_id=delivery.pk)
        self._job("messages.send", lambda: end(delivery.pk, *words, **more), at)

    def _delivery(self, case: Handle) -> Delivery:
        with as_owner():
            carried = Message.objects.filter(intervention_id=case.id, delivery_id__isnull=False)
            return Delivery.objects.get(pk=carried.order_by("-prepared_at", "-id").values("delivery_id")[:1])

    def look_at(self, case: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            found = Intervention.objects.get(pk=case.id)
            journal.look(
                "intervention.looked_at",
                subject=("interventions.intervention", found.pk),
                person_id=found.person_id,
                portfolio_id=found.portfolio_id,
            )

    def start(self, case: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            interventions.start(case.id)

    def wait(self, case: Handle, at: datetime, account: UUID, awaited: str, why: str) -> None:
        with self._as(account, at):
            interventions.wait(case.id, awaited, why)

    def resume(self, case: Handle, at: datetime, account: UUID, why: str = "") -> None:
        with self._as(account, at):
            interventions.resume(case.id, why)

    def note(self, case: Handle, at: datetime, account: UUID, whom: str, text: str) -> None:
        with self._as(account, at):
            interventions.note(case.id, whom, text)

    def first_paper(self, case: Handle, at: datetime, account: UUID, state: str) -> None:
        with self._as(account, at):
            paper = Paper.objects.filter(intervention_id=case.id).order_by("code").first()
            assert paper is not None
            interventions.set_paper(paper.pk, state)

    def spend(self, case: Handle, at: datetime, account: UUID, seconds: int) -> None:
        with self._as(account, at):
            interventions.spend(case.id, seconds)

    def papers_in(self, case: Handle, at: datetime, account: UUID) -> None:
        with self._as(account, at):
            for paper in Paper.objects.filter(intervention_id=case.id).order_by("code"):
                interventions.set_paper(paper.pk, "received")

    def answer(
        self, case: Handle, at: datetime, account: UUID, outcome: str, text: str, without_papers: str
    ) -> None:
        with self._as(account, at):
            interventions.answer(case.id, outcome, text, without_papers=without_papers)

    def owe_the_answer(self, case: Handle, at: datetime) -> None:
        self._follows(jobs.owe_the_answer, at, case.id)

    def call_owed(self, case: Handle) -> Handle:
        with self._as(None, clock.now()):
            owed = case.owed
        assert owed is not None
        return owed

    def count_calls(self, case: Handle, at: datetime) -> None:
        self._follows(jobs.count_calls, at, self.call_owed(case).id)

    def confirm(self, case: Handle, at: datetime, account: UUID, why: str = "") -> None:
        with self._as(account, at):
            # Whoever does not work it hears the yes in a call of their own.
            hears = Intervention.objects.get(pk=case.id).worker_id != account
            call = Contact.objects.filter(taken_by_id=account, state__in=("taken", "wrapping")).first()
            interventions.confirm(case.id, why, contact_id=call.pk if hears and call else None)

    def give_up_confirming(self, case: Handle, at: datetime) -> None:
        self._job(CLOCK, interventions.give_up_confirming, at, intervention_id=case.id)

    def close(self, case: Handle, at: datetime, account: UUID | None = None) -> None:
        if account is None:
            self._job(CLOCK, interventions.close, at, intervention_id=case.id)
            return
        with self._as(account, at):
            interventions.close(case.id)

    def reopen(self, case: Handle, at: datetime, account: UUID, why: str) -> None:
        with self._as(account, at):
            interventions.reopen(case.id, why)

    def cancel(self, case: Handle, at: datetime, account: UUID, why: str) -> None:
        with self._as(account, at):
            interventions.cancel(case.id, why)


class Taking:
    """A carrier; what came of handing over is told by the story."""

    remembers = False

    def send(self, outgoing: ports.Outgoing) -> str:
        raise AssertionError("the story tells what comes of it")

    def find(self, key: str) -> str | None:
        raise AssertionError("nobody asks")


class ByPast:
    """What a story needs beside the methods of ``Past``, where the verbs would ask the database."""

    def __init__(self, past: object, drawn: list[list[str]]) -> None:
        self.past, self.drawn = past, list(drawn)
        self.carried: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.past, name)

    def ask_identity(self, call: object, at: datetime) -> list[str]:
        return self.past.ask_identity(call, at, self.drawn.pop(0))  # type: ignore[attr-defined]

    def complain(self, call: object, at: datetime, about: str, words: str, concerned: list[UUID]) -> Row:
        past: Any = self.past
        row: Row = past.file_complaint(call, at, about, words, concerned, past.rules)
        return row

    def missed_call_back(self, call: object) -> Row:
        return self.past.story.missed[-1]  # type: ignore[attr-defined]

    def call_owed(self, case: object) -> Row:
        return case.owed  # type: ignore[attr-defined]

    def drop_the_call(self, case: object, at: datetime) -> None:
        self.past.drop_the_call(case.owed, at)  # type: ignore[attr-defined]

    def hand_over(self, case: object, account: UUID, at: datetime) -> None:
        waiting = next(one for one in case.messages if one["state"] == "prepared")  # type: ignore[attr-defined]
        self.past.hand_over(case, waiting, at, account)  # type: ignore[attr-defined]

    @contextmanager
    def carriers(self) -> Iterator[None]:
        """The past routes what it is asked to."""
        yield

    def route(self, case: Any, at: datetime) -> datetime:
        waiting = next(one for one in case.messages if one["state"] == "prepared")
        self.carried = self.sendings.route(waiting, case.person, at)
        return self.carried.due

    def refuse(self, case: object, at: datetime) -> None:
        self.sendings.claim(self.carried, at)
        self.carried = self.sendings.fail(self.carried, at, "wrong-number")

    def carry(self, case: object, at: datetime) -> None:
        self.sendings.claim(self.carried, at)
        self.sendings.accept(self.carried, at)

    def cut(self, case: object, at: datetime) -> None:
        self.sendings.claim(self.carried, at)
        self.sendings.doubt(self.carried, at, "cut")

    def arrive(self, case: object, at: datetime) -> None:
        self.sendings.arrive(self.carried, at)

    def papers_in(self, case: Any, at: datetime, account: UUID) -> None:
        for paper in sorted(case.papers, key=lambda one: str(one["code"])):
            self.past.set_paper(case, paper, at, account, "received")  # type: ignore[attr-defined]

    def first_paper(self, case: object, at: datetime, account: UUID, state: str) -> None:
        paper = min(case.papers, key=lambda one: one["code"])  # type: ignore[attr-defined]
        self.past.set_paper(case, paper, at, account, state)  # type: ignore[attr-defined]
