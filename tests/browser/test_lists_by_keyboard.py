"""Lists without a mouse: rows picked, entrusted at once, put back; filtered, kept as a view; for everybody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gruppetto.desks.shared.lists import address
from tests.browser import stage
from tests.browser.conftest import Opens, Platform
from tests.browser.examining import wrong
from tests.browser.hands import Hands

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(platform: Opens) -> Iterator[Platform]:
    with platform(stage.full) as one:
        yield one


def sound(page: Page) -> None:
    """Nothing is wrong with this page, whoever reads it."""
    assert wrong(page) == [], page.url


def test_rows_are_picked_entrusted_and_put_back_by_keyboard(running: Platform) -> None:
    page = running.open(running.stage.by_role["supervisor"], address(etat="a-faire", tri="recentes"))
    hands = Hands(page)
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(25)
    names = rows.locator("[data-item]")
    # j goes down, x picks, k goes up; the second row, then the fourth.
    hands.press("j", "j", "x", "j", "j", "x")
    expect(page.locator("[data-picked-said]")).to_have_text("Demandes choisies : 2")
    picked = page.locator("[data-pick]:checked")
    expect(picked).to_have_count(2)
    # Shift and the mouse of a colleague: from there to the seventh.
    page.locator("[data-pick]").nth(6).click(modifiers=["Shift"])
    expect(picked).to_have_count(5)
    # The list is read again: what was picked stays.
    page.evaluate("document.querySelector('[data-news]').hidden = false")
    page.locator("[data-news] button").click()
    expect(page.locator("[data-news]")).to_be_hidden()
    expect(picked).to_have_count(5)
    page.locator("[data-pick-all]").check()
    expect(picked).to_have_count(25)
    page.locator("[data-pick-all]").uncheck()
    names.first.focus()
    hands.press("x", "j", "x")
    expect(picked).to_have_count(2)
    hands.press("Shift+A")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agir sur 2 demandes")
    sound(page)
    hands.push(page.get_by_role("link", name="Confier à quelqu’un"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Confier à quelqu’un")
    sound(page)
    hands.choose("account", value_of(page, "Sylvie"))
    hands.reach(page.get_by_label("Pourquoi ?"))
    hands.type("absence de Bob")
    hands.press("Enter")
    expect(page.get_by_role("status").filter(has_text="2 demandes confiées sur 2")).to_be_visible()
    sound(page)
    hands.push(page.get_by_role("button", name="Remettre comme avant"))
    expect(page.get_by_text("2 demandes remises comme avant")).to_be_visible()


def value_of(page: Page, name: str) -> str:
    """The value of the round button called so."""
    return page.get_by_role("radio", name=name).first.get_attribute("value") or ""


def test_a_list_is_filtered_and_kept_by_keyboard(running: Platform) -> None:
    page = running.open(running.stage.by_role["correspondent"], address())
    hands = Hands(page)
    sound(page)
    picture(page, "list")
    hands.shortcut("f")
    expect(page.get_by_role("heading", level=1)).to_have_text("Filtrer la liste")
    sound(page)
    picture(page, "filters")
    hands.reach(page.locator("input[name=etat][value=en-attente]"))
    hands.press("Space")
    hands.push(page.get_by_role("button", name="Voir la liste"))
    expect(page.get_by_text("État : En attente de quelqu’un")).to_be_visible()
    hands.push(page.get_by_role("link", name="Garder cette liste"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Garder cette liste")
    sound(page)
    hands.reach(page.get_by_label("Nom de la vue"))
    hands.type("Ce que j’attends")
    hands.press("Enter")
    expect(page.get_by_text("est gardée")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que j’attends")
    expect(page.locator(".rail a[aria-current]")).to_contain_text("Ce que j’attends")
    sound(page)
    hands.push(page.get_by_role("link", name="État : En attente de quelqu’un"))
    expect(page.get_by_role("heading", level=1)).to_have_text("À moi")
    page.goto(running.url + "/interventions/vues/")
    sound(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(running.url + address(etat="toutes"))
    picture(page, "phone")
    hands.reach(page.locator("[data-item]").first)
    hands.press("Enter")
    expect(page).to_have_url(re.compile("/correspondant/interventions/"))


def picture(page: Page, name: str) -> None:
    """Kept for whoever wants to look (``GRUPPETTO_PICTURES``)."""
    if folder := os.environ.get("GRUPPETTO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
