"""Envelope encryption: one fresh AES-256-GCM key per object, itself wrapped by a key from the environment.

Forgetting an object's wrapped key forgets the object (crypto-erasure); rotating the outer key rewrites
40 bytes an object, never its content. Sources: NIST SP 800-38D (GCM), RFC 5649 (key wrap), RFC 5869 (HKDF).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_BYTES = 40
FORMAT = 1


class CannotOpen(Exception):
    """A sealed object cannot be opened: ``code`` is "unknown-key", "altered" or "unknown-format"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted object; ``wrapped_key`` is its own key, wrapped by the key named ``key_id``."""

    key_id: str
    wrapped_key: bytes
    nonce: bytes
    ciphertext: bytes

    def to_bytes(self) -> bytes:
        """One self-contained column: format, length of the key id, key id, wrapped key, nonce, ciphertext."""
        name = self.key_id.encode("ascii")
        return bytes((FORMAT, len(name))) + name + self.wrapped_key + self.nonce + self.ciphertext

    @classmethod
    def from_bytes(cls, packed: bytes) -> Sealed:
        """The object that ``to_bytes`` packed. Raises CannotOpen("unknown-format")."""
        if len(packed) < 2 or packed[0] != FORMAT:
            raise CannotOpen("unknown-format")
        wrapped = 2 + packed[1]
        nonce = wrapped + WRAPPED_BYTES
        body = nonce + NONCE_BYTES
        if len(packed) < body:
            raise CannotOpen("unknown-format")
        try:
            key_id = packed[2:wrapped].decode("ascii")
        except UnicodeDecodeError as error:
            raise CannotOpen("unknown-format") from error
        return cls(key_id, packed[wrapped:nonce], packed[nonce:body], packed[body:])


@dataclass(frozen=True)
class Keyring:
    """The outer keys: ``current`` wraps, the others only open; ``root`` is where blind indexes come from."""

    current: str
    root: str
    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read "key,key,…", each "base64" or "id:base64" (32 bytes); the first is current, the last is root.

        A key without a name takes the first 8 hexadecimal digits of its SHA-256, so that rotation is
        "put a new key in front". Raises ImproperlyConfigured, which never quotes a key.
        """
        keys: dict[str, bytes] = {}
        for rank, part in enumerate(filter(None, (part.strip() for part in text.split(","))), start=1):
            name, _, encoded = part.rpartition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as error:
                raise ImproperlyConfigured(f"GRUPPETTO_FILES_KEY: key {rank} is not base64") from error
            if len(key) != KEY_BYTES:
                raise ImproperlyConfigured(f"GRUPPETTO_FILES_KEY: key {rank} has {len(key)} bytes, not 32")
            name = name or hashlib.sha256(key).hexdigest()[:8]
            if name in keys or not name.isascii() or len(name) > 32:
                raise ImproperlyConfigured(f"GRUPPETTO_FILES_KEY: the name of key {rank} is twice or unfit")
            keys[name] = key
        if not keys:
            raise ImproperlyConfigured("GRUPPETTO_FILES_KEY is empty: 32 random bytes in base64 are needed")
        names = list(keys)
        return cls(current=names[0], root=names[-1], keys=keys)

    def seal(self, plain: bytes, object_id: UUID | str) -> Sealed:
        """Encrypt ``plain`` so that it opens only as ``object_id``."""
        key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        wrapped = aes_key_wrap_with_padding(self.keys[self.current], key)
        return Sealed(self.current, wrapped, nonce, AESGCM(key).encrypt(nonce, plain, _bound(object_id)))

    def open(self, sealed: Sealed, object_id: UUID | str) -> bytes:
        """The plain content. Raises CannotOpen ("unknown-key", or "altered": content, key or object id)."""
        try:
            return AESGCM(self._unwrap(sealed)).decrypt(sealed.nonce, sealed.ciphertext, _bound(object_id))
        except (InvalidTag, ValueError) as error:  # ValueError: a key or nonce of the wrong length
            raise CannotOpen("altered") from error

    def rewrap(self, sealed: Sealed) -> Sealed:
        """The same object with its key wrapped by the current key; its content is not touched."""
        if sealed.key_id == self.current:
            return sealed
        wrapped = aes_key_wrap_with_padding(self.keys[self.current], self._unwrap(sealed))
        return replace(sealed, key_id=self.current, wrapped_key=wrapped)

    def blind_index(self, value: str, purpose: str) -> bytes:
        """32 bytes that are equal when ``value`` is: finds an encrypted value without opening any.

        ``value`` must already be in its one written form (E.164 number, lower-case address…). ``purpose``
        ("people.phone") keeps indexes of different columns from being compared. Comes from the *last* key
        of the ring, which therefore stays there through rotations.
        """
        kdf = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"gruppetto blind index:" + purpose.encode())
        return hmac.digest(kdf.derive(self.keys[self.root]), value.encode(), "sha256")

    def _unwrap(self, sealed: Sealed) -> bytes:
        outer = self.keys.get(sealed.key_id)
        if outer is None:
            raise CannotOpen("unknown-key")
        try:
            return aes_key_unwrap_with_padding(outer, sealed.wrapped_key)
        except InvalidUnwrap as error:
            raise CannotOpen("altered") from error


def _bound(object_id: UUID | str) -> bytes:
    """The associated data: whoever moves a ciphertext to another object gets nothing."""
    return str(object_id).encode()


def keyring() -> Keyring:
    """The ring of this installation (``settings.GRUPPETTO_FILES_KEY``)."""
    return _parsed(settings.GRUPPETTO_FILES_KEY)


_parsed = lru_cache(maxsize=4)(Keyring.parse)


def seal(plain: bytes, object_id: UUID | str) -> Sealed:
    """Encrypt ``plain`` for ``object_id`` with the installation's ring; see ``Keyring.seal``."""
    return keyring().seal(plain, object_id)


def open_(sealed: Sealed, object_id: UUID | str) -> bytes:
    """Decrypt what ``seal`` gave. Raises CannotOpen; see ``Keyring.open``."""
    return keyring().open(sealed, object_id)


def rewrap(sealed: Sealed) -> Sealed:
    """Bring an object to the current key; see ``Keyring.rewrap``."""
    return keyring().rewrap(sealed)


def blind_index(value: str, purpose: str) -> bytes:
    """Fingerprint by which an encrypted value is found; see ``Keyring.blind_index``."""
    return keyring().blind_index(value, purpose)
