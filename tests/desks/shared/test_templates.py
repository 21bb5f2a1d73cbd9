"""The templates of the room: each compiles, none carries a script, a style or a picture of the web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from gruppetto.desks import shared
from gruppetto.desks.shared.looks import FAMILIES, TONE_ICONS

ROOM = Path(shared.__file__).parent
FOLDER = ROOM / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
ICON = re.compile(r"""\bicon(?:_name)?(?:=| )["']([a-z0-9-]+)["']""")

every_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))


@every_template
def test_it_compiles(path: Path) -> None:
    assert engines["django"].from_string(path.read_text())


@every_template
def test_it_carries_no_script_and_no_style(path: Path) -> None:
    text = path.read_text()
    for opening in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in opening or 'type="application/json"' in opening
    assert "<style" not in text
    assert not re.search(r"""\s(?:style|on[a-z]+)\s*=\s*["']""", text)
    assert "hx-on" not in text
    assert "javascript:" not in text


@every_template
def test_nothing_comes_from_the_web(path: Path) -> None:
    addresses = re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']+""", path.read_text())
    assert addresses == []


@every_template
def test_a_percent_sign_is_never_in_an_underscore_literal(path: Path) -> None:
    """Django doubles it there: « 90 % » would be shown « 90 %% »."""
    assert not re.search(r"""_\("[^"]*%[^"]*"\)""", path.read_text())


def test_every_icon_exists_in_the_sheet() -> None:
    sheet = ROOM / "static" / "vendor" / "bootstrap-icons.svg"
    assert sheet.exists(), "make assets has not been run"
    known = set(re.findall(r'id="([^"]+)"', sheet.read_text()))
    used = {name for path in TEMPLATES for name in ICON.findall(path.read_text())}
    used |= {look.icon for family in FAMILIES.values() for look in family.values()} | set(TONE_ICONS.values())
    assert len(used) > 50
    assert used <= known, f"run make assets again, or correct: {sorted(used - known)}"


def test_every_state_of_a_family_differs_by_its_word_and_its_icon() -> None:
    for family, looks in FAMILIES.items():
        words = [str(look.word) for look in looks.values()]
        assert len(set(words)) == len(words), family
        seen = {(look.tone, look.icon) for look in looks.values()}
        assert len(seen) == len(looks), family
