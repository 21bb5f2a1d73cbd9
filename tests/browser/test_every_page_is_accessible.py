"""Every page that a link leads to, as each role, on a full stage and on an empty one: usable by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect

from gruppetto.service.contacts.models import Contact
from gruppetto.service.worklists.fields import FIELDS
from tests.browser import stage
from tests.browser.conftest import Opens, Platform, axe
from tests.browser.examining import wrong
from tests.browser.hands import HERE, Hands
from tests.support.races import as_owner_of

pytestmark = pytest.mark.browser

# Words of an address that choose the rows of a page, not the page: a cursor, a queue, a worker, a filter or an order
# of the lists, an entry of the catalogue, days.
DAYS = ("periode", "debut", "semaine", "day", "part")
ROWS = ("apres", "file", "vue", "qui", "code", "kind", "kind_code", "next", *DAYS, *FIELDS, "tri")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What the browser saves instead of showing.
SAVED = (".pdf", ".csv", ".json", "/fichier/")
# Pages of everybody to which no link leads at this moment.
APART = (
    "/compte/deconnexion/",
    "/compte/ferme/",
    "/compte/double-cle/cles/",
    "/compte/connexion/?next=/responsable/",
)
KIND = "demande/health-card-renewal/"


@dataclass
class Walk:
    """A walk through the links, each page once; ``faults``: what is wrong, by address."""

    running: Platform
    page: Page
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: set[Any] = field(default_factory=set)

    def all(self, start: str) -> None:
        """From one address to all that its links lead to."""
        waiting = [start]
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
            status = [] if answer.status == 200 else [f"status {answer.status}"]
            if found := [*status, *wrong(self.page), *told(self.running)]:
                self.faults[arrived] = found

    def _known(self, path: str) -> bool:
        """Was a page of this kind seen already? Addresses that differ by their rows only are one page."""
        parts = urlsplit(path)
        match = resolve(parts.path)
        chosen = [(k, v) for k, v in match.kwargs.items() if isinstance(v, str) and k not in ROWS]
        asked = [(k, UUID.sub("", v)) for k, v in parse_qsl(parts.query) if k not in ROWS]
        if any(not isinstance(value, str) for value in match.kwargs.values()):
            # A record is the same page whatever the list beside it.
            asked = []
        page = (match.view_name, *sorted(chosen), *asked)
        # One's own account is the same for everybody.
        own = parts.path.startswith("/compte/")
        seen = self.running.examined if own else self.seen
        known = page in seen
        seen.add(page)
        return known

    def _links(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
        paths = dict.fromkeys(self._path(link) for link in found if link.startswith(self.running.url))
        return [path for path in paths if not urlsplit(path).path.endswith(SAVED)]

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


def told(running: Platform) -> list[str]:
    """What pages told their consoles since the last time."""
    found = [*running.troubles]
    running.troubles.clear()
    return found


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
    page = running.open(running.stage.by_role[role])
    walked = Walk(running, page)
    walked.all("/")
    page.close()
    assert "\n".join(f"{path} : {'; '.join(found)}" for path, found in walked.faults.items()) == ""
    # Those of one's own account were perhaps looked at with another role.
    assert len(walked.seen | running.examined) >= 3


@pytest.mark.parametrize("role", stage.ROLES)
def test_every_page_of_a_full_platform_is_accessible(full: Platform, role: str) -> None:
    walk(full, role)


@pytest.mark.parametrize("role", stage.ROLES)
def test_every_page_of_the_first_morning_is_accessible(empty: Platform, role: str) -> None:
    walk(empty, role)


@pytest.mark.parametrize("path", APART)
def test_pages_apart_are_accessible(empty: Platform, path: str) -> None:
    page = empty.open(empty.stage.by_role["supervisor"], path)
    assert wrong(page) == []
    page.close()


@pytest.mark.parametrize(
    ("path", "status"), [("/nulle-part/", 404), ("/responsable/", 403), ("/plate-forme/contacts/x/", 404)]
)
def test_pages_that_say_no_are_accessible(empty: Platform, path: str, status: int) -> None:
    page = empty.open(empty.stage.by_role["agent"])
    answer = page.goto(empty.url + path)
    assert answer is not None
    assert answer.status == status
    assert wrong(page) == []
    page.close()
    # The browser itself says that the status is not 200.
    assert all(f"status of {status}" in said for said in told(empty))


SEARCHED = {
    "Rochefoucauld": "2 personnes trouvées",
    "Personne-à-ce-nom": "Personne de ce nom",
    "": "Il y a une chose à corriger",
}


def test_what_a_search_finds_is_accessible(full: Platform) -> None:
    page = full.open(full.stage.by_role["correspondent"], "/personnes/")
    for typed, answered in SEARCHED.items():
        page.locator("[name=who]").fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_text(answered).first).to_be_visible()
        assert wrong(page) == []
    page.close()
    told(full)


def test_the_sentences_to_read_aloud_and_a_form_to_correct_are_accessible(full: Platform) -> None:
    with as_owner_of(full.database):
        contact = Contact.objects.get(state="taken")
    page = full.open(full.stage.by_role["agent"], f"/plate-forme/contacts/{contact.pk}/")
    page.get_by_role("button", name=re.compile("Noter les motifs")).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert wrong(page) == []
    page.goto(f"{full.url}/plate-forme/contacts/{contact.pk}/{KIND}")
    page.get_by_role("button", name=re.compile("Lire à la personne")).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert wrong(page) == []
    for question, answer in stage.SCRIPT.items():
        page.locator(f"[name=q-{question}][value={answer}]").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".read-aloud li")).to_have_count(3)
    assert wrong(page) == []
    page.close()
    told(full)


# Has a thing behind the dialog the focus?
BEHIND = """() => {
    const here = document.activeElement;
    return here !== document.body && !here.closest("dialog[open]");
}"""


@pytest.mark.parametrize(
    ("role", "path", "opener"),
    [
        ("agent", "/", "Raccourcis clavier"),
        ("back_office", "/gestion/listes/", "Abandonner cette liste"),
    ],
)
def test_a_dialog_holds_the_keyboard_and_lets_it_go(
    full: Platform, role: str, path: str, opener: str
) -> None:
    hands = Hands(full.open(full.stage.by_role[role], path))
    page = hands.page
    if role == "back_office":
        hands.push(page.get_by_role("link", name=re.compile("liste-du-ccas")))
    button = page.get_by_role("button", name=opener).last
    hands.push(button)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    for _ in range(30):
        hands.press("Tab")
        assert page.evaluate(BEHIND) is False
    hands.press("Escape")
    expect(dialog).to_have_count(0)
    assert button.evaluate(HERE)
    page.close()


@pytest.mark.parametrize(
    ("role", "path"),
    [("agent", "/plate-forme/"), ("correspondent", "/correspondant/"), ("supervisor", "/responsable/")],
)
def test_tab_goes_round_the_whole_page_and_out_of_it(full: Platform, role: str, path: str) -> None:
    hands = Hands(full.open(full.stage.by_role[role], path))
    page = hands.page
    hands.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    hands.press("Tab")
    # Round the page and back to its first stop: nothing kept the focus on the way.
    hands.reach(page.locator(".skip-link"))
    hands.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.close()


FAULTY = """<!DOCTYPE html><html><head><style>* { outline: none } p { width: 2000px }</style></head>
<body><h1>Un</h1><h1>Deux</h1><p><a href="/">Lien</a><img src="data:,"></p></body></html>"""


def test_the_examination_sees_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(FAULTY)
    found = "\n".join(wrong(page))
    page.close()
    for fault in (
        "title",
        "2 main headings",
        "image-alt",
        "html-has-lang",
        "first Tab",
        "focus is not seen",
        "wider than 320",
    ):
        assert fault in found
