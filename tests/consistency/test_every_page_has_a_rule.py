"""Closed by default: each address says whom it is for, by an ability that the table of roles knows."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from gruppetto.cli.places import PACKAGE, PROJECT
from gruppetto.kernel.access.rules import LIBRARY_PAGES, roles
from gruppetto.registry.staff.abilities import ROLE_ABILITIES
from gruppetto.registry.staff.models import Role
from tests.consistency.telling import nothing
from tests.support.pages import pages

TABLE = PACKAGE / "registry" / "staff" / "abilities.py"
KNOWN = set().union(*ROLE_ABILITIES.values())


def python_files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != TABLE]


def test_every_page_has_a_rule() -> None:
    nothing(
        [page for page in pages() if page.rule is None],
        'write @page("ability") above the view; for everybody, @page(public="why"):',
    )


def test_every_page_has_a_name() -> None:
    nothing([page for page in pages() if not page.name], "give it name=: links, refusals and the log use it:")


def test_addresses_are_plain_small_letters_and_end_with_a_slash() -> None:
    """French words in small letters without accents; the stream and the webhooks have no page to show."""
    plain = re.compile(r"^(?:(?:[a-z0-9-]+|<\w+:\w+>)(?:\.[a-z]{3,4})?/)*(?:[a-z0-9-]+\.[a-z]{3,4})?$")
    shown = [page for page in pages() if not page.rule or not (page.rule.streams or page.rule.service)]
    nothing([page for page in shown if not plain.match(page.route)], "not a plain address:")


def test_every_ability_a_page_asks_for_is_in_the_table_of_roles() -> None:
    asked = [page for page in pages() if page.rule and page.rule.ability not in {"", *KNOWN}]
    nothing(
        [f"{page.rule.ability if page.rule else ''}: {page}" for page in asked],
        "add the ability to registry/staff/abilities.py, or correct its name:",
    )


def test_every_ability_of_the_table_opens_something() -> None:
    text = "".join(path.read_text() for path in python_files())
    nothing(
        [ability for ability in KNOWN if f'"{ability}"' not in text],
        "a right that opens nothing misleads its reader: use it, or take it out of registry/staff/abilities.py:",
    )


def test_the_table_speaks_of_the_roles_that_exist() -> None:
    assert set(ROLE_ABILITIES) == set(Role.values) == set(roles())


def test_every_rule_of_a_library_page_serves() -> None:
    names = {page.name for page in pages()}
    unused = [
        stem
        for stem in LIBRARY_PAGES
        if not (stem in names or (stem.endswith("*") and any(n.startswith(stem[:-1]) for n in names)))
    ]
    nothing(unused, "LIBRARY_PAGES (kernel/access/rules.py) has a line for a page without an address:")


def test_the_rule_stands_on_the_view_itself() -> None:
    hidden = []
    for page in pages():
        view = getattr(page.view, "view_class", page.view)
        if page.rule and page.name not in LIBRARY_PAGES and "rule" not in vars(view):
            hidden.append(page)
    nothing(
        [page for page in hidden if "allauth" not in page.where],
        "@page comes first, above the other decorators (require_POST hides the function it guards):",
    )


def test_only_the_live_pages_stream() -> None:
    """A streamed body runs outside the act: no row security, a CSV came out empty with status 200 (decisions 1)."""
    words = re.compile(r"\b(StreamingHttpResponse|FileResponse)\b")
    allowed = PACKAGE / "kernel" / "live"
    found = [
        str(path.relative_to(PROJECT))
        for path in python_files()
        if words.search(path.read_text()) and allowed not in path.parents
    ]
    nothing(found, "a streamed body runs outside the act: build the whole answer, or use kernel.live:")
    streams = [
        page for page in pages() if page.rule and page.rule.streams and inspect.iscoroutinefunction(page.view)
    ]
    assert [page.name for page in streams] == ["live_events"]
