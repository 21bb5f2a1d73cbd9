"""Makes the key that seals the journal, where there is none: for the demo, the tests and small sites."""

from __future__ import annotations

import base64
import os
from pathlib import Path

FILE = "journal.key"
# PKCS 8 of an Ed25519 key (RFC 8410, 7): what stands before its 32 bytes, which are chance and nothing else (RFC 8032).
HEADER = bytes.fromhex("302e020100300506032b657004220420")


def seal_key(place: Path) -> bool:
    """Write a new key in ``place``, as PEM (0600); False when something is there, which is left as it is."""
    lines = base64.b64encode(HEADER + os.urandom(32)).decode()
    text = f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with open(opened, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return True
