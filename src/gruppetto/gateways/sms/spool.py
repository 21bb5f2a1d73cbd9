"""Callbacks received while the database is away: one sealed file each, on disk before we answer (decisions 22)."""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import Error, transaction

from gruppetto.gateways.sms import reports
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.secrets import CannotOpen, Sealed, open_, seal
from gruppetto.service.messages.returns import receive

log = logging.getLogger(__name__)
SUFFIX = ".report"


def folder() -> Path:
    """Where this machine keeps what the database could not take; only our user may enter."""
    place = settings.GRUPPETTO_SPOOL_FOLDER / "sms"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(body: bytes, at: datetime) -> None:
    """Write a callback whose signature was checked, sealed, and make sure that it is on disk. Raises ``OSError``."""
    place = folder()
    stem = f"{int(at.timestamp() * 1_000_000):020d}-{hashlib.sha256(body).hexdigest()[:24]}"
    draft = place / f".{stem}.{os.getpid()}"
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(seal(body, stem).to_bytes())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, place / f"{stem}{SUFFIX}")
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replay() -> int:
    """Take up what was kept, in order, inside the job's transaction; a file goes once it is committed."""
    done = 0
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            told = reports.read(open_(Sealed.from_bytes(path.read_bytes()), path.stem), now())
        except (CannotOpen, Refused) as error:
            log.error("%s is set aside: %s", path.name, type(error).__name__)
            path.rename(path.with_suffix(".aside"))
            continue
        try:
            if told is not None:
                receive(told)
        except Error as error:
            log.warning("the spool waits for the database: %s", type(error).__name__)
            break
        transaction.on_commit(partial(path.unlink, missing_ok=True))
        done += 1
    return done
