"""Every page of the desks, opened as each role: what it links to must open, what is not for it must say so."""

from __future__ import annotations

import urllib.parse
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import Resolver404, ResolverMatch, get_resolver, resolve, reverse
from django.urls.exceptions import NoReverseMatch

from gruppetto.demo.browser import Browser, Page
from gruppetto.kernel.access.rules import Rule, abilities_of, rule_of

LEAVING = {"account_logout"}
NO, NOT_ALLOWED, TOO_FAR = 403, 405, 500


@dataclass
class Crawl:
    """``pages``: how many answers were looked at; ``errors``: what was not as the rules say;
    ``known``: one address of each route met by anybody; ``opened``: the routes that each role was led to."""

    pages: int = 0
    errors: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    opened: dict[str, set[str]] = field(default_factory=dict)

    def follow(self, browser: Browser, role: str) -> None:
        """Open what the pages of ``role`` link to, from its first page on, one page of each route: it must open."""
        ahead, met = deque(["/"]), self.opened.setdefault(role, set())
        while ahead:
            path = ahead.popleft()
            match, rule = _route(path)
            if rule is None or rule.streams or match.view_name in LEAVING or match.view_name in met:
                continue
            met.add(match.view_name)
            page = browser.get(path)
            self._opened(role, path, page, rule)
            self.known.setdefault(match.view_name, path)
            ahead.extend(_inside(page))

    def knock(self, browser: Browser, role: str) -> None:
        """Ask as ``role`` every address it was not led to: those not for it refuse, the others do not break."""
        for name, path in sorted({**dict(_plain_routes()), **self.known}.items()):
            _match, rule = _route(path)
            if rule is None or rule.streams or rule.service or name in LEAVING or name in self.opened[role]:
                continue
            page = browser.get(path)
            self.pages += 1
            closed = bool(rule.ability) and rule.ability not in abilities_of(role)
            if closed != (page.status == NO) and not (page.status == NO and _of_others(path)):
                self.errors.append(f"{role} {path}: {page.status}, {rule.ability or 'open to all'}")
            elif page.status >= TOO_FAR:
                self.errors.append(f"{role} {path}: {page.status}")

    def _opened(self, role: str, path: str, page: Page, rule: Rule) -> None:
        self.pages += 1
        if page.status != 200:
            self.errors.append(f"{role} {path}: linked, and answers {page.status} ({rule.ability})")
        elif page.kind == "text/html" and "</html>" not in page.text and "<" not in page.text:
            self.errors.append(f"{role} {path}: an empty page")


def _route(path: str) -> tuple[ResolverMatch, Rule | None]:
    try:
        match = resolve(urllib.parse.urlsplit(path).path)
    except Resolver404:
        return ResolverMatch(_nothing, (), {}), None
    return match, rule_of(match.func, match.view_name)


def _nothing() -> None:
    """Stands for a page that does not exist."""


def _plain_routes() -> Iterator[tuple[str, str]]:
    """Every named address that needs nothing more to be written."""
    for prefix, names in _names(get_resolver(), ""):
        for name in names:
            try:
                yield prefix + name, reverse(prefix + name)
            except NoReverseMatch:
                continue


def _names(resolver: object, prefix: str) -> Iterator[tuple[str, list[str]]]:
    keys = [key for key in resolver.reverse_dict if isinstance(key, str)]  # type: ignore[attr-defined]
    yield prefix, keys
    for space, (_pattern, inside) in resolver.namespace_dict.items():  # type: ignore[attr-defined]
        yield from _names(inside, f"{prefix}{space}:")


def _inside(page: Page) -> list[str]:
    """The links of a page that stay in the house."""
    found = []
    for link in page.links:
        target = urllib.parse.urlsplit(urllib.parse.urljoin(page.url, link))
        if target.netloc == urllib.parse.urlsplit(page.url).netloc and not target.path.startswith("/static/"):
            found.append(target.path + (f"?{target.query}" if target.query else ""))
    return found


def _of_others(path: str) -> bool:
    """An address of one record may be refused to whoever may open the others: it is not theirs."""
    return any(character.isdigit() for character in path)
