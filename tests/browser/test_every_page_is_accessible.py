"""Every page that a link leads to, as each role, on a full stage and on an empty one: usable by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PageIsSlow

from tests.browser import stage
from tests.browser.conftest import Opens, Platform, axe

pytestmark = pytest.mark.browser

# A screen of 1440 enlarged twice, and the narrowest (WCAG 1.4.4, 1.4.10).
WIDTHS = (720, 320)
# Words of an address that choose the rows of a page, not the page: a cursor, a queue, a worker, an entry of the
# catalogue.
ROWS = ("apres", "file", "vue", "qui", "code", "kind_code")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What the browser saves instead of showing.
SAVED = (".pdf", ".csv", ".json", "/fichier/")

# Pages of one's own account that were seen, by platform: they are the same whatever the role.
OWN_ACCOUNT: dict[str, set[Any]] = {}

DRAWN = "!document.querySelector('.chart-canvas:not(.drawn)')"
NO_WIDER = "width => document.documentElement.scrollWidth <= width"
TOO_WIDE = """width => [...document.querySelectorAll("main *")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map(one => one.tagName + "." + one.className)"""
# Once a key was pressed, what has the focus must look different: itself or the label around it.
UNSEEN = """() => {
    const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "backgroundColor"];
    const looks = (one) => [one, one.closest("label")].filter(Boolean).map((part) => {
        const style = getComputedStyle(part);
        return LOOKS.map((name) => style[name]).join();
    }).join();
    const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    return stops.filter((one) => {
        if (!one.checkVisibility() || one.disabled || one.type === "hidden") return false;
        document.activeElement.blur();
        const before = looks(one);
        one.focus();
        return document.activeElement === one && looks(one) === before;
    }).slice(0, 3).map((one) => one.outerHTML.slice(0, 80));
}"""
FIRST_STOP = (
    """() => document.querySelector("a[href], button, input:not([type=hidden]), [tabindex='0']").className"""
)


@dataclass
class Walk:
    """A walk through the links, each page once; ``faults``: what is wrong, by address."""

    running: Platform
    page: Page
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: set[Any] = field(default_factory=set)

    def all(self, start: str) -> int:
        """From one address to all that its links lead to; how many pages that made."""
        waiting, pages = [start], 0
        while waiting:
            path = waiting.pop(0)
            if self._known(path):
                continue
            answer = self.page.goto(self.running.url + path)
            assert answer is not None
            arrived = self._path(self.page.url)
            if arrived != path and self._known(arrived):
                continue
            waiting += self._links()
            if wrong := [*self._wrong(answer.status), *self._told()]:
                self.faults[arrived] = wrong
            pages += 1
        return pages

    def _known(self, path: str) -> bool:
        """Was a page of this kind seen already? Addresses that differ by their rows only are one page."""
        parts = urlsplit(path)
        match = resolve(parts.path)
        chosen = tuple(
            sorted((k, v) for k, v in match.kwargs.items() if isinstance(v, str) and k not in ROWS)
        )
        asked = tuple((k, "" if UUID.fullmatch(v) else v) for k, v in parse_qsl(parts.query) if k not in ROWS)
        if any(not isinstance(value, str) for value in match.kwargs.values()):
            # A record is the same page whatever the list beside it.
            asked = ()
        page = (match.view_name, chosen, asked)
        # One's own account is the same for everybody.
        own = parts.path.startswith("/compte/")
        seen = OWN_ACCOUNT.setdefault(self.running.database, set()) if own else self.seen
        known = page in seen
        seen.add(page)
        return known

    def _links(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        paths = dict.fromkeys(self._path(link) for link in found if link.startswith(self.running.url))
        return [path for path in paths if not urlsplit(path).path.endswith(SAVED)]

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _told(self) -> list[str]:
        told = [*self.running.troubles]
        self.running.troubles.clear()
        return told

    def _wrong(self, status: int) -> Iterator[str]:
        page = self.page
        if status != 200:
            yield f"status {status}"
        if not re.match(r"\S.+ – \S", page.title()):
            yield f"title « {page.title()} »"
        if (count := page.locator("h1").count()) != 1:
            yield f"{count} h1"
        page.wait_for_function(DRAWN)
        yield from axe(page)
        if page.locator("[autofocus], [data-error-summary]").count():
            if page.evaluate(FIRST_STOP) != "skip-link":
                yield "the first stop of the keyboard is not the way to the content"
        else:
            page.keyboard.press("Tab")
            if not page.locator(".skip-link:focus").is_visible():
                yield "the first Tab does not show the way to the content"
        page.keyboard.press("Tab")
        if unseen := page.evaluate(UNSEEN):
            yield f"focus not seen on {unseen}"
        yield from self._too_wide()

    def _too_wide(self) -> Iterator[str]:
        before = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            try:
                self.page.wait_for_function(NO_WIDER, arg=width, timeout=2000)
            except PageIsSlow:
                yield f"wider than {width}: {self.page.evaluate(TOO_WIDE, width)}"
        if before:
            self.page.set_viewport_size(before)


@pytest.fixture(scope="module")
def full(platform: Opens) -> Iterator[Platform]:
    with platform(stage.full) as running:
        yield running


@pytest.fixture(scope="module")
def empty(platform: Opens) -> Iterator[Platform]:
    with platform(stage.empty) as running:
        yield running


def walk(running: Platform, role: str) -> None:
    """Nothing is wrong on any page of this role."""
    who = running.stage.by_role[role]
    page = running.open(who)
    walked = Walk(running, page)
    pages = walked.all("/")
    page.close()
    assert "\n".join(f"{path} : {'; '.join(wrong)}" for path, wrong in walked.faults.items()) == ""
    assert pages >= 3


@pytest.mark.parametrize("role", stage.ROLES)
def test_every_page_of_a_full_platform_is_accessible(full: Platform, role: str) -> None:
    walk(full, role)


@pytest.mark.parametrize("role", stage.ROLES)
def test_every_page_of_the_first_morning_is_accessible(empty: Platform, role: str) -> None:
    walk(empty, role)
