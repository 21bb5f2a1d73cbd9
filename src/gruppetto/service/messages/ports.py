"""What this room asks of carriers: the SMS operator, the mail server, the printer of letters, the voice of a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One thing to carry. ``key``: our identity of it, already committed. ``recipient``: E.164 number or address.

    ``title``: empty for an SMS. ``said``: for a call, the words one after the other.
    """

    key: str
    recipient: str
    text: str = field(repr=False)
    title: str = ""
    said: Sequence[str] = field(default=(), repr=False)


class NotNow(Exception):
    """The carrier took nothing and may later: busy, closed, out of reach. ``why``: a code of ``reasons.py``."""

    def __init__(self, why: str = "carrier-away") -> None:
        super().__init__(why)
        self.why = why


class Never(Exception):
    """The carrier refuses this one for good. ``wrong_address``: the number or the address carries nothing."""

    def __init__(self, why: str, *, wrong_address: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.wrong_address = wrong_address


class Lost(Exception):
    """The carrier may have taken it: the line was cut before its answer (decisions 21)."""


class Carrier(Protocol):
    """Carries one thing at a time. Must answer or give up well within ``sending.GIVEN_UP``."""

    # Whether ``find`` can tell what became of a key: then an uncertain sending is settled without a human.
    remembers: bool

    def send(self, outgoing: Outgoing) -> str:
        """Hand it over; what the carrier calls it. Raises ``NotNow``, ``Never``, ``Lost``."""

    def find(self, key: str) -> str | None:
        """What the carrier calls the thing of our ``key``, None when it never took it. Raises ``NotNow``."""


@dataclass(frozen=True)
class Printed:
    """One letter of a batch: ``key`` is the SHA-256 of ``pdf``; ``recipient``: its lines, for the manifest's reader."""

    key: str
    pdf: bytes = field(repr=False)
    pages: int = 1


class Printer(Protocol):
    """Takes letters by batches; a batch of a known name and content taken twice is one batch."""

    def keep(self, name: str, letters: Sequence[Printed]) -> str:
        """Write the batch aside, on disk, handing nothing over; the SHA-256 of its file."""

    def hand_over(self, name: str, sha256: str) -> bool:
        """Give the kept batch to the printer; False when no such file was kept (nothing was handed over)."""


_carriers: dict[str, Carrier] = {}
_printer: Printer | None = None
VOICE = "voice"


def use_carrier(channel: str, one: Carrier | None) -> None:
    """Send by ``channel`` ("sms", "email", "voice") through ``one`` from now on; None: humans hand over."""
    if one is None:
        _carriers.pop(channel, None)
    else:
        _carriers[channel] = one


def carrier(channel: str) -> Carrier | None:
    """Who carries by this channel, if anybody."""
    return _carriers.get(channel)


def use_printer(one: Printer | None) -> None:
    """Give letters to ``one`` from now on; None: humans print and post them."""
    global _printer
    _printer = one


def printer() -> Printer | None:
    """Who prints and posts letters for us, if anybody."""
    return _printer
