"""The application of codes on somebody's telephone (RFC 6238), written apart from the library under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time

STEP = 30


def new_secret() -> str:
    """What the drawing to photograph holds: 20 random bytes in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, steps: int = 0) -> str:
    """The six digits shown now, or ``steps`` of 30 s away."""
    counter = int(time.time()) // STEP + steps
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1)
    start = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
