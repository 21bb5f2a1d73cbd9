"""What this room asks of the outside world, and what the outside world brings to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

CallState = Literal["ringing", "answered", "missed", "recorded", "ended"]


@dataclass(frozen=True)
class CallEvent:
    """One event of a call as a telephony gateway read it.

    ``line``: our line that was called. ``provider``, ``call_id``: the provider's own names. ``number``: E.164, empty
    when ``withheld`` or unreadable. ``at``: when it happened (aware); ``received_at``: when we were told. ``body``:
    word for word what was received.
    """

    line: str
    provider: str
    call_id: str
    state: CallState
    number: str
    withheld: bool
    at: datetime
    received_at: datetime
    body: str


class Telephone(Protocol):
    """A provider that can place calls for us. Without one, the screens show the number to dial."""

    def place_call(self, number: str) -> None:
        """Ring the desk, then ``number`` (E.164)."""

    def connect(self, call_id: str, number: str) -> None:
        """Bring ``number`` (E.164) into the provider's call ``call_id``."""


_telephone: Telephone | None = None


def use_telephone(provider: Telephone | None) -> None:
    """Place calls through ``provider`` from now on; None: people dial themselves."""
    global _telephone
    _telephone = provider


def telephone() -> Telephone | None:
    """Who places calls for us, if anybody."""
    return _telephone
