"""What pages ask of ``vendor`` is what ``make assets`` puts there."""

from __future__ import annotations

import re
from pathlib import Path

from gruppetto.cli.places import PACKAGE, PROJECT

VENDOR = PACKAGE / "desks" / "shared" / "static" / "vendor"
PAGES = [
    path
    for path in sorted(PACKAGE.rglob("*"))
    if path.suffix in (".html", ".css") and VENDOR not in path.parents
]


def found(pattern: str) -> dict[str, Path]:
    """What the pages name, and the last page that does."""
    return {name: path for path in PAGES for name in re.findall(pattern, path.read_text())}


def test_every_vendor_file_named_is_there() -> None:
    named = found(r"vendor/([\w.-]+\w)")
    assert named
    missing = {
        name: str(path.relative_to(PROJECT)) for name, path in named.items() if not (VENDOR / name).exists()
    }
    assert missing == {}, "run `make assets`, and name new files in scripts/assets.py"


def test_every_icon_named_is_in_the_sheet() -> None:
    sheet = {*re.findall(r'id="([^"]+)"', (VENDOR / "bootstrap-icons.svg").read_text())}
    named = found(r"""\{%\s*icon\s+["']([\w-]+)["']""")
    missing = {name: str(path.relative_to(PROJECT)) for name, path in named.items() if name not in sheet}
    assert missing == {}, "run `make assets`; is this the name of an icon of Bootstrap?"
