"""The guide in a real browser, without server or database: each request of the page is answered from here."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from csp.utils import build_policy
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve
from playwright.sync_api import Browser, Page, Route

from gruppetto.kernel.access import second_factor

SITE = "http://guide.test"
# What the console says when a connection is cut on purpose: the browser, then htmx about its stream.
CUT = ("net::ERR", "[object Event]")
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"


class Correspondent:
    """Somebody signed in, known to no database."""

    pk = "guide"
    is_authenticated = True
    role = "correspondent"
    temporary_until = None

    def __str__(self) -> str:
        return "Jean-Baptiste Castelnau"


def request_for(url: str) -> HttpRequest:
    """The request of a signed-in correspondent."""
    parts = urlsplit(url)
    request = RequestFactory().get(f"{parts.path}?{parts.query}")
    request.user = Correspondent()  # type: ignore[assignment]  # stands for an account
    request.session = {second_factor.SHOWN: Correspondent.pk}  # type: ignore[assignment]  # and for a session
    return request


def answer(route: Route) -> None:
    """A page of the house with its content policy, or a static file; anything else is refused."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = finders.find(path.removeprefix("/static/"))
        assert isinstance(file, str), f"{path} is missing: run make assets"
        route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
        return
    match = resolve(path)
    response = match.func(request_for(route.request.url), *match.args, **match.kwargs)
    headers = {"Content-Security-Policy": build_policy(), "Content-Type": "text/html; charset=utf-8"}
    route.fulfill(status=response.status_code, body=response.content, headers=headers)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page("/guide-de-style/", width=320)``; fails at the end on any error the page told its console."""
    troubles: list[str] = []
    contexts = []
    silent: list[Route] = []

    def opened(path: str, *, width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
        contexts.append(context)
        context.route(f"{SITE}/**", answer)
        # Nobody's own keys: there is no account behind these pages.
        keys = {"off": False, "keys": {}}
        context.route(f"{SITE}/compte/raccourcis/", lambda route: route.fulfill(json=keys))
        # Nor alarms of anybody's visit.
        context.route(
            f"{SITE}/visites/alarmes/bandeau/", lambda route: route.fulfill(body="", content_type="text/html")
        )
        # An open stream that says nothing.
        context.route(f"{SITE}/direct/**", lambda route: silent.append(route))
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(f"{SITE}{path}")
        return page

    yield opened
    for stream in silent:
        stream.abort()
    for context in contexts:
        context.close()
    assert [trouble for trouble in troubles if not any(word in trouble for word in CUT)] == []
