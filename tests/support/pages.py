"""Every address of the project, with its view and its rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from gruppetto.kernel.access.rules import Rule, rule_of

# One value for each kind of argument: a thing that does not exist.
NOBODY = UUID("00000000-0000-7000-8000-000000000000")
EXAMPLES: dict[str, object] = {"uuid": NOBODY, "int": 1, "str": "x", "slug": "x", "path": "x"}


@dataclass(frozen=True)
class Page:
    """An address: its full route (``personnes/<uuid:person_id>/``), full name, view and rule."""

    route: str
    name: str
    view: Callable[..., Any]
    rule: Rule | None

    @property
    def where(self) -> str:
        """The view as a reader finds it: ``gruppetto.desks.shared.account.home``."""
        return f"{self.view.__module__}.{getattr(self.view, '__qualname__', self.view)}"

    @property
    def path(self) -> str:
        """An address that this page answers, about things that do not exist."""
        text = "/" + self.route
        for name in (*get_converters(), "uuid"):
            while (start := text.find(f"<{name}:")) >= 0:
                end = text.index(">", start)
                text = f"{text[:start]}{EXAMPLES.get(name, 'x')}{text[end + 1 :]}"
        return text

    def __str__(self) -> str:
        return f"/{self.route} ({self.where})"


def pages() -> list[Page]:
    """All addresses, by route."""
    return sorted(_walk(get_resolver().url_patterns, "", ""), key=lambda page: page.route)


def _walk(patterns: Iterable[URLPattern | URLResolver], route: str, names: str) -> Iterator[Page]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, here, names + (f"{pattern.namespace}:" if pattern.namespace else "")
            )
        else:
            name = f"{names}{pattern.name or ''}"
            yield Page(here, name, pattern.callback, rule_of(pattern.callback, name))
