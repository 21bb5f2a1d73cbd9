"""A call as an agent takes it by keyboard: it rings, it is taken, who speaks answers two questions."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import expect

from gruppetto.gateways.telephony.sending import Line, new_call_id
from tests.browser.conftest import Platform
from tests.browser.hands import Hands
from tests.support.telephony import JEANNES

# What Jeanne says, whatever the questions drawn.
SAID = {
    "électricité": "Enercoop",
    "opérateur": "Orange",
    "mot": "mésange",
    "correspondant": "Alice",
    "dernière demande": "ma carte Vitale",
}


def ring(running: Platform, number: str = JEANNES, state: str = "ringing", call_id: str = "") -> str:
    """A phone rings, or does what ``state`` says: a signed event at the door of telephony. The id of the call."""
    call_id = call_id or new_call_id()
    with Line(running.url, "main", settings.GRUPPETTO_LINES["main"]) as line:
        status, told = line.send(state, call_id, number)
    assert status == 200, told
    return call_id


def take(hands: Hands) -> None:
    """Take the call that waits, say that it is Jeanne, ask her two questions and type what she says."""
    page = hands.page
    hands.shortcut("p")
    expect(page.get_by_role("heading", name="05 61 00 00 01")).to_be_visible()
    hands.shortcut("e")
    expect(page.get_by_text("Numéro connu, identité à vérifier")).to_be_visible()
    hands.shortcut("q")
    waiting = page.locator(".asked input[type=text]")
    for left in (2, 1):
        expect(waiting).to_have_count(left)
        expect(waiting.first).to_be_focused()
        question = page.locator(".asked label").first.inner_text()
        hands.type(next(said for word, said in SAID.items() if word in question))
        hands.press("Enter")
    expect(waiting).to_have_count(0)
    expect(page.get_by_text("Identité rapprochée")).to_be_visible()
    shown = page.content()
    assert [secret for secret in ("Enercoop", "Orange", "mésange") if secret in shown] == []


def conclude(hands: Hands, summary: str) -> None:
    """Say the contact in one sentence, and end it."""
    hands.shortcut("c")
    expect(hands.page.get_by_label("Ce contact en une phrase")).to_be_focused()
    hands.type(summary)
    hands.shortcut("ctrl+enter")
    expect(hands.page.get_by_text("Contact conclu")).to_be_visible()
