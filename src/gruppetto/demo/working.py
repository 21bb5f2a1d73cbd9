"""The work that follows from a call: begun, waiting, answered, told, closed. A life is made of it and of calls."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from uuid import UUID

from gruppetto.demo.moments import Moments
from gruppetto.demo.past.book import Row
from gruppetto.demo.past.contacts import Call
from gruppetto.demo.past.interventions import Case, Past
from gruppetto.demo.people import Known
from gruppetto.kernel.calendars import Unit
from gruppetto.kernel.clock import PARIS
from gruppetto.service.interventions.verbs.answering import LETTER_PATIENCE, REST_BEFORE_CLOSING

DAY = 540
"""Open minutes of a weekday."""
OUTCOMES = {"done": 84, "partly": 7, "impossible": 4, "withdrawn": 2, "redirected": 3}
AWAITED = {
    "provider": (55, "L’organisme doit répondre au courrier."),
    "paper": (30, "Il manque un papier, demandé à la personne."),
    "person": (15, "La personne doit choisir entre deux dates."),
}
NOTES = (
    "Organisme appelé, dossier retrouvé avec la référence.",
    "Dossier complet, déposé ce matin.",
    "La personne préfère qu’on la rappelle après 10 h.",
    "Conseiller joint, réponse attendue sous trois jours.",
)
FILED_WITHOUT, WITHOUT = 0.08, "l’organisme l’accepte et le demandera plus tard"
Action = Callable[[datetime], None]


class Working:
    """Tells ``past`` what follows, in order; nothing happens after ``until``."""

    person: Known

    def __init__(self, past: Past, moments: Moments, until: datetime) -> None:
        self.past, self.moments, self.until, self.chance = past, moments, until, past.book.chance
        self.ahead: list[tuple[datetime, int, Action]] = []
        self.order = count()

    def news(self, at: datetime, case: Case) -> None:
        """The person calls to know where their request is."""
        raise NotImplementedError

    def _send(self, at: datetime, message: Row, person: Known) -> None:
        """The worker gives a message its way."""
        raise NotImplementedError

    def _happen(self) -> None:
        while self.ahead:
            at, _order, action = heapq.heappop(self.ahead)
            if at > self.until:
                return
            action(at)

    def _at(self, at: datetime, action: Action) -> None:
        heapq.heappush(self.ahead, (at, next(self.order), action))

    def _after(self, at: datetime, minutes: float, action: Action) -> None:
        """``minutes``: of opening time."""
        self._at(self.moments.after(at, minutes), action)

    def tell(self, at: datetime, case: Case) -> None:
        """We call to tell the answer: yes, no, or nobody there."""
        owed = case.owed
        if owed is None or owed["state"] != "due" or case.row["state"] != "answered":
            return
        worker = self._worker(case, at)
        call = self.past.start_call_back(owed, at, worker, case.person)
        at = self._later(at, 10, 30)
        reached = self.chance.random() < 0.74
        self.past.attempt_call_back(owed, at, worker, reached=reached)
        if not reached:
            self.past.count_calls(case, at + timedelta(seconds=1))
            if owed["state"] == "due":
                self._after(at, DAY / 2, partial(self.tell, case=case))
            else:
                self._written_to(case, at)
            self._end(call, at, "Pas de réponse.")
            return
        at = self._later(at, 30, 120)
        if self.chance.random() < 0.04:
            self.past.reopen(case, at, worker, "Ce n’est pas ce qui était demandé.")
            self._after(at, self.chance.uniform(0.3, 1.5) * DAY, partial(self.answer, case=case))
        else:
            self.past.confirm(case, at, worker, "Oui, merci.")
            self._close_later(case, at)
        self._end(call, at, "Réponse dite à la personne.")

    def _written_to(self, case: Case, at: datetime) -> None:
        """After the letter: it leaves, or somebody posts it; they call, or ten days pass."""
        self._send(at, case.messages[-1], case.person)
        self._after(at, self.chance.uniform(10, DAY), partial(self.post, case=case, letter=case.messages[-1]))
        if self.chance.random() < 0.5:
            self._after(at, self.chance.uniform(2, 6) * DAY, partial(self.news, case=case))
        self._at(_tick(at + LETTER_PATIENCE), partial(self.give_up, case=case))

    def post(self, at: datetime, case: Case, letter: Row) -> None:
        """Somebody posts the letter that nothing carries."""
        if letter["state"] == "prepared":
            self.past.hand_over(case, letter, at, self._worker(case, at))

    def give_up(self, at: datetime, case: Case) -> None:
        """Ten days without a word: not confirmed; fifteen more, and it closes."""
        if case.row["state"] == "answered":
            self.past.give_up_confirming(case, at)
            self._at(_tick(at + REST_BEFORE_CLOSING), partial(self.close, case=case))

    def close(self, at: datetime, case: Case) -> None:
        """The clock closes what has rested."""
        if case.row["state"] in ("confirmed", "not_confirmed"):
            self.past.close(case, at)

    def _close_later(self, case: Case, at: datetime) -> None:
        """By who works it in the minutes that follow, else by the clock fifteen days later."""
        if self.chance.random() < 0.5:
            at = self._later(at, 60, 600)
            self._at(at, partial(self.close_now, case=case))
        else:
            self._at(_tick(at + REST_BEFORE_CLOSING), partial(self.close, case=case))

    def close_now(self, at: datetime, case: Case) -> None:
        """Closed by who works it."""
        if case.row["state"] == "confirmed":
            self.past.close(case, at, self._worker(case, at))

    def _expect(self, case: Case, at: datetime) -> None:
        """What follows from an opening: work, and maybe a call for news."""
        first = self.chance.uniform(2, 40) if case.row["urgent"] else 5 + self.chance.expovariate(1 / 110)
        self._after(at, first, partial(self.begin, case=case))
        if self.chance.random() < 0.3:
            self._after(
                at, self.chance.uniform(0.4, 1.2) * self._allowed(case), partial(self.news, case=case)
            )

    def _allowed(self, case: Case) -> float:
        """Open minutes of the promise."""
        target = case.request.target
        return target.count * (DAY if target.unit is Unit.DAYS else 1)

    def begin(self, at: datetime, case: Case) -> None:
        """The correspondent takes it up."""
        if case.row["state"] != "assigned":
            return
        worker = self._worker(case, at)
        self.past.look_at(case, at, worker)
        self.past.start(case, at, worker)
        for message in case.messages:
            if message["state"] == "prepared" and self.chance.random() < 0.95:
                self.past.hand_over(case, message, self._later(at, 30, 200), worker)
        self._worked(case, at, worker)
        late = self.chance.random() < 0.07
        share = self.chance.uniform(1.0, 1.6) if late else 0.75 * self.chance.betavariate(2, 2.2)
        total = share * self._allowed(case)
        if self.chance.random() < 0.4 and not case.row["urgent"]:
            self._after(at, 0.3 * total + 5, partial(self.hold, case=case, left=0.6 * total))
        else:
            self._after(at, total + 10, partial(self.answer, case=case))

    def hold(self, at: datetime, case: Case, left: float) -> None:
        """It waits for somebody."""
        if case.row["state"] != "in_progress":
            return
        kinds = list(AWAITED)
        awaited = self.chance.choices(kinds, [AWAITED[kind][0] for kind in kinds])[0]
        worker = self._worker(case, at)
        if awaited == "paper":
            for paper in case.papers:
                self.past.set_paper(case, paper, at, worker, "asked")
        self.past.wait(case, self._later(at, 5, 60), worker, awaited, AWAITED[awaited][1])
        self._after(at, left + 30, partial(self.go_on, case=case))

    def go_on(self, at: datetime, case: Case) -> None:
        """What was awaited has come."""
        if not case.row["state"].startswith("waiting_"):
            return
        worker = self._worker(case, at)
        self.past.look_at(case, at, worker)
        if case.row["state"] == "waiting_paper":
            for paper in case.papers:
                self.past.set_paper(case, paper, at, worker, "received")
        self.past.resume(case, self._later(at, 5, 60), worker, "Réponse reçue.")
        self._after(at, self.chance.uniform(15, 120), partial(self.answer, case=case))

    def answer(self, at: datetime, case: Case) -> None:
        """The answer is written; the person is to be called."""
        if case.row["state"] != "in_progress":
            return
        worker = self._worker(case, at)
        self.past.look_at(case, at, worker)
        self._worked(case, at, worker)
        outcome = self.chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        without = self._completed(case, at, worker) if outcome == "done" else ""
        at = self._later(at, 60, 300)
        self.past.answer(case, at, worker, outcome, case.request.answer(outcome), without)
        self.past.owe_the_answer(case, at + timedelta(seconds=2))
        self._after(at, 10 + self.chance.expovariate(1 / 150), partial(self.tell, case=case))

    def _completed(self, case: Case, at: datetime, worker: UUID) -> str:
        """The papers that are required have come; else why it is filed without them."""
        required = {paper.code for paper in case.request.papers if paper.required}
        lacking = [
            one for one in case.papers if one["code"] in required and one["state"] in ("needed", "asked")
        ]
        if lacking and self.chance.random() < FILED_WITHOUT:
            return WITHOUT
        for paper in lacking:
            self.past.set_paper(case, paper, self._later(at, 5, 60), worker, "received")
        return ""

    def _worked(self, case: Case, at: datetime, worker: UUID) -> None:
        """A note now and then, and the time it took."""
        if self.chance.random() < 0.55:
            self.past.note(case, self._later(at, 60, 400), worker, "us", self.chance.choice(NOTES))
        self.past.spend(case, self._later(at, 400, 500), worker, self.chance.randrange(120, 1_500))

    def _worker(self, case: Case, at: datetime) -> UUID:
        return self.past.stage.worker(case.person.portfolio, at.astimezone(PARIS).date())[0]

    def _chosen(self, call: Call, at: datetime, person: Known) -> datetime:
        at = self._later(at, 8, 30)
        self.past.choose_person(call, at, person)
        return at

    def _end(self, call: Call, at: datetime, summary: str) -> None:
        """The caller hangs up, or we do when we called; then the last words are written."""
        at = self._later(at, 5, 40)
        if call.line is None:
            self.past.hang_up(call, at)
        else:
            self.past.end(call, at)
        self.past.conclude(call, self._later(at, 5, 90), summary)

    def _later(self, at: datetime, least: float, most: float) -> datetime:
        """Some seconds later."""
        return at + timedelta(seconds=self.chance.uniform(least, most))


def _tick(at: datetime) -> datetime:
    """The clock's next round, at forty past the hour."""
    tick = at.replace(minute=40, second=3, microsecond=0)
    return tick if tick >= at else tick + timedelta(hours=1)
