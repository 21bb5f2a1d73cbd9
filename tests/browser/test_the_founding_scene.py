"""A phone rings, and a correspondent answers: the promise of the house, with real pages and the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from gruppetto.service.interventions.models import Intervention
from tests.browser import stage
from tests.browser.calling import ring, take
from tests.browser.conftest import Opens, Platform
from tests.browser.hands import Hands
from tests.support.outage import away
from tests.support.races import as_owner_of
from tests.support.telephony import STRANGERS

pytestmark = pytest.mark.browser

MASKED = "05 •• •• •• 01"
KIND = "Refaire une carte Vitale"


@pytest.fixture
def running(platform: Opens) -> Iterator[Platform]:
    with platform(stage.scene) as one:
        yield one


def figure(page: Page, label: str) -> Locator:
    """A figure of the supervisor's board."""
    return page.locator(".figure-tile", has=page.get_by_text(label, exact=True)).locator(".figure-value")


def shows(page: Page, label: str, number: int) -> None:
    """The board comes to say this number by itself."""
    expect(figure(page, label)).to_have_text(re.compile(rf"^\s*{number}\b"))


def test_a_call_becomes_an_answer_by_keyboard_alone(running: Platform) -> None:
    team = running.stage.by_role
    agent = Hands(running.open(team["agent"]))
    alice = Hands(running.open(team["correspondent"]))
    sylvie = running.open(team["supervisor"])
    shows(sylvie, "Appels en attente", 0)
    shows(sylvie, "En cours", 0)

    # The phone rings: the agent's page says so, and says nobody's name; the supervisor's board counts it.
    ring(running)
    expect(agent.page.get_by_text(MASKED, exact=True)).to_be_visible()
    expect(agent.page.get_by_text("Numéro connu")).to_be_visible()
    expect(agent.page.locator("body")).not_to_contain_text("Roux")
    shows(sylvie, "Appels en attente", 1)

    # A colleague whose page hears nothing any more takes it too late.
    late = a_deaf_page(running)
    take(agent)
    late.shortcut("p")
    expect(late.page.get_by_text("Charlie a déjà pris cet appel.")).to_be_visible()
    late.page.close()
    shows(sylvie, "Appels en attente", 0)
    expect(agent.page.get_by_text("2ᵉ contact en 7 jours pour la même chose").first).to_be_visible()

    # Why she calls, what she asks, read back and accepted.
    agent.shortcut("2")
    agent.reach(agent.page.get_by_label("Renouvellement"))
    agent.press("Space")
    agent.shortcut("m")
    expect(agent.page.get_by_label("Démarche, en trois lettres")).to_be_focused()
    agent.type("vitale")
    agent.press("Enter")
    expect(agent.page.get_by_role("heading", name=KIND)).to_be_visible()
    for question, answer in stage.SCRIPT.items():
        agent.choose(f"q-{question}", answer)
    agent.shortcut("ctrl+enter")
    expect(agent.page.locator(".read-aloud li")).to_have_count(3)
    agent.shortcut("ctrl+enter")
    expect(agent.page.get_by_text("Alice la suit")).to_be_visible()

    # A second later her correspondent's page announces it, and the board has moved.
    news = alice.page.get_by_role("button", name="1 nouvelle, l’afficher")
    expect(news).to_be_visible()
    shows(sylvie, "En cours", 1)

    # A tab closed by mistake loses nothing.
    agent.shortcut("r")
    expect(agent.page.get_by_text("À conclure").first).to_be_visible()
    agent.shortcut("c")
    agent.type("Carte Vitale perdue au marché")
    expect(agent.page.locator("#conclure").get_by_text("Brouillon enregistré")).to_be_visible()
    agent.page.close()
    agent = Hands(running.open(team["agent"]))
    agent.push(agent.page.get_by_role("link", name=re.compile("Jeanne Roux")))
    expect(agent.page.get_by_label("Ce contact en une phrase")).to_have_value("Carte Vitale perdue au marché")
    agent.shortcut("c")
    agent.shortcut("ctrl+enter")
    expect(agent.page.get_by_text("Contact conclu")).to_be_visible()

    # The correspondent works it, and answers.
    alice.push(news)
    expect(alice.page.locator("#work").get_by_text("Mme Jeanne Roux")).to_be_visible()
    acts = acts_sent(alice.page)
    alice.pressed.clear()
    alice.press("j", "Enter")
    expect(alice.page.locator("#detail").get_by_role("heading", name=KIND)).to_be_focused()
    alice.shortcut("c")
    expect(alice.page.get_by_text("C’est commencé")).to_be_visible()
    alice.shortcut("n")
    alice.type("Déclarée perdue, nouvelle carte demandée")
    alice.shortcut("ctrl+enter")
    expect(alice.page.locator("#story").get_by_text("nouvelle carte demandée")).to_be_visible()
    # Progress noted from the list: two keys to open, one to begin, two and the sentence to note; two acts are sent.
    assert alice.pressed == ["j", "Enter", "c", "n", "Control+Enter"]
    assert acts == ["commencer", "noter"]
    # The hands are still in the text: letters are keys again once out of it.
    alice.press("Tab")
    alice.shortcut("r")
    alice.choose("outcome", "done")
    alice.reach(alice.page.get_by_label("La réponse, comme vous la lirez"))
    alice.press("Control+a")
    alice.type("Votre carte arrive dans dix jours.")
    # Her papers were seen by the agent of the fund: it says so.
    if (without := alice.page.get_by_label("Pourquoi faire sans ces papiers ?")).count():
        alice.reach(without)
        alice.type("la caisse les a vus")
    alice.push(alice.page.get_by_role("button", name="Garder cette réponse"))
    expect(alice.page.get_by_text("La réponse est gardée")).to_be_visible()
    shows(sylvie, "À confirmer", 1)
    shows(sylvie, "En cours", 0)

    # Jeanne calls again: the agent reads her the answer, she says yes.
    ring(running)
    expect(agent.page.get_by_text(MASKED, exact=True)).to_be_visible()
    take(agent)
    expect(agent.page.get_by_text("Votre carte arrive dans dix jours.")).to_be_visible()
    agent.push(agent.page.get_by_role("button", name=re.compile("Oui, cela lui convient")))
    expect(agent.page.get_by_text("C’est noté")).to_be_visible()
    shows(sylvie, "À confirmer", 0)

    # Her correspondent's open page tells it; the request is closed.
    expect(alice.page.locator("#story").get_by_text("A noté l’accord de la personne.")).to_be_visible()
    alice.push(alice.page.locator("#work [data-item]").first)
    expect(alice.page.get_by_role("button", name=re.compile("Clore cette demande"))).to_be_visible()
    alice.shortcut("c")
    expect(alice.page.get_by_text("La demande est close")).to_be_visible()
    with as_owner_of(running.database):
        closed = Intervention.objects.get()
        told = list(closed.moves.order_by("at").values_list("verb", flat=True))
    assert told == ["open", "assign", "start", "answer", "confirm", "close"]
    assert running.troubles == []


def acts_sent(page: Page) -> list[str]:
    """The acts that this page sends from now on, by the last word of their address; what it saves by itself aside."""
    acts: list[str] = []

    def sent(request: Request) -> None:
        path = urlsplit(request.url).path
        if request.method == "POST" and "/brouillon/" not in path and not path.endswith("/presence/"):
            acts.append(path.rstrip("/").rsplit("/", 1)[-1])

    page.on("request", sent)
    return acts


def a_deaf_page(running: Platform) -> Hands:
    """The page of a second agent, opened while it rings, to which the platform then says nothing more."""
    context = running.context(running.stage.by_role["second agent"])
    page = context.new_page()
    for silent in ("**/direct/**", "**/ligne/**"):
        page.route(silent, lambda route: route.abort())
    page.goto(running.url)
    expect(page.get_by_text(MASKED, exact=True)).to_be_visible()
    expect(page.get_by_text("Connexion perdue")).to_be_visible()
    return Hands(page)


# What a browser says when the line to the platform is cut: itself, then htmx about its stream.
CUT = ("net::ERR", "[object Event]", "htmx:afterRequest", "htmx:sendError", "status of 503")


def test_a_lost_connection_or_database_is_said_and_what_is_typed_meanwhile_is_kept(running: Platform) -> None:
    hands = Hands(running.open(running.stage.by_role["agent"]))
    page = hands.page
    ring(running)
    expect(page.get_by_text(MASKED, exact=True)).to_be_visible()
    hands.shortcut("p")
    hands.shortcut("c")
    expect(page.get_by_label("Ce contact en une phrase")).to_be_focused()
    running.web.kill()
    expect(page.get_by_text("Connexion perdue")).to_be_visible()
    hands.type("Sa carte Vitale est perdue")
    expect(
        page.locator("#conclure").get_by_text("Pas de connexion. Ce que vous tapez est gardé")
    ).to_be_visible()

    running.web.start()
    running.web.ready()
    expect(page.get_by_text("Connexion rétablie")).to_be_visible()
    expect(page.locator("#conclure").get_by_text("Brouillon enregistré")).to_be_visible()
    ring(running, STRANGERS)
    expect(page.get_by_text("06 •• •• •• 42", exact=True)).to_be_visible()
    page.reload()
    summary = page.get_by_label("Ce contact en une phrase")
    expect(summary).to_have_value("Sa carte Vitale est perdue")

    # The platform answers, its database does not: what is typed, even what was sent, comes back to its form.
    with away(running.server, running.database):
        hands.shortcut("c")
        hands.press("End")
        hands.type(" au marché")
        expect(
            page.locator("#conclure").get_by_text("Pas de connexion. Ce que vous tapez est gardé")
        ).to_be_visible()
        hands.type(", hier")
        hands.shortcut("ctrl+enter")
        expect(page.get_by_role("heading", name="La plate-forme est en pause")).to_be_visible()
    page.go_back()
    expect(summary).to_have_value("Sa carte Vitale est perdue au marché, hier")
    expect(page.locator("#conclure").get_by_text("Brouillon enregistré")).to_be_visible()
    page.reload()
    expect(summary).to_have_value("Sa carte Vitale est perdue au marché, hier")
    assert [told for told in running.troubles if not any(words in told for words in CUT)] == []
