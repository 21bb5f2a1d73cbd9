"""Take the pictures of the documentation from the demo: ``make pictures``.

A demo in a temporary folder (``--folder`` keeps it for the next time), where nobody calls but for one scene: a person
known to us calls, is recognised, asks for something, agrees; her correspondent and the supervisor see it. Everybody
signs in by the demo's door. The names of the files do not change; the people and the dates do.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from playwright.sync_api import Browser, Page, expect, sync_playwright

from gruppetto.demo.cast import PILOT, STAFF
from gruppetto.demo.keys import LINE
from gruppetto.demo.running import Running, running
from gruppetto.gateways.telephony.sending import Line, new_call_id

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST = 250_000
DESK, PHONE = (1440, 900), (390, 844)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KIND, REASON = "energy-bill-dispute", "provider-problem"
HOLDER = "Paul Garrigues"
STRANGER, WITHHELD = "+33639980123", None
# A draw in which the questions are many and nothing is alarming.
CHANCE = 4

Found = TypeVar("Found")


@dataclass(frozen=True)
class Caller:
    """Who calls in the scene: somebody with a story."""

    id: UUID
    name: str
    number: str


class Desk:
    """The database, asked from a thread of its own: the browser's has a loop."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def ask(self, question: Callable[..., Found], *about: Any) -> Found:
        """The answer, as the owner of the database."""
        return self.pool.submit(question, *about).result()


def main() -> int:
    """Play the scene and take the pictures; 1 when one is too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the demo is, or will be kept")
    asked = parser.parse_args()
    with ExitStack() as stack:
        made = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pictures-")))
        demo = stack.enter_context(
            running(made.resolve(), port=0, subscribers=PILOT, years=0, fresh=False, say=print)
        )
        import django

        django.setup()
        desk = Desk()
        caller = desk.ask(somebody_with_a_story)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            play(demo, browser, desk, caller)
            browser.close()
    heavy = [path.name for path in PICTURES.glob("*.png") if path.stat().st_size > LARGEST]
    if heavy:
        print(f"over {LARGEST // 1000} kB: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


def play(demo: Running, browser: Browser, desk: Desk, caller: Caller) -> None:
    """One call, from its ringing to her correspondent's desk."""
    with (
        Line(demo.url, LINE, demo.keys.line, provider="pictures") as line,
        signed_in(demo, browser, "Amina Benali") as agent,
    ):
        calls = {new_call_id(): number for number in (caller.number, STRANGER, WITHHELD)}
        contact, *_ = [ring(line, call_id, number) for call_id, number in calls.items()]
        expect(agent.locator("[data-ringing]")).to_have_count(len(calls))
        take(agent, "call-desk-1440")
        answer_the_call(agent, desk, contact)
        take(agent, "call-1440")
        write_the_request(agent, desk)
        for call_id, number in calls.items():
            line.send("ended" if number == caller.number else "missed", call_id, number)
    with signed_in(demo, browser, HOLDER) as correspondent:
        take(correspondent, "correspondent-1440")
        request = desk.ask(latest_request, caller.id)
        correspondent.goto(f"{demo.url}/correspondant/interventions/{request}/")
        take(correspondent, "intervention-1440")
        correspondent.goto(f"{demo.url}/personnes/{caller.id}/")
        take(correspondent, "person-1440")
    with signed_in(demo, browser, HOLDER, PHONE) as outside:
        take(outside, "correspondent-390")
        outside.goto(f"{demo.url}/correspondant/interventions/{request}/")
        take(outside, "intervention-390")
    with signed_in(demo, browser, "Sylvie Moreau") as supervisor:
        take(supervisor, "supervision-1440")


def answer_the_call(agent: Page, desk: Desk, contact: str) -> None:
    """Take it, recognise the person, ask the two questions, note the reason."""
    press(agent, f"#take-{contact}")
    press(agent, "#qui .btn-primary")
    press(agent, "#identite form[action$='/identite/'] button")
    while (check := agent.locator("#identite input[name=check]")).count():
        answer = desk.ask(answer_on_file, UUID(check.first.get_attribute("value") or ""))
        agent.locator("#identite input[name=typed]").first.fill(answer)
        press(agent, "#identite form:has(input[name=typed]) button")
    agent.locator(f"input[name=reasons][value='{REASON}']").check()
    press(agent, "#motifs button[type=submit]")
    to_the_top(agent)


def write_the_request(agent: Page, desk: Desk) -> None:
    """The script, then the three sentences; she agrees."""
    agent.goto(f"{agent.url.partition('?')[0].partition('#')[0]}demande/{KIND}/")
    for name, typed in desk.ask(answers).items():
        field = agent.locator(f"[name='{name}']").first
        field.wait_for()
        if field.get_attribute("type") == "radio":
            agent.locator(f"[name='{name}'][value='{typed}']").check()
        else:
            field.fill(typed)
            field.press("Tab")
    expect(agent.locator("#suites strong").first).to_be_visible()
    to_the_top(agent)
    take(agent, "script-1440")
    press(agent, "form.script .btn-primary")
    expect(agent.locator(".read-aloud li")).to_have_count(3)
    take(agent, "read-back-1440")
    press(agent, "form:has(input[name=reading]) .btn-primary")


def press(page: Page, button: str) -> None:
    """Press the first such button and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(button).first.click()


def to_the_top(page: Page) -> None:
    """Show the beginning of what is open."""
    page.evaluate("() => document.querySelectorAll('.desk > *').forEach(pane => pane.scrollTo(0, 0))")


@contextmanager
def signed_in(demo: Running, browser: Browser, name: str, size: tuple[int, int] = DESK) -> Iterator[Page]:
    """The first page of one of the demo's accounts, opened by the demo's door."""
    member = next(one for one in STAFF if one.name == name)
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="fr-FR",
        timezone_id="Europe/Paris",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
    )
    page = context.new_page()
    page.goto(f"{demo.url}/demonstration/")
    page.locator(f"form:has(input[value='{member.email}']) button").click()
    page.locator("[data-connection=live]").wait_for(state="attached")
    try:
        yield page
    finally:
        context.close()


def take(page: Page, name: str) -> None:
    """One picture, once the fonts are there and nothing moves."""
    page.evaluate("() => document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size / 1000:.0f} kB")


def ring(line: Line, call_id: str, number: str | None) -> str:
    """A telephone rings; the contact it makes."""
    status, answer = line.send("ringing", call_id, number)
    if status != 200:
        raise RuntimeError(f"the call was refused: {answer}")
    return str(answer["contact"])


def somebody_with_a_story() -> Caller:
    """A subscriber of the correspondent in the pictures: a need, a trusted relative, requests done and under way."""
    from django.db.models import Count, Exists, OuterRef

    from gruppetto.registry.people.models import Need, Person, Phone, Relative
    from gruppetto.service.interventions.models import ACTIVE, Intervention

    mine = {"person_id": OuterRef("pk")}
    portfolio = next(member.portfolios[0] for member in STAFF if member.name == HOLDER)
    found = (
        Person.objects.filter(
            Exists(Need.objects.filter(**mine)),
            Exists(Relative.objects.filter(**mine, trusted=True)),
            Exists(Intervention.objects.filter(**mine, state__in=ACTIVE)),
            portfolio_id=portfolio,
            subscriber_since__isnull=False,
            title="mrs",
        )
        .annotate(lines=Count("phones"))
        .order_by("-lines", "id")
    )
    requests = {one.pk: Intervention.objects.filter(person_id=one.pk).count() for one in found[:30]}
    person = max(found[:30], key=lambda one: requests[one.pk])
    number = Phone.objects.get(person=person, main=True, ended_at=None).number
    return Caller(person.pk, person.full_name, number)


def answer_on_file(check_id: UUID) -> str:
    """What the person would answer to a control question."""
    from gruppetto.registry.people.identity.facts import fact
    from gruppetto.registry.people.models import IdentityCheck, Person

    asked = IdentityCheck.objects.get(pk=check_id)
    person = Person.objects.get(pk=asked.person_id)
    known = fact(asked.fact)
    return (known.answer_of(person) if known else None) or ""


def answers() -> dict[str, str]:
    """What is typed or ticked in the script, by name of field."""
    from gruppetto.demo.asking import answer_all
    from gruppetto.kernel.clock import now, today
    from gruppetto.service.catalogue.reads import kind_in_force
    from gruppetto.service.catalogue.vocabulary import QuestionKind

    kind = kind_in_force(KIND, now())
    asked = {question.id: question.kind for question in kind.questions}
    typed = {}
    for question, answer in answer_all(kind, today(), Random(CHANCE)).items():  # noqa: S311  (always the same draw)
        match asked[question]:
            case _ if answer is None:
                continue
            case QuestionKind.DATE:
                day = date.fromisoformat(str(answer))
                typed[f"q-{question}"] = f"{day.day}/{day.month}/{day.year}"
            case QuestionKind.AMOUNT:
                typed[f"q-{question}"] = f"{int(str(answer)) / 100:.2f}".replace(".", ",")
            case _:
                typed[f"q-{question}"] = str(answer)
    return typed


def latest_request(person_id: UUID) -> UUID:
    """The request that the scene has just opened."""
    from gruppetto.service.interventions.models import Intervention

    found: UUID = Intervention.objects.filter(person_id=person_id).latest("id").pk
    return found


if __name__ == "__main__":
    raise SystemExit(main())
