"""What happens to a person: they call, ask, talk, ask for news; somebody calls for them. One life after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from gruppetto.demo import names
from gruppetto.demo.asking import Request, Requests
from gruppetto.demo.moments import Moments
from gruppetto.demo.past.book import Row
from gruppetto.demo.past.contacts import Call, Noted, Story
from gruppetto.demo.past.interventions import Case, Past
from gruppetto.demo.people import Known
from gruppetto.demo.posting import Posting
from gruppetto.demo.working import DAY
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers.dates import moment_text

# Calls of a subscriber in a month that ask for something, then those that only want to understand; with the calls
# for news that follow, 4.33 received calls and 3.03 interventions (mission.md).
ASKS, TALKS = 2.37, 1.25
SECOND_REQUEST = 0.32
TALKED_ABOUT: tuple[tuple[Noted, str, int], ...] = (
    (("understand", "", ""), "Lettre lue ensemble, rien à faire.", 42),
    (("appointment", "remind", ""), "Date du rendez-vous redite.", 18),
    (("my-account", "subscription", ""), "Explication de l’abonnement.", 14),
    (("pay-or-be-paid", "bill", ""), "Facture expliquée, montant correct.", 12),
    (("alert", "suspicious-contact", ""), "Appel suspect : ne rien donner, raccrocher.", 8),
    (("complaint", "delay", ""), "Réclamation sur un délai, transmise au responsable.", 3),
    (("understand", "", "Vœux de la mairie"), "Invitation lue ensemble.", 3),
)
STRANGERS = (
    (("my-account", "subscription", ""), "Demande de renseignements sur l’abonnement."),
    (("understand", "", ""), "Personne orientée vers sa mairie."),
)


class Lives(Posting):
    """A life begun before ``until`` stops there (a call that begins just before lasts at most 20 minutes)."""

    def __init__(
        self, past: Past, moments: Moments, requests: Requests, until: datetime, months: float
    ) -> None:
        super().__init__(past, moments, until)
        self.requests, self.months, self.calls = requests, months, 0
        # When the person last asked for something of each reason.
        self.wished: dict[str, datetime] = {}
        weights = {"agent": 3.0 * len(past.stage.answering), "correspondent": 1.0, "supervisor": 0.2}
        self.takers = list(past.stage.answering)
        self.weights = [weights[role] for role in past.stage.answering.values()]

    def live(self, person: Known) -> None:
        """The whole of what happened to ``person``, in order."""
        self.person, self.past.story, self.ahead, self.wished = person, Story(), [], {}
        weight = self.chance.gammavariate(2, 0.5) * self.months
        for rate, action in ((ASKS, self.ask), (TALKS, self.talk)):
            for _ in range(self._poisson(rate * weight)):
                self._at(self.moments.draw(self.chance), action)
        self._happen()

    def strangers(self, number: int) -> None:
        """``number`` calls of people nobody knows, some with a hidden number."""
        for _ in range(number):
            self.past.story, self.ahead = Story(), []
            self._at(self.moments.draw(self.chance), self.unknown)
            self._happen()

    def ask(self, at: datetime) -> None:
        """They call to ask for something, or somebody calls for them."""
        asked = self._wished(at)
        kin = self.person.kin if self.chance.random() < 0.22 else None
        if self.chance.random() < 0.05:
            self._missed(at, asked)
            return
        call, at = self._taken(at, kin.number if kin else self._number())
        if kin is not None:
            self._for_another(call, at, kin, asked)
        else:
            self._end(
                call, self._serve(call, self._chosen(call, at, self.person), asked), asked[0].kind.label
            )

    def talk(self, at: datetime) -> None:
        """They call to understand something: nothing to open."""
        weights = [weight for _noted, _summary, weight in TALKED_ABOUT]
        noted, summary, _weight = self.chance.choices(TALKED_ABOUT, weights)[0]
        call, at = self._taken(at, self._number())
        at = self._chosen(call, at, self.person)
        if noted[0] in ("my-account", "complaint"):
            at = self._identified(call, at)
        self.past.note_reasons(call, at, [noted])
        if noted[0] == "complaint":
            at = self._complained(call, self._later(at, 30, 90))
        if noted[0] == "alert" and self.chance.random() < 0.25:
            at = self._later(at, 20, 60)
            words = (
                "Quelqu’un se dit de la banque et demande le code de la carte. La personne n’a rien donné."
            )
            record = self.past.write_protected(call, at, "scam-in-progress", words, [])
            self._after(at, self.chance.uniform(5, DAY), partial(self.read_protected, record=record))
        self._end(call, at, summary)

    def news(self, at: datetime, case: Case) -> None:
        """They call to know where their request is; what waited for them goes on, what was answered is confirmed."""
        state = case.row["state"]
        if state in ("confirmed", "closed", "cancelled", "not_confirmed"):
            return
        call, at = self._taken(at, self._number())
        at = self._identified(call, self._chosen(call, at, self.person))
        told = state == "answered"
        self.past.note_reasons(call, at, [("follow-request", "decision" if told else "no-news", "")])
        taker, at = _account(call), self._later(at, 20, 90)
        if call.row["level"] < 2:
            told = False
        elif told:
            self.past.confirm(case, at, taker, "Oui, c’est ce que je voulais.")
            if case.owed:
                self.past.drop_the_call(case.owed, at + timedelta(seconds=1))
            self._close_later(case, at)
        elif state == "waiting_person":
            self.past.resume(case, at, taker, "La personne a choisi.")
            self._after(at, self.chance.uniform(30, DAY), partial(self.answer, case=case))
        elif self.chance.random() < 0.05:
            self.past.cancel(case, at, taker, "Son fils s’en est occupé.")
        elif self.chance.random() < 0.25:
            self._after(at, self.chance.uniform(0.8, 2) * DAY, partial(self.news, case=case))
        self._end(call, at, "Réponse dite et acceptée." if told else "Où en est la demande : dit.")

    def _complained(self, call: Call, at: datetime) -> datetime:
        worker, _capacity = self.past.stage.worker(self.person.portfolio, at.astimezone(PARIS).date())
        words = "J’attends depuis trois semaines et personne ne m’a rappelée."
        complaint = self.past.file_complaint(call, at, "delay", words, [worker], self.past.rules)
        if self.past.stage.supervisor:
            later = self.chance.uniform(0.1, 1.5) * DAY
            self._after(at, later, partial(self.answer_complaint, complaint=complaint))
        return at

    def answer_complaint(self, at: datetime, complaint: Row) -> None:
        """The supervisor takes it in charge, answers some days later, closes it once the person has said what of it."""
        supervisor = self.past.stage.supervisor
        if supervisor is None:
            raise RuntimeError("nobody leads")
        if complaint["state"] == "received":
            self.past.take_complaint(complaint, at, supervisor)
            after = self.chance.uniform(2, 7) * DAY
        elif complaint["state"] == "in_hand":
            said = (
                "Vous avez raison : nous aurions dû vous appeler. Votre correspondante vous appelle demain."
            )
            self.past.answer_complaint(complaint, at, supervisor, "founded", said)
            after = self.chance.uniform(2, 10) * DAY
        else:
            self.past.close_complaint(complaint, at, supervisor, "satisfied")
            return
        self._after(at, after, partial(self.answer_complaint, complaint=complaint))

    def read_protected(self, at: datetime, record: Row) -> None:
        """The supervisor reads what was heard."""
        if supervisor := self.past.stage.supervisor:
            self.past.open_protected(record, at, supervisor)

    def unknown(self, at: datetime) -> None:
        """Somebody nobody knows: general information."""
        number = names.mobile(names.STRANGERS + self.chance.randrange(names.STAFF - names.STRANGERS))
        call, at = self._taken(at, "" if self.chance.random() < 0.3 else number)
        noted, summary = self.chance.choice(STRANGERS)
        at = self._later(at, 40, 120)
        self.past.note_reasons(call, at, [noted])
        self._end(call, at, summary)

    def _wished(self, at: datetime) -> list[Request]:
        """One thing, or two; the same again within weeks is possible, and rare."""
        asked: list[Request] = []
        for _wish in range(2 if self.chance.random() < SECOND_REQUEST else 1):
            for _try in range(4):
                one = self.requests.draw(self.chance, at)
                reason = one.kind.reason
                last = self.wished.get(reason)
                if last is None or at - last > self.past.periods[reason] or self.chance.random() < 0.12:
                    break
            if one.kind.code not in (other.kind.code for other in asked):
                self.wished[reason] = at
                asked.append(one)
        return asked

    def _number(self) -> str:
        draw = self.chance.random()
        if draw < 0.02:
            return ""
        return self.person.mobile if self.person.mobile and draw < 0.3 else self.person.number

    def _taken(self, at: datetime, number: str) -> tuple[Call, datetime]:
        call = self.past.ring(at, number)
        self.calls += 1
        at += timedelta(seconds=min(3 + self.chance.expovariate(1 / 15), 110))
        self.past.take(call, at, self._taker())
        return call, at

    def _taker(self) -> UUID:
        return self.chance.choices(self.takers, self.weights)[0]

    def _missed(self, at: datetime, asked: list[Request]) -> None:
        """Nobody takes it; they call again, or we call them back."""
        call = self.past.ring(at, self._number())
        self.calls += 1
        at = self._later(at, 25, 70)
        self.past.miss(call, at)
        owed = self.past.story.missed[-1] if call.row["number"] else None
        if owed is None or self.chance.random() < 0.4:
            self._after(at, self.chance.uniform(10, 120), self.ask)
        else:
            self._after(at, self.chance.uniform(20, 300), partial(self.call_back, owed=owed, asked=asked))

    def _identified(self, call: Call, at: datetime) -> datetime:
        """Two questions; few are wrong, none twice in a row."""
        at = self._later(at, 5, 20)
        for fact in self.past.ask_identity(call, at):
            at = self._later(at, 8, 25)
            self.past.answer_identity(call, at, fact, right=self.chance.random() > 0.02)
        return at

    def _serve(self, call: Call, at: datetime, asked: list[Request]) -> datetime:
        """Identity, reasons, requests, read back; without enough identity, a call back on a verified number."""
        at = self._identified(call, at)
        allowed = [one for one in asked if call.row["level"] >= one.kind.identity_level]
        at = self._noted(call, at, asked)
        if len(allowed) < len(asked):
            owed = self.past.owe_call_back(at, call.by, "safety", self.person, call=call)
            left = [one for one in asked if one not in allowed]
            self._after(at, self.chance.uniform(20, 200), partial(self.call_back, owed=owed, asked=left))
        return self._opened(call, at, allowed)

    def _noted(self, call: Call, at: datetime, asked: list[Request]) -> datetime:
        at = self._later(at, 5, 30)
        reasons = {(one.kind.reason, one.kind.sub_reason, ""): None for one in asked}
        self.past.note_reasons(call, at, reasons)
        return at

    def _opened(self, call: Call, at: datetime, asked: list[Request]) -> datetime:
        for request in asked:
            at = self._later(at, 60, 180)
            case = self.past.open_intervention(call, at, call.by, self.person, request)
            delay = f"au plus tard {moment_text(case.row['due_at'])}"
            self.past.acknowledge(case, at + timedelta(seconds=2))
            self._send(at + timedelta(seconds=3), case.messages[-1], case.person)
            self._expect(case, at)
            at = self._later(at, 10, 40)
            self.past.read_back_accepted(call, at, request.read_aloud(self.person.name, delay))
        return at

    def _for_another(self, call: Call, at: datetime, kin: Known, asked: list[Request]) -> None:
        """A relative asks; nothing personal is told to them, the person is called."""
        at = self._later(at, 10, 40)
        self.past.choose_person(call, at, self.person, kin)
        at = self._noted(call, at, asked)
        at = self._later(at, 20, 60)
        number = self.person.number
        owed = self.past.owe_call_back(at, call.by, "promised", self.person, call=call, number=number)
        self._after(at, self.chance.uniform(15, 200), partial(self.call_back, owed=owed, asked=asked))
        self._end(call, at, f"Pour {self.person.name} : nous la rappelons.")

    def call_back(self, at: datetime, owed: Row, asked: list[Request]) -> None:
        """We call: their correspondent knows their voice, somebody else asks the questions."""
        if owed["state"] != "due":
            return
        worker, _capacity = self.past.stage.worker(self.person.portfolio, at.astimezone(PARIS).date())
        caller = worker if owed["why"] != "missed" else self._taker()
        call = self.past.start_call_back(owed, at, caller, self.person)
        if call.person is None:
            at = self._chosen(call, at, self.person)
        at = self._later(at, 10, 30)
        if self.chance.random() > 0.8:
            self.past.attempt_call_back(owed, at, caller, reached=False)
            self._end(call, at, "Pas de réponse.")
            if owed["state"] == "due":
                self._after(at, DAY / 2, partial(self.call_back, owed=owed, asked=asked))
            return
        self.past.attempt_call_back(owed, at, caller, reached=True)
        if caller == worker:
            at = self._later(at, 3, 10)
            self.past.vouch(call, at, "voice")
            at = self._opened(call, self._noted(call, at, asked), asked)
        else:
            at = self._serve(call, at, asked)
        self._end(call, at, asked[0].kind.label)

    def _poisson(self, mean: float) -> int:
        events, passed = 0, self.chance.expovariate(1)
        while passed < mean:
            events, passed = events + 1, passed + self.chance.expovariate(1)
        return events


def _account(call: Call) -> UUID:
    account = call.by.account
    if account is None:
        raise RuntimeError("this contact is in nobody's hands")
    return account
