"""The founding promise played by HTTP: a call, an identity, a request read back, an answer, a yes, the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from gruppetto.demo.asking import answer_all
from gruppetto.demo.browser import Browser, Ear, Form, Lost, Page
from gruppetto.gateways.telephony.sending import Line, new_call_id
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.script import Answer
from gruppetto.service.catalogue.vocabulary import QuestionKind

DESK, WORK = "/plate-forme/", "/correspondant/interventions"
LINE_CHANGED, OPENED, MOVED = "line.changed", "intervention.opened", "intervention.moved"
OPENED_HERE = re.compile(r'id="demande-([0-9a-f-]{36})"')


@dataclass
class Caller:
    """Somebody of the demo who calls, and whose correspondent answers."""

    person_id: UUID
    number: str
    correspondent: str


@dataclass
class Scene:
    """``agent``, ``correspondents`` (by e-mail): signed-in browsers; ``ear``: what the supervisor hears live;
    ``answer_to``: what the person says to a question drawn."""

    line: Line
    agent: Browser
    correspondents: dict[str, Browser]
    ear: Ear
    answer_to: Callable[[UUID], str]
    chance: Random
    today: date
    closed: list[str] = field(default_factory=list)

    def play(self, caller: Caller, kind: Kind) -> str:
        """One call to a closed intervention; its id. Raises ``Lost`` where it goes wrong."""
        opened = self._asked(caller, kind)
        self._worked(self.correspondents[caller.correspondent], opened)
        self._accepted(caller, opened)
        self._close(self.correspondents[caller.correspondent], opened)
        self.closed.append(opened)
        return opened

    def _asked(self, caller: Caller, kind: Kind) -> str:
        """They call, are recognised, ask; it is read back and accepted; the supervisor is told at once."""
        page, call_id = self._taken(caller)
        page = self._identified(self._chosen(page, caller))
        reasons = [kind.reason, f"{kind.reason}:{kind.sub_reason}"]
        page = self.agent.submit(page, page.form("/motifs/"), {"reasons": reasons})
        page = self.agent.get(f"{_contact(page)}demande/{kind.code}/")
        heard = len(self.ear.heard)
        typed = {f"q-{name}": _typed(kind, name, said) for name, said in self._answers(kind).items()}
        page = self.agent.submit(page, _script_form(page), typed)
        if not page.path.endswith("/relire/"):
            raise Lost(
                f"{kind.code}: the script does not lead to what is read aloud: {page.path} {page.status}"
            )
        page = self.agent.submit(page, _script_form(page, "reading"))
        opened = self.ear.wait_for(OPENED, after=heard)
        if opened not in OPENED_HERE.findall(page.text):
            raise Lost(f"{kind.code}: the request opened is not on the page of the call")
        self._ended(page, caller, call_id, "Demande ouverte.")
        return opened

    def _worked(self, browser: Browser, opened: str) -> None:
        """Their correspondent begins, notes, answers."""
        page = browser.get(f"{WORK}/{opened}/")
        page = self._moves(browser, page, opened, "/commencer/")
        page = self._moves(
            browser, page, opened, "/noter/", text="Organisme appelé.", topic="intervention.noted"
        )
        self._moves(
            browser,
            page,
            opened,
            "/repondre/",
            outcome="done",
            text="C’est fait.",
            without_papers="rien d’autre n’est demandé",
        )

    def _accepted(self, caller: Caller, opened: str) -> None:
        """They call again; the answer is read to them, and they say yes."""
        page, call_id = self._taken(caller)
        page = self._identified(self._chosen(page, caller))
        page = self._moves(self.agent, page, opened, f"/demandes/{opened}/", decision="yes")
        page = self.agent.submit(page, page.form("/motifs/"), {"reasons": ["follow-request:decision"]})
        self._ended(page, caller, call_id, "Réponse acceptée.")

    def _close(self, browser: Browser, opened: str) -> None:
        page = browser.get(f"{WORK}/{opened}/")
        self._moves(browser, page, opened, "/clore/")

    def _taken(self, caller: Caller) -> tuple[Page, str]:
        """It rings on every desk; the agent takes it."""
        call_id, heard = new_call_id(), len(self.ear.heard)
        contact = self._told("ringing", caller, call_id)
        self.ear.wait_for(LINE_CHANGED, contact, after=heard)
        page = self.agent.get(DESK)
        page = self.agent.submit(page, page.form(f"{contact}/prendre/"))
        self._told("answered", caller, call_id)
        return page, call_id

    def _chosen(self, page: Page, caller: Caller) -> Page:
        form = page.form("/personne/", person=str(caller.person_id))
        return self.agent.submit(page, form)

    def _identified(self, page: Page) -> Page:
        """Two questions drawn, two answers, of which the page only says that they match."""
        page = self.agent.submit(page, page.form("/identite/"))
        asked = [form for form in page.forms if form.action.endswith("/identite/reponse/")]
        if len(asked) != 2:
            raise Lost(f"{len(asked)} questions of identity instead of two")
        for check in [form.value("check") for form in asked]:
            form = page.form("/identite/reponse/", check=check)
            page = self.agent.submit(page, form, {"typed": self.answer_to(UUID(check))})
        return page

    def _answers(self, kind: Kind) -> dict[str, Answer]:
        drawn = answer_all(kind, self.today, self.chance)
        return {name: said for name, said in drawn.items() if said is not None}

    def _moves(
        self, browser: Browser, page: Page, opened: str, ending: str, *, topic: str = MOVED, **typed: str
    ) -> Page:
        """Send a form; the supervisor is told live that the intervention moved."""
        heard = len(self.ear.heard)
        answer = browser.submit(page, page.form(ending), typed)
        if answer.status != 200:
            raise Lost(f"{ending} of {opened} answers {answer.status}")
        self.ear.wait_for(topic, opened, after=heard)
        return answer

    def _ended(self, page: Page, caller: Caller, call_id: str, summary: str) -> None:
        contact = _contact(page)
        self._told("ended", caller, call_id)
        page = self.agent.get(contact)
        page = self.agent.submit(page, page.form("/conclure/"), {"summary": summary})
        if page.path != DESK:
            raise Lost(f"the contact is not concluded: {page.path} {page.status}")

    def _told(self, state: str, caller: Caller, call_id: str) -> str:
        """Tell an event of the call; the contact's id."""
        status, answer = self.line.send(state, call_id, caller.number)
        if status != 200:
            raise Lost(f"the webhook answers {status} to {state}: {answer}")
        return str(answer["contact"])


def _contact(page: Page) -> str:
    """The address of the contact that a page of the call desk is about."""
    found = re.match(r"(/plate-forme/contacts/[0-9a-f-]{36}/)", page.path)
    if found is None:
        raise Lost(f"{page.path} ({page.status}) is not a page of a call")
    return found[1]


def _script_form(page: Page, holding: str = "urgent") -> Form:
    """The page's main form, known by a field that it has."""
    for form in page.forms:
        if holding in form.choices or any(name == holding for name, _value in form.fields):
            return form
    raise Lost(f"{page.path} ({page.status}) has no form with {holding}")


def _typed(kind: Kind, name: str, said: Answer) -> str:
    """An answer as an agent types it."""
    match kind.question(name).kind:
        case QuestionKind.DATE:
            return date.fromisoformat(str(said)).strftime("%d/%m/%Y")
        case QuestionKind.AMOUNT:
            euros, cents = divmod(int(str(said)), 100)
            return f"{euros},{cents:02d}"
        case _:
            return str(said)
