"""The running server of a data folder: is it there, what does it say, stop it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from gruppetto.launcher.errors import LauncherError

FAST_STOP_SECONDS = 30.0
IMMEDIATE_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Postmaster:
    """What ``postmaster.pid`` says of a live server."""

    pid: int
    port: int
    status: str


def find(data: Path) -> Postmaster | None:
    """The live server of this data folder, None if there is none (a stale pid file counts as none)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 4 or not _is_ours(int(lines[0]), data):
        return None
    return Postmaster(int(lines[0]), int(lines[3]), lines[7].strip() if len(lines) > 7 else "starting")


def forget_stale(data: Path) -> None:
    """Remove the pid file of a server that is gone.

    PostgreSQL does it too, save when the number was given to another process of the same user since.
    """
    if find(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def settled(data: Path, *, seconds: float = 60.0) -> Postmaster | None:
    """Wait until the server is ready or gone; raises LauncherError if it is neither in time."""
    end = time.monotonic() + seconds
    while (found := find(data)) and found.status != "ready":
        if time.monotonic() > end:
            raise LauncherError(f"The server of {data} stays in state “{found.status}”.")
        time.sleep(0.05)
    return found


def stop(data: Path) -> None:
    """Stop the server of this folder, gently then firmly; nothing happens if it does not run."""
    found = find(data)
    if found is None:
        return
    for order, seconds in (
        (signal.SIGINT, FAST_STOP_SECONDS),
        (signal.SIGQUIT, IMMEDIATE_STOP_SECONDS),
        (signal.SIGKILL, IMMEDIATE_STOP_SECONDS),
    ):
        try:
            os.kill(found.pid, order)
        except ProcessLookupError:
            return
        if _gone(found.pid, data, seconds):
            return
    raise LauncherError(f"The server of {data} (process {found.pid}) does not stop.")


def _gone(pid: int, data: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while _is_ours(pid, data):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _is_ours(pid: int, data: Path) -> bool:
    """Whether this process is the server of this folder: the server's working folder is its data folder.

    So neither a reused number nor a zombie passes for it.
    """
    if Path("/proc/self").exists():
        try:
            return Path(os.readlink(f"/proc/{pid}/cwd")) == data.resolve()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
