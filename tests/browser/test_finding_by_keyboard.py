"""The search box by keyboard alone: reached, walked through, opened, closed; readers are told how many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import stage
from tests.browser.conftest import Opens, Platform, axe
from tests.browser.examining import wrong

pytestmark = pytest.mark.browser


@pytest.fixture
def running(platform: Opens) -> Iterator[Platform]:
    with platform(stage.scene) as one:
        yield one


def test_one_finds_opens_and_comes_back_without_a_mouse(running: Platform) -> None:
    page = running.open(running.stage.by_role["correspondent"], "/correspondant/")
    box = page.get_by_role("combobox")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("roux")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Jeanne Roux")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-finding-said]")).to_contain_text("résultat")
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "finding-0")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(option).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    # Enter without a choice shows everything; the words are in no address.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Personnes")).to_be_visible()
    assert "roux" not in page.url
    assert wrong(page) == []
    results = page.url
    page.get_by_role("link", name="Jeanne Roux").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jeanne Roux")
    assert wrong(page) == []
    page.go_back()
    expect(page).to_have_url(results)
    expect(page.get_by_role("link", name="Jeanne Roux").first).to_be_visible()
    # Enter on a choice opens it at once.
    page.keyboard.press("/")
    page.keyboard.type("05 61 00 00 01")
    expect(option).to_contain_text("Jeanne Roux")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jeanne Roux")
    page.goto(f"{running.url}/personnes/coordonnees/")
    assert wrong(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(results)
    assert wrong(page) == []
    assert running.troubles == []
