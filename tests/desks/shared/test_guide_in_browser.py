"""The guide on screen: nothing for axe to say, nothing lost when narrow, everything by keyboard, nothing typed lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from tests.desks.shared.conftest import AXE, SITE

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
GUIDE = "/guide-de-style/"
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
SHEETS = [GUIDE, f"{GUIDE}chiffres/", f"{GUIDE}bureau/", f"{GUIDE}bureau/?vue=fiche", f"{GUIDE}porte/"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("path", SHEETS)
def test_axe_finds_nothing(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    expect(page.locator(".chart-canvas:not(.drawn)")).to_have_count(0)
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found["violations"]] == []


@pytest.mark.parametrize("path", SHEETS)
def test_nothing_overflows_when_the_page_is_narrow_or_enlarged(open_page: OpenPage, path: str) -> None:
    """720 is a screen of 1440 enlarged twice."""
    page = open_page(path, width=320)
    for width in (320, 720, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_narrow_screen_shows_the_list_or_the_record_with_a_way_back(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}bureau/", width=320)
    expect(page.locator("#pane-list")).to_be_visible()
    expect(page.locator("#pane-detail")).to_be_hidden()
    page.locator("[data-item]").first.click()
    expect(page.locator("#pane-list")).to_be_hidden()
    expect(page.locator("#pane-person")).to_be_visible()
    page.get_by_role("link", name="Retour à la liste").click()
    expect(page.locator("#pane-list")).to_be_visible()


def test_panes_keep_their_place_and_width_whatever_they_hold(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}bureau/")
    places = "[...document.querySelectorAll('.desk > *')].map(e => [e.offsetLeft, e.offsetWidth])"
    before = page.evaluate(places)
    page.evaluate("document.querySelector('#items').replaceChildren()")
    page.evaluate("document.querySelector('.timeline').append('un'.repeat(4000))")
    assert page.evaluate(places) == before


def test_the_first_stop_of_the_keyboard_leads_to_the_content(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}chiffres/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_summary_of_errors_is_read_first_and_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page(GUIDE)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Code postal")).click()
    expect(page.locator("#id_faux-postcode")).to_be_focused()


def test_a_dialog_says_what_will_happen_and_starts_on_doing_nothing(open_page: OpenPage) -> None:
    page = open_page(GUIDE)
    opener = page.get_by_role("button", name="Retirer le mandat « santé » de Mme Roux")
    opener.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("Retirer le mandat"))).to_be_visible()
    expect(page.get_by_role("button", name="Ne rien changer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_shortcuts_sleep_while_typing_can_be_changed_and_switched_off(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}bureau/")
    dialog = page.get_by_role("dialog", name="Raccourcis clavier")
    page.locator("#reply-text").press("?")
    expect(dialog).to_be_hidden()
    page.locator("[data-item]").first.focus()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    field = dialog.get_by_label("Ligne suivante de la liste")
    field.press("n")
    expect(field).to_have_value("N")
    other = dialog.get_by_label("Ligne précédente de la liste")
    other.press("n")
    expect(other).to_have_value("K")
    expect(dialog.get_by_text("Cette touche sert déjà")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("[data-item]").nth(1)).to_be_focused()
    page.keyboard.press("?")
    dialog.get_by_label("Utiliser les raccourcis").uncheck()
    page.keyboard.press("Escape")
    page.locator("[data-item]").first.focus()
    page.keyboard.press("n")
    expect(page.locator("[data-item]").first).to_be_focused()


def test_a_help_text_names_one_s_own_keys_and_none_once_they_are_off(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}bureau/")
    helped, dialog = page.locator("#how-to-walk"), page.get_by_role("dialog", name="Raccourcis clavier")
    expect(helped).to_contain_text("La touche J descend, la touche K remonte.")
    page.locator("[data-item]").first.focus()
    page.keyboard.press("?")
    dialog.get_by_label("Ligne suivante de la liste").press("n")
    expect(helped).to_contain_text("La touche N descend, la touche K remonte.")
    dialog.get_by_label("Utiliser les raccourcis").uncheck()
    expect(helped.locator("[data-shortcut-said]")).to_be_hidden()
    expect(helped.get_by_text("Ouvrez une demande pour la lire.")).to_be_visible()


def test_what_is_typed_offline_is_kept_survives_a_reload_and_leaves_by_itself(open_page: OpenPage) -> None:
    sent: list[dict[str, list[str]]] = []
    online = False

    def draft(route: Route) -> None:
        if not online:
            route.abort("internetdisconnected")
            return
        sent.append(parse_qs(route.request.post_data or ""))
        route.fulfill(status=204)

    page = open_page(GUIDE)
    page.context.route(f"{SITE}/brouillon/", draft)
    state = page.locator("[data-draft-state]")
    page.locator("#reply-text").fill("Votre carte part demain.")
    expect(state).to_contain_text("gardé sur cet ordinateur")
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("Votre carte part demain.")
    online = True
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(state).to_contain_text("Brouillon enregistré à")
    assert sent == [{"reply": ["Votre carte part demain."]}]
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.includes('draft'))") == []


def without_instants(page: Page) -> str:
    """The rows of the list, their times left out."""
    return re.sub(r"<time.*?</time>", "", page.locator("#items").inner_html(), flags=re.DOTALL)


def test_news_are_counted_and_the_list_does_not_move(open_page: OpenPage) -> None:
    notices = "".join(
        f"event: interventions\ndata: {json.dumps({'topic': 'interventions', 'id': number})}\n\n"
        for number in ("1", "2", "2")
    )
    stream = f"retry: 60000\nevent: ready\ndata: {{}}\n\n{notices}"
    page = open_page(f"{GUIDE}bureau/")
    before = without_instants(page)
    page.context.route(
        f"{SITE}/direct/**", lambda route: route.fulfill(body=stream, content_type="text/event-stream")
    )
    page.reload()
    expect(page.get_by_role("button", name="2 nouvelles, les afficher")).to_be_visible()
    # Without its instants: a minute may begin between the two readings.
    assert without_instants(page) == before
    # The stream of this test ends: the page says so.
    expect(page.get_by_text("Connexion perdue")).to_be_visible()


def test_the_table_of_a_chart_is_one_key_away(open_page: OpenPage) -> None:
    page = open_page(f"{GUIDE}chiffres/")
    page.locator("summary", has_text="Voir le tableau").first.press("Enter")
    expect(page.get_by_role("cell", name="non mesuré").first).to_be_visible()


STREAM = """
window.EventSource = class extends EventTarget {
    constructor() { super(); window.stream = this; setTimeout(() => this.onopen({})); }
    close() {}
};
window.tell = (topic) => window.stream.dispatchEvent(new MessageEvent(topic, {data: '{"id": "1"}'}));
"""
PANE = """
const pane = document.createElement("section");
pane.innerHTML = '<div id="calls" hx-get="/appels/" hx-trigger="refresh" data-live="calls"><input id="typed"></div>';
document.querySelector("#main").append(pane);
htmx.process(pane);
htmx.trigger(pane, "htmx:afterSettle", {target: pane});
"""


def test_a_live_pane_is_read_at_once_then_once_for_a_burst_and_never_while_one_types(
    open_page: OpenPage,
) -> None:
    reads: list[str] = []

    def calls(route: Route) -> None:
        reads.append(route.request.url)
        route.fulfill(body='<input id="typed">', content_type="text/html")

    page = open_page(f"{GUIDE}porte/")
    page.context.route(f"{SITE}/appels/", calls)
    page.add_init_script(STREAM)
    # The page's clock is moved by hand: what would happen within 300 ms has happened.
    page.clock.install(time=NOON)
    page.reload()
    page.clock.run_for(10)
    expect(page.locator("[data-connection=live]")).to_be_attached()
    page.clock.pause_at(NOON + timedelta(hours=1))
    page.evaluate(PANE)
    with page.expect_response(f"{SITE}/appels/"):
        page.evaluate("tell('calls')")
    with page.expect_response(f"{SITE}/appels/"):
        page.evaluate("for (let i = 0; i < 20; i++) tell('calls')")
        page.clock.run_for(100)
    page.clock.run_for(300)
    assert len(reads) == 2
    before = len(reads)
    page.locator("#typed").fill("Roux")
    page.evaluate("tell('calls')")
    page.clock.run_for(300)
    assert len(reads) == before
    expect(page.locator("#typed")).to_have_value("Roux")
    with page.expect_response(f"{SITE}/appels/"):
        page.locator("#typed").blur()
        page.clock.run_for(10)
