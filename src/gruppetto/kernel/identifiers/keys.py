"""Row keys: UUIDv7 (RFC 9562) and the distribution key derived from them."""

from __future__ import annotations

import hashlib
import os
import time
from uuid import UUID

SHELVES = 1024


def new_id() -> UUID:
    """A fresh UUIDv7; fresh randomness each time, so a forked process cannot repeat its parent.

    Not a commit order, not a cursor of "since", not a secret (decisions 5).
    """
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10)) & ((1 << 76) - 1)
    high, low = tail >> 64, tail & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low)


def drawn_at(key: UUID) -> int:
    """When this key was drawn, milliseconds since 1970 (UTC), by the clock of whoever drew it."""
    return key.int >> 80


def shelf_of(key: UUID) -> int:
    """The shelf (0 to 1023) of the thing with this key; computed once at creation, never changed (decisions 6)."""
    return int.from_bytes(hashlib.sha256(key.bytes).digest()[:2]) % SHELVES
