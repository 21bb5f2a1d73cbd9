"""Two colleagues on one request, in two browsers: each sees the other, and neither loses a word. By keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from gruppetto.service.interventions.models import Intervention
from tests.browser import stage
from tests.browser.conftest import Opens, Platform, axe
from tests.browser.examining import wrong
from tests.browser.hands import Hands
from tests.service.interventions.stage import put
from tests.support import factories as make
from tests.support.races import as_owner_of

pytestmark = pytest.mark.browser


@pytest.fixture
def running(platform: Opens) -> Iterator[Platform]:
    def begun(database: str) -> stage.Stage:
        scene = stage.scene(database)
        assert scene.cast is not None
        opened = make.intervention(scene.cast.jeanne, scene.cast.alice, complete=False, title="Sa carte")
        with as_owner_of(database):
            put(opened, "in_progress")
        return scene

    with platform(begun) as one:
        yield one


def write(page: Page, hands: Hands, title: str) -> None:
    """Correct what is asked."""
    hands.shortcut("m")
    box = page.get_by_label("Ce qui est demandé, en quelques mots")
    hands.reach(box)
    hands.press("Control+a")
    hands.type(title)


def test_two_on_one_request_see_each_other_and_choose_between_their_words(running: Platform) -> None:
    with as_owner_of(running.database):
        path = f"/correspondant/interventions/{Intervention.objects.get().pk}/"
    hers = running.open(running.stage.by_role["correspondent"], path)
    theirs = running.open(running.stage.by_role["supervisor"], path)
    expect(theirs.get_by_text("Alice a aussi cette demande ouverte.")).to_be_visible()
    alice, sylvie = Hands(hers), Hands(theirs)

    write(theirs, sylvie, "Sa carte Vitale perdue")
    expect(hers.get_by_text("Sylvie écrit en ce moment.")).to_be_visible()
    write(hers, alice, "Sa carte bleue")
    sylvie.push(theirs.get_by_role("button", name="Garder ces mots"))
    expect(theirs.get_by_text("La demande est corrigée.")).to_be_visible()

    alice.push(hers.get_by_role("button", name="Garder ces mots"))
    expect(hers.get_by_text("Sylvie a corrigé la même chose").first).to_be_visible()
    expect(hers.locator("mark", has_text="Vitale perdue")).to_be_visible()
    expect(hers.get_by_label("Ce qui est demandé, en quelques mots")).to_have_value("Sa carte bleue")
    assert wrong(hers) == []
    alice.reach(hers.locator("input[name='keep_title']:checked"))
    alice.press("ArrowUp")
    alice.push(hers.get_by_role("button", name="Garder ces mots"))
    expect(hers.get_by_role("heading", name="Sa carte Vitale perdue")).to_be_visible()

    # Gone as soon as the page closes.
    theirs.close()
    expect(hers.get_by_text("Sylvie a aussi cette demande ouverte.")).to_be_hidden()


def test_a_key_is_changed_here_and_answers_elsewhere(running: Platform) -> None:
    who = running.stage.by_role["correspondent"]
    with as_owner_of(running.database):
        path = f"/correspondant/interventions/{Intervention.objects.get().pk}/"
    page = running.open(who, path)
    hands = Hands(page)
    expect(page.locator("[data-shortcut='n'][aria-keyshortcuts]")).to_be_attached()
    hands.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    assert axe(page) == []
    key = page.get_by_role("dialog").get_by_label("Écrire", exact=True)
    hands.reach(key)
    with page.expect_response(
        lambda answer: "/raccourcis/" in answer.url and answer.request.method == "POST"
    ):
        hands.press("w")
    hands.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    hands.press("w")
    note = page.get_by_label("Votre texte")
    expect(note).to_be_focused()
    # While one types, letters are letters.
    hands.type("w?n")
    expect(note).to_have_value("w?n")
    expect(page.get_by_role("dialog")).to_have_count(0)

    elsewhere = running.open(who, path)
    expect(elsewhere.locator("#text-text[aria-keyshortcuts='w']")).to_be_attached()
    Hands(elsewhere).press("w")
    expect(elsewhere.get_by_label("Votre texte")).to_be_focused()
    with elsewhere.expect_response(lambda answer: answer.request.method == "POST" and path in answer.url):
        Hands(elsewhere).press("Meta+Enter")
