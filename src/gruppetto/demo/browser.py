"""A browser without a screen: cookies, links, forms as a page has them, and the stream of live events."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

PATIENCE = 20.0
Typed = Mapping[str, str | Iterable[str]]


@dataclass
class Form:
    """A form of a page, with what it holds already; ``buttons``: (name, value) of those that send something."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        """What a field holds, or nothing."""
        return next((value for key, value in self.fields if key == name), "")

    def filled(self, typed: Typed) -> list[tuple[str, str]]:
        """What is sent once ``typed`` replaced what the fields of these names held."""
        kept = [(name, value) for name, value in self.fields if name not in typed]
        for name, value in typed.items():
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return kept


@dataclass
class Page:
    """An answer: where it came from in the end, its status, its text, its forms and its links."""

    url: str
    status: int
    text: str
    kind: str = ""
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The address without the host."""
        parts = urllib.parse.urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def form(self, ending: str, **held: str) -> Form:
        """The form whose address ends so and that holds these values. Raises ``Lost`` with the page's words."""
        for form in self.forms:
            address = urllib.parse.urlsplit(form.action).path
            if address.endswith(ending) and all(form.value(name) == value for name, value in held.items()):
                return form
        raise Lost(f"{self.path} ({self.status}) has no form {ending} {held or ''}: {_words(self.text)}")


class Lost(Exception):
    """A page is not what somebody who uses it expects."""


def read(url: str, status: int, kind: str, content: bytes) -> Page:
    """The page of an answer, with its forms and links when it is one of ours."""
    text = content.decode(errors="replace") if kind.startswith("text/") else ""
    page = Page(url, status, text, kind)
    if kind == "text/html":
        _Reader(page).feed(text)
    return page


class Browser:
    """One person's browser at ``url``; ``seen``: every address asked, with its status."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.seen: dict[str, int] = {}

    def get(self, path: str) -> Page:
        """Open an address, following where it leads."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.url, path)))  # noqa: S310  (our own host)

    def submit(self, page: Page, form: Form, typed: Typed | None = None) -> Page:
        """Send a form of ``page`` with ``typed`` in its fields."""
        address = urllib.parse.urljoin(page.url, form.action)
        data = urllib.parse.urlencode(form.filled(typed or {}))
        if form.method == "get":
            return self.get(f"{address.partition('?')[0]}?{data}")
        request = urllib.request.Request(address, data.encode(), {"Referer": page.url})  # noqa: S310
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer = self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
            kind = answer.headers.get_content_type()
        page = read(answer.geturl(), answer.status or 0, kind, content)
        self.seen[urllib.parse.urlsplit(page.url).path] = page.status
        return page


class Ear:
    """Listens to the live events that a signed-in browser hears, until ``close``."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.changed = threading.Condition()
        self.ready = threading.Event()
        address = urllib.parse.urljoin(browser.url, path)
        self.answer = browser.opener.open(address, timeout=PATIENCE)
        threading.Thread(target=self._listen, name="ear", daemon=True).start()
        if not self.ready.wait(PATIENCE):
            raise Lost("the live events never began")

    def wait_for(self, topic: str, key: str = "", after: int = 0) -> str:
        """The id that an event of ``topic`` is about (that one, if ``key``), among those heard ``after`` so many.

        Raises ``Lost`` when it does not come.
        """
        until = time.monotonic() + PATIENCE
        with self.changed:
            while True:
                for name, notice in self.heard[after:]:
                    if name == topic and key in ("", notice.get("id")):
                        return str(notice.get("id", ""))
                if not self.changed.wait(max(until - time.monotonic(), 0)):
                    raise Lost(f"nobody was told of {topic} {key}")

    def close(self) -> None:
        """Hang up."""
        self.answer.close()

    def _listen(self) -> None:
        name = ""
        try:
            for line in self.answer:
                text = line.decode().rstrip("\n")
                if text.startswith("event: "):
                    name = text[7:]
                elif text.startswith("data: "):
                    self._hear(name, json.loads(text[6:]))
        except (OSError, ValueError, AttributeError):
            # Hung up, by us or by them: what was heard stays.
            return

    def _hear(self, name: str, notice: dict[str, Any]) -> None:
        if name == "ready":
            self.ready.set()
        with self.changed:
            self.heard.append((name, notice))
            self.changed.notify_all()


class _Reader(HTMLParser):
    """Reads forms and links."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.forms: dict[str, Form] = {}
        self.form: Form | None = None
        self.select = ""
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None
        self.written = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        match tag:
            case "a" if given.get("href"):
                self.page.links.append(given["href"])
            case "form":
                self.form = Form(given.get("action", ""), given.get("method", "get").lower())
                self.page.forms.append(self.form)
                self.forms[given.get("id", "")] = self.form
            case "input" | "button":
                self._input(tag, given)
            case "select":
                self.select, self.options = given.get("name", ""), []
            case "option" if self.select:
                self.options.append((given.get("value", ""), "selected" in given))
            case "textarea":
                self.area, self.written = given.get("name", ""), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [
                v for v, _ in self.options[:1]
            ]
            if self.form:
                self.form.choices[self.select] = [value for value, _ in self.options]
                self.form.fields += [(self.select, value) for value in chosen]
            self.select = ""
        elif tag == "textarea" and self.area is not None:
            if self.form and self.area:
                self.form.fields.append((self.area, self.written.removeprefix("\n")))
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.written += data

    def _input(self, tag: str, given: dict[str, str]) -> None:
        form = self.forms.get(given["form"]) if "form" in given else self.form
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if form is None or not name or "disabled" in given:
            return
        if tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.fields.append((name, value or "on"))
        elif kind != "file":
            form.fields.append((name, value))


def _words(text: str) -> str:
    """The beginning of what is read on a page."""
    inside, words = False, []
    for character in text:
        if character == "<":
            inside = True
        elif character == ">":
            inside = False
            words.append(" ")
        elif not inside:
            words.append(character)
    return " ".join("".join(words).split())[:300]
