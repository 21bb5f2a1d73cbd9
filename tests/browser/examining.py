"""What is wrong with a page for somebody who reads it with their ears, moves by keyboard, or enlarges it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as StillSo

from tests.browser.conftest import axe
from tests.support.chromium import PATIENCE

# A screen of 1440 enlarged twice, and the narrowest (WCAG 1.4.4, 1.4.10).
WIDTHS = (720, 320)
# A page of the house says what it is, then where one is.
TITLE = re.compile(r"\S.* – \S")
DRAWN = "() => !document.querySelector('.chart-canvas:not(.drawn)')"
NO_WIDER = "width => document.documentElement.scrollWidth <= width"
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map((one) => `${one.tagName}.${one.className}`)"""
STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
FIRST_STOP = "stops => document.querySelector(stops)?.className"
# Once a key was pressed, what has the focus must look different: itself or the label around it.
UNSEEN = """(stops) => {
    const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "backgroundColor"];
    const looks = (one) => [one, one.closest("label")].filter(Boolean).map((part) => {
        const style = getComputedStyle(part);
        return LOOKS.map((name) => style[name]).join();
    }).join();
    return [...document.querySelectorAll(stops)].filter((one) => {
        if (!one.checkVisibility() || one.disabled) return false;
        document.activeElement.blur();
        const before = looks(one);
        one.focus();
        return document.activeElement === one && looks(one) === before;
    }).slice(0, 3).map((one) => one.outerHTML.slice(0, 80));
}"""


def wrong(page: Page) -> list[str]:
    """What axe finds, and what it cannot see: title, heading, first stop, focus, width. Empty when all is well."""
    return [*_named(page), *_drawn(page), *axe(page), *_by_keyboard(page), *_too_wide(page)]


def _named(page: Page) -> Iterator[str]:
    if not TITLE.match(page.title()):
        yield f"its title is « {page.title()} »"
    if (count := page.locator("h1").count()) != 1:
        yield f"it has {count} main headings"


def _drawn(page: Page) -> Iterator[str]:
    try:
        page.wait_for_function(DRAWN, timeout=PATIENCE)
    except StillSo:
        yield "a chart is not drawn"


def _by_keyboard(page: Page) -> Iterator[str]:
    if page.evaluate(FIRST_STOP, STOPS) != "skip-link":
        yield "the first stop of the keyboard is not the way to the content"
    page.keyboard.press("Tab")
    # Where a page starts inside a form, the way to the content is behind.
    started = page.locator("[autofocus], [data-error-summary]").count()
    if not started and not page.locator(".skip-link:focus").is_visible():
        yield "the first Tab does not show the way to the content"
    if unseen := page.evaluate(UNSEEN, STOPS):
        yield f"focus is not seen on {unseen}"


def _too_wide(page: Page) -> Iterator[str]:
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        try:
            page.wait_for_function(NO_WIDER, arg=width, timeout=PATIENCE)
        except StillSo:
            yield f"it is wider than {width}: {page.evaluate(TOO_WIDE, width)}"
    if before:
        page.set_viewport_size(before)
