"""A platform that runs: its web process, its worker, a database with real commits, and browsers that watch it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from gruppetto import launcher
from tests.browser.stage import Stage
from tests.support import database
from tests.support.chromium import PATIENCE
from tests.support.factories import Colleague
from tests.support.processes import Process, all_started, environment, web, worker
from tests.support.races import connected_to

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOUND = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false}).then(
    ({violations}) => violations.map(({id, nodes}) =>
        `${id}: ${nodes.slice(0, 3).map(node => node.target.join(" ")).join(", ")}`))"""


@dataclass
class Platform:
    """The platform and those who look at it. ``troubles``: errors told to their consoles, content policy included."""

    server: launcher.Server
    database: str
    folder: Path
    web: Process
    worker: Process
    stage: Stage
    browser: Browser
    troubles: list[str] = field(default_factory=list)
    signed_in: dict[Any, BrowserContext] = field(default_factory=dict)
    # Pages that are the same whatever the role, once looked at.
    examined: set[Any] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.web.port}"

    def context(self, who: Colleague) -> BrowserContext:
        """The browser of somebody signed in, second factor done: one each."""
        if who.account.pk not in self.signed_in:
            made = self.browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="fr-FR", timezone_id="Europe/Paris"
            )
            # Several platforms may be open at once: the session is written in the database of this one.
            with connected_to(self.server.web_url(self.database)):
                cookies = who.signed_in.client().cookies.values()
            made.add_cookies([{"name": one.key, "value": one.value, "url": self.url} for one in cookies])
            made.set_default_timeout(PATIENCE)
            self.signed_in[who.account.pk] = made
        return self.signed_in[who.account.pk]

    def open(self, who: Colleague, path: str = "/") -> Page:
        """A page of theirs, watched."""
        page = self.context(who).new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page, said))
        page.goto(self.url + path)
        return page

    def _hear(self, page: Page, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.troubles.append(f"{page.url}: {said.text}")


def axe(page: Page) -> list[str]:
    """What axe finds on the whole page, WCAG 2.2 A and AA: one line a rule."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(FOUND, WCAG)
    return found


Opens = Callable[..., Any]


@pytest.fixture(scope="session")
def platform(
    server: launcher.Server, browser: Browser, django_db_blocker: Any, tmp_path_factory: Any
) -> Opens:
    """``with platform(stage.full) as running``: a platform on that stage, of its own database.

    More of its environment by name: ``GRUPPETTO_TRAINING="1"``.
    """

    @contextmanager
    def running(set_stage: Callable[[str], Stage], **more: str) -> Iterator[Platform]:
        folder: Path = tmp_path_factory.mktemp("platform")
        with django_db_blocker.unblock(), database.copy(server, "browser") as name:
            with connected_to(server.web_url(name)):
                stage = set_stage(name)
            # A spool of its own: the worker of another platform would take up what this one keeps.
            own = {"GRUPPETTO_SPOOL_FOLDER": str(folder / "spool"), **more}
            variables = {**environment(server, name, folder), **own}
            made = Platform(
                server, name, folder, web(variables, folder), worker(variables, folder), stage, browser
            )
            try:
                all_started([made.web, made.worker])
                yield made
            finally:
                for context in made.signed_in.values():
                    context.close()
                made.worker.kill()
                made.web.kill()

    return running
