"""Where things are on this machine."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PROJECT = PACKAGE.parents[1]
"""The checkout; demo, benches and assets exist only there."""


def folder() -> Path:
    """Where the demo's and the development's data live (``GRUPPETTO_FOLDER``, else ``.var`` in the checkout)."""
    return Path(os.environ.get("GRUPPETTO_FOLDER", PROJECT / ".var")).resolve()
