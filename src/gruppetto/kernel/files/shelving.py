"""The folder of encrypted contents: written once, durable before the row that names it is committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings


def path_of(file_id: UUID) -> Path:
    """Where the content of a file lies; the last digits of an id are random, so folders fill evenly."""
    return Path(settings.GRUPPETTO_FILES_FOLDER) / file_id.hex[-2:] / file_id.hex


def write(file_id: UUID, ciphertext: bytes) -> None:
    """Put ``ciphertext`` down for good: on return it survives a power cut. Raises OSError when the disk is full."""
    path = path_of(file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(ciphertext)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):
        _settle(folder)


def _settle(folder: Path) -> None:
    """Make the names of ``folder`` durable too (fsync(2): a file's name belongs to its folder)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file_id: UUID) -> bytes:
    """The encrypted content. Raises FileNotFoundError when it is not there."""
    return path_of(file_id).read_bytes()


def remove(file_id: UUID) -> None:
    """Take the content away, if it is there."""
    path_of(file_id).unlink(missing_ok=True)


def written_before(moment: float) -> Iterator[tuple[Path, UUID | None]]:
    """Each path put down before ``moment`` (seconds since 1970) and the id it names; None for an unfinished one."""
    for path in Path(settings.GRUPPETTO_FILES_FOLDER).glob("??/*"):
        with suppress(FileNotFoundError):  # removed by another sweep in the meantime
            if path.stat().st_mtime < moment:
                yield path, _id_of(path.name)


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(hex=name)
    except ValueError:
        return None
