"""A new key for the seals: written beside the old one, announced in the database, then put in its place.

Stopped anywhere, it is asked again and goes on: the new key is never lost once it was announced.
"""

from __future__ import annotations

import os
from pathlib import Path

from gruppetto.kernel.journal import keys
from gruppetto.kernel.journal.keys import NEXT, SealKey
from gruppetto.kernel.journal.lines import KEYS, keys_of
from gruppetto.kernel.journal.sealing import Connection, change_key
from gruppetto.launcher.sealing import seal_key


def rotate(connection: Connection, place: Path, *, lost: bool = False) -> SealKey:
    """Put a new key in ``place``, and have it announced by the one there; the old private key is then gone.

    ``lost``: the key in force is no longer to be had; nothing announces the new one, and every verifier says so.
    Raises ``KeyUnfit``, ``AnotherKey``.
    """
    fresh = place.with_name(place.name + NEXT)
    seal_key(fresh)
    new = keys.read(fresh)
    known = keys_of(connection.execute(KEYS).fetchall())
    if not known or known[-1].public != new.public:
        change_key(connection, new, None if lost else keys.read(place))
    os.replace(fresh, place)
    return new
