"""The key that signs heads: Ed25519, in a file that only its owner reads, never in the database."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

NEXT = ".next"
"""What the file of a new key is called until it is announced."""


class KeyUnfit(Exception):
    """The key cannot be used; its words are for the operator."""


@dataclass(frozen=True)
class SealKey:
    """A private key with its public one (32 bytes) and their name, SHA-256 of the latter."""

    private: Ed25519PrivateKey
    public: bytes

    @property
    def name(self) -> bytes:
        """What heads call it by."""
        return hashlib.sha256(self.public).digest()

    def sign(self, text: bytes) -> bytes:
        """Its signature (64 bytes)."""
        return self.private.sign(text)


def read(place: Path) -> SealKey:
    """The key in a PEM file (PKCS 8, as `openssl genpkey -algorithm ed25519` writes it).

    Raises ``KeyUnfit``: absent, readable by others than its owner, or no such key.
    """
    try:
        mode = place.stat()
        text = place.read_bytes()
    except OSError as error:
        raise KeyUnfit(f"{place}: {error.strerror}.") from error
    if mode.st_uid != os.geteuid() or stat.S_IMODE(mode.st_mode) & 0o077:
        raise KeyUnfit(f"{place} must be readable by its owner alone, who runs the sealing: chmod 600.")
    try:
        private = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnfit(f"{place} is no private key in PEM.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnfit(f"{place} is no Ed25519 key.")
    return SealKey(private, private.public_key().public_bytes_raw())
