"""One story with everything in it, told step by step to whoever writes it (verbs, or the past)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gruppetto.demo.asking import Request
from gruppetto.demo.past.book import By
from gruppetto.demo.people import Known


@dataclass(frozen=True)
class Told:
    """Who is in it: ``agent`` answers, ``worker`` holds the person's portfolio, ``supervisor`` leads.

    ``requests``: what is asked for, in turn.
    """

    person: Known
    agent: UUID
    worker: UUID
    supervisor: UUID
    requests: tuple[Request, ...]


class Telling:
    """The story, from ``begin`` on: each step takes half a minute unless days pass."""

    def __init__(self, teller: Any, told: Told, begin: datetime) -> None:
        self.teller, self.told, self.at = teller, told, begin

    def pass_(self, **time: int) -> datetime:
        """Time passes; the moment it is then."""
        self.at += timedelta(**(time or {"seconds": 30}))
        return self.at

    def tell(self) -> None:
        """All of it."""
        asked, left = self.missed_then_answered()
        self.worked_and_closed(asked)
        waiting = self.wrong_answer()
        self.for_another()
        self.given_up(left)
        self.stranger()
        self.sent_by_itself(waiting, left)

    def missed_then_answered(self) -> tuple[Any, Any]:
        """Missed, called back in vain, then the person calls, asks for two things, and is read back."""
        teller, told, person = self.teller, self.told, self.told.person
        missed = teller.ring(self.at, person.number)
        teller.miss(missed, self.pass_())
        owed = teller.missed_call_back(missed)
        out = teller.start_call_back(owed, self.pass_(minutes=20), told.agent, person)
        teller.choose_person(out, self.pass_(), person)
        teller.attempt_call_back(owed, self.pass_(), told.agent, reached=False)
        teller.hang_up(out, self.pass_())
        teller.conclude(out, self.pass_(), "Pas de réponse.")
        # She calls again: we had tried, so this repeats nothing, and nothing is owed any more.
        call = teller.ring(self.pass_(minutes=5), person.number)
        teller.take(call, self.pass_(), told.agent)
        teller.choose_person(call, self.pass_(), person)
        self.identify(call)
        first, second = told.requests[:2]
        teller.note_reasons(
            call, self.pass_(), [(one.kind.reason, one.kind.sub_reason, "") for one in (first, second)]
        )
        cases = [self.open(call, one) for one in (first, second)]
        words, done = "On lui a demandé son code.", ["un pas"]
        record = teller.write_protected(call, self.pass_(), "scam-in-progress", words, done)
        teller.open_protected(record, self.pass_(), told.supervisor)
        complaint = teller.complain(call, self.pass_(), "conduct", "Elle a raccroché.", [told.worker])
        teller.take_complaint(complaint, self.pass_(), told.supervisor)
        teller.answer_complaint(complaint, self.pass_(), told.supervisor, "founded", "Excusez-nous.")
        teller.close_complaint(complaint, self.pass_(), told.supervisor, "satisfied")
        teller.end(call, self.pass_())
        teller.conclude(call, self.pass_(), "Deux demandes.")
        return cases[0], cases[1]

    def worked_and_closed(self, case: Any) -> None:
        """Begun, stopped for a paper, answered, refused by the person, answered again, accepted, closed."""
        teller, told = self.teller, self.told
        teller.look_at(case, self.pass_(hours=1), told.worker)
        teller.start(case, self.pass_(), told.worker)
        teller.hand_over(case, told.worker, self.pass_())
        teller.note(case, self.pass_(), told.worker, "us", "dossier retrouvé")
        teller.first_paper(case, self.pass_(), told.worker, "asked")
        teller.wait(case, self.pass_(), told.worker, "paper", "la facture")
        teller.first_paper(case, self.pass_(days=1), told.worker, "received")
        teller.resume(case, self.pass_(), told.worker, "reçue")
        teller.wait(case, self.pass_(), told.worker, "provider", "le service client")
        teller.resume(case, self.pass_(hours=3), told.worker)
        teller.spend(case, self.pass_(), told.worker, 400)
        self.answer(case, without_papers="déjà partie")
        out = self.call_owed(case, reached=True)
        teller.reopen(case, self.pass_(), told.worker, "ce n’est pas la bonne facture")
        self.end_out(out)
        teller.spend(case, self.pass_(hours=2), told.worker, 60)
        teller.papers_in(case, self.pass_(), told.worker)
        self.answer(case, outcome="partly")
        # She calls for news before we do, for the same reason as the first time.
        call = teller.ring(self.pass_(hours=1), self.told.person.number)
        teller.take(call, self.pass_(), told.agent)
        teller.choose_person(call, self.pass_(), told.person)
        self.identify(call)
        reason = told.requests[0].kind
        noted = [(reason.reason, reason.sub_reason, ""), ("follow-request", "decision", "la réponse")]
        teller.note_reasons(call, self.pass_(), noted)
        teller.confirm(case, self.pass_(), told.agent, "oui")
        teller.drop_the_call(case, self.pass_())
        teller.end(call, self.pass_())
        teller.conclude(call, self.pass_(), "Réponse acceptée.")
        teller.close(case, self.pass_(), told.worker)

    def given_up(self, case: Any) -> None:
        """Two calls in vain, a letter, ten days, fifteen more."""
        teller, told = self.teller, self.told
        teller.start(case, self.pass_(hours=1), told.worker)
        teller.papers_in(case, self.pass_(), told.worker)
        self.answer(case)
        for _call in range(2):
            out = self.call_owed(case, reached=False)
            teller.count_calls(case, self.pass_())
            self.end_out(out)
            self.pass_(hours=5)
        teller.give_up_confirming(case, self.pass_(days=11))
        teller.close(case, self.pass_(days=16))

    def wrong_answer(self) -> Any:
        """One wrong answer: not enough; their own correspondent calls a verified number and knows the voice."""
        teller, told, person = self.teller, self.told, self.told.person
        call = teller.ring(self.pass_(days=1), "")
        teller.take(call, self.pass_(), told.agent)
        teller.choose_person(call, self.pass_(), person)
        right, wrong = teller.ask_identity(call, self.pass_())
        teller.answer_identity(call, self.pass_(), right)
        teller.answer_identity(call, self.pass_(), wrong, right=False)
        # Her daughter calls for the same tomorrow: the second time.
        teller.note_reasons(call, self.pass_(), [("follow-request", "no-news", "")])
        owed = teller.owe_call_back(self.pass_(), By.human(told.agent), "safety", person, call=call)
        teller.end(call, self.pass_())
        teller.conclude(call, self.pass_(), "Identité non confirmée.")
        out = self.called(owed)
        case = self.open(out, told.requests[2], by=told.worker)
        self.end_out(out)
        teller.cancel(case, self.pass_(hours=1), told.worker, "son fils s’en occupe")
        return case

    def sent_by_itself(self, case: Any, other: Any) -> None:
        """By SMS to a number that is wrong, then by courriel, which arrives; the next message is cut on its way."""
        teller = self.teller
        with teller.carriers():
            at = teller.route(case, self.pass_())
            teller.refuse(case, at)
            teller.carry(case, at + timedelta(seconds=1))
            teller.arrive(case, at + timedelta(minutes=1))
            at = teller.route(other, at + timedelta(hours=1))
            teller.cut(other, at)

    def for_another(self) -> None:
        """Her daughter calls; she is promised that her mother will be."""
        teller, told, person = self.teller, self.told, self.told.person
        assert person.kin is not None
        call = teller.ring(self.pass_(hours=1), person.kin.number)
        teller.take(call, self.pass_(), told.agent)
        teller.choose_person(call, self.pass_(), person, person.kin)
        teller.note_reasons(call, self.pass_(), [("follow-request", "no-news", "")])
        by = By.human(told.agent)
        owed = teller.owe_call_back(self.pass_(), by, "promised", person, call=call, number=person.number)
        teller.end(call, self.pass_())
        teller.conclude(call, self.pass_(), "Pour sa mère.")
        self.end_out(self.called(owed))

    def stranger(self) -> None:
        """Somebody nobody knows."""
        teller, told = self.teller, self.told
        call = teller.ring(self.pass_(hours=1), "+33639988999")
        teller.take(call, self.pass_(), told.agent)
        teller.note_reasons(call, self.pass_(), [("my-account", "subscription", "")])
        teller.end(call, self.pass_())

    def identify(self, call: Any) -> None:
        """Two right answers."""
        for fact in self.teller.ask_identity(call, self.pass_()):
            self.teller.answer_identity(call, self.pass_(), fact)

    def open(self, call: Any, request: Request, by: UUID | None = None) -> Any:
        """Opened, acknowledged, read back."""
        teller, told = self.teller, self.told
        case = teller.open_intervention(call, self.pass_(), By.human(by or told.agent), told.person, request)
        teller.acknowledge(case, self.pass_())
        teller.read_back_accepted(call, self.pass_(), request.read_aloud(told.person.name, "bientôt"))
        return case

    def answer(self, case: Any, outcome: str = "done", without_papers: str = "") -> None:
        """Answered; the call is owed."""
        words = ("C’est fait.", without_papers)
        self.teller.answer(case, self.pass_(), self.told.worker, outcome, *words)
        self.teller.owe_the_answer(case, self.pass_())

    def call_owed(self, case: Any, *, reached: bool) -> Any:
        """The call for the answer."""
        owed = self.teller.call_owed(case)
        return self.called(owed, reached=reached)

    def called(self, owed: Any, *, reached: bool = True) -> Any:
        """Called back by the correspondent, who knows the voice."""
        teller, told = self.teller, self.told
        out = teller.start_call_back(owed, self.pass_(hours=1), told.worker, told.person)
        teller.attempt_call_back(owed, self.pass_(), told.worker, reached=reached)
        if reached:
            teller.vouch(out, self.pass_(), "voice")
            teller.note_reasons(out, self.pass_(), [("follow-request", "decision", "")])
        return out

    def end_out(self, call: Any) -> None:
        """We hang up."""
        self.teller.hang_up(call, self.pass_())
        self.teller.conclude(call, self.pass_(), "Rappelée.")
