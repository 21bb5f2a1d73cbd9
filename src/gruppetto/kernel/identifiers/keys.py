"""Row keys: UUIDv7 (RFC 9562) and the distribution key derived from them."""

from __future__ import annotations

import hashlib
import os
import time
from uuid import UUID

SHELVES = 1024


def new_id() -> UUID:
    """A fresh UUIDv7; fresh randomness each time, so a forked process cannot repeat its parent.

    What one process draws is in order to a quarter of a microsecond: the first twelve bits after the version are the
    fraction of the millisecond (RFC 9562, 6.2, method 3). Not a commit order, not a cursor of "since", not a secret
    (decisions 5).
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    low = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | low)


def drawn_at(key: UUID) -> int:
    """When this key was drawn, milliseconds since 1970 (UTC), by the clock of whoever drew it."""
    return key.int >> 80


def shelf_of(key: UUID) -> int:
    """The shelf (0 to 1023) of the thing with this key; computed once at creation, never changed (decisions 6)."""
    return int.from_bytes(hashlib.sha256(key.bytes).digest()[:2]) % SHELVES
