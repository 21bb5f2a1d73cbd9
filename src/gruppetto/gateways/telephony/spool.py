"""Events received while the database is away: one sealed file each, on disk before we answer (decisions 22)."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import Error, transaction

from gruppetto.gateways.telephony.events import fingerprint, read_event
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.secrets import CannotOpen, Sealed, open_, seal
from gruppetto.service.contacts.verbs import receive_call

log = logging.getLogger(__name__)
SUFFIX = ".event"
ASIDE = ".aside"
# The database does not know our service key: a setting of ours is wrong, and no reason to lose a call.
KEY_UNKNOWN = frozenset({"no-write-without-an-actor", "out-of-scope"})


class KeyUnknown(Exception):
    """The service key of this process opens nothing: ``gruppetto doctor`` says so."""


@dataclass
class Replayed:
    """What became of the spool: ``kept`` taken up, ``refused`` by a rule of ours, ``aside`` unreadable, ``left``."""

    kept: int = 0
    refused: int = 0
    aside: int = 0
    left: int = 0


def folder() -> Path:
    """Where this machine keeps what the database could not take; only our user may enter."""
    place = settings.GRUPPETTO_SPOOL_FOLDER / "telephony"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def waiting() -> list[Path]:
    """The events kept, in the order they were received."""
    return sorted(folder().glob(f"*{SUFFIX}"))


def keep(line: str, body: bytes, received_at: datetime) -> Path:
    """Write an event whose signature was checked, sealed, and make sure that it is on disk.

    The same body sent again meanwhile is kept once. Raises ``OSError`` when the disk refuses.
    """
    place, name = folder(), fingerprint(line, body)
    if known := next(place.glob(f"*-{name}{SUFFIX}"), None):
        return known
    stem = f"{int(received_at.timestamp() * 1_000_000):020d}-{name}"
    plain = json.dumps({"line": line, "received_at": received_at.isoformat(), "body": body.decode()})
    target, draft = place / f"{stem}{SUFFIX}", place / f".{stem}.{os.getpid()}"
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(seal(plain.encode(), stem).to_bytes())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)
    _sync(place)
    return target


def replay_spool() -> Replayed:
    """Take up what was kept, in order; stops when the database is away again, or opens nothing to our key.

    A file goes once what it says is committed, so that a kill between the two only tells it twice, which changes
    nothing. Two at a time wait for each other.
    """
    done = Replayed()
    if not waiting():
        return done
    with _alone():
        files = waiting()
        for position, path in enumerate(files):
            try:
                _take_up(path, done)
            except (Error, KeyUnknown) as error:
                done.left = len(files) - position
                log.warning("the spool waits for the database: %s", type(error).__name__)
                break
    return done


def _take_up(path: Path, done: Replayed) -> None:
    try:
        kept = json.loads(open_(Sealed.from_bytes(path.read_bytes()), path.stem))
        event = read_event(kept["line"], kept["body"].encode(), datetime.fromisoformat(kept["received_at"]))
    except (CannotOpen, Refused, ValueError, KeyError) as error:
        log.error("%s is set aside: %s", path.name, type(error).__name__)
        path.rename(path.with_suffix(ASIDE))
        done.aside += 1
        return
    try:
        with acting(Actor.service("telephony", settings.GRUPPETTO_SERVICE_KEY)):
            receive_call(event)
            # With the outermost transaction, which may be a job's.
            transaction.on_commit(partial(path.unlink, missing_ok=True))
        done.kept += 1
    except Refused as refused:
        if refused.code in KEY_UNKNOWN:
            raise KeyUnknown from refused
        log.warning("%s is refused: %s", path.name, refused.code)
        path.unlink(missing_ok=True)
        done.refused += 1


@contextmanager
def _alone() -> Iterator[None]:
    with (folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def oldest() -> datetime | None:
    """When the oldest event kept was received (aware); None when the spool is empty."""
    first = next(iter(waiting()), None)
    return datetime.fromtimestamp(int(first.name.split("-")[0]) / 1_000_000, UTC) if first else None
