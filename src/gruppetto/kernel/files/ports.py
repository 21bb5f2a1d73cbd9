"""What the room of files asks of the outside world."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol


class Verdict(StrEnum):
    """What an antivirus says; "unavailable" leaves the file in quarantine and is asked again."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


class Finding(NamedTuple):
    """A verdict and its ground: the name of the threat, or why there is no verdict (never content)."""

    verdict: Verdict
    ground: str = ""


class Scanner(Protocol):
    """An antivirus."""

    def scan(self, content: bytes) -> Finding:
        """Examine ``content``; never raises, answers UNAVAILABLE instead."""
