"""The sandbox one practises in: an exercise by keyboard, from its button to its review; each page usable by all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from gruppetto.demo.keys import LINE
from gruppetto.training import casting
from gruppetto.training.ringing import Trainer
from tests.browser import stage
from tests.browser.calling import conclude
from tests.browser.conftest import Opens, Platform
from tests.browser.examining import wrong
from tests.browser.hands import Hands
from tests.support import factories as make
from tests.support.races import as_owner_of

pytestmark = pytest.mark.browser
HOME = "/entrainement/"


@pytest.fixture
def sandbox(platform: Opens) -> Iterator[Platform]:
    """A training where Jeanne and her son play all the parts."""

    def set_stage(database: str) -> stage.Stage:
        scene = stage.scene(database)
        assert scene.cast is not None
        with as_owner_of(database):
            son = make.person("Roux", "Paul", within=scene.cast.portfolio, subscriber_since=None)
            make.phone(son, "+33639980017")
            make.relative(scene.cast.jeanne, son, "son fils")
        return scene

    with platform(set_stage, GRUPPETTO_TRAINING="1") as running:
        with as_owner_of(running.database):
            casting.write(running.folder)
        yield running


def look(page: Page) -> None:
    """Nothing is wrong there, and nobody takes it for the real platform."""
    expect(page.locator(".training-band")).to_be_visible()
    assert wrong(page) == []


def test_an_exercise_is_played_by_keyboard_and_each_page_is_accessible(sandbox: Platform) -> None:
    page = sandbox.open(sandbox.stage.by_role["agent"], HOME)
    hands = Hands(page)
    expect(page.get_by_text("Vos exercices seront ici")).to_be_visible()
    look(page)
    hands.push(page.get_by_role("button", name="Faire sonner : Un appelant mécontent"))
    expect(page.get_by_text("L’appel sonne.")).to_be_visible()
    look(page)
    exercise = page.url
    trainer = Trainer(sandbox.folder, sandbox.url, settings.GRUPPETTO_LINES[LINE])
    trainer.tick()
    hands.push(page.get_by_role("link", name="Aller prendre l’appel"))
    hands.shortcut("p")
    expect(page.get_by_role("heading", name="05 61 00 00 01")).to_be_visible()
    look(page)
    page.goto(exercise)
    expect(page.get_by_text("Pas encore")).to_have_count(3)
    look(page)
    hands.push(page.get_by_role("link", name="Revenir à l’appel"))
    conclude(hands, "Elle sera rappelée vendredi.")
    trainer.tick()
    trainer.line.close()
    page.goto(sandbox.url + HOME)
    look(page)
    hands.push(page.get_by_role("link", name="Un appelant mécontent"))
    expect(page.get_by_text("L’appel est conclu")).to_be_visible()
    assert sandbox.troubles == []
    page.close()
