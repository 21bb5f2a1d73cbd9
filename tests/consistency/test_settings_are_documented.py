"""An operator finds every setting in the installation page, and no setting that does nothing."""

from __future__ import annotations

import re

from gruppetto.cli.places import PACKAGE, PROJECT


def test_settings_read_and_settings_documented_are_the_same() -> None:
    files = [*(PACKAGE / "settings").glob("*.py"), PACKAGE / "launcher/roles.py"]
    settings = "".join(path.read_text() for path in files)
    page = (PROJECT / "docs/operators/install.md").read_text()
    read = {*re.findall(r'"(GRUPPETTO_[A-Z_]+)"', settings)}
    assert read == {*re.findall(r"`(GRUPPETTO_[A-Z_]+)`", page)}
