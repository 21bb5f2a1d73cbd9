"""A tiny child process that stops the server when its parent is gone, however it went.

It holds the reading end of a pipe whose other end only the parent has: the end of the pipe is the end of
the parent, even by SIGKILL. Several parents may share a server: each guardian holds a shared lock on
``users``, and the one that can have it alone is the last, who stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import subprocess
import sys
from pathlib import Path

from gruppetto.launcher import postmaster
from gruppetto.launcher.errors import LauncherError
from gruppetto.launcher.state import State, locked

USERS = "users"
BODY = "import sys, pathlib; from gruppetto.launcher.guardian import watch; watch(pathlib.Path(sys.argv[1]))"
_guardians: dict[Path, subprocess.Popen[bytes]] = {}


def post(folder: Path) -> None:
    """Start the guardian of this process for a folder, once; returns when it is on watch."""
    known = _guardians.get(folder)
    if known and known.poll() is None:
        return
    root = Path(__file__).resolve().parents[2]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    child = subprocess.Popen(
        [sys.executable, "-c", BODY, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    if child.stdout is None or child.stdout.read(1) != b".":
        dismiss(child)
        raise LauncherError(f"The guardian of {folder} did not start.")
    if not _guardians:
        atexit.register(_dismiss_all, os.getpid())
    _guardians[folder] = child


def of(folder: Path) -> int:
    """Process number of this process's guardian over a folder; raises KeyError if there is none."""
    return _guardians[folder].pid


def relieve(folder: Path) -> None:
    """End the watch of this process over a folder, if it has one; the last watch stops the server."""
    child = _guardians.pop(folder, None)
    if child:
        dismiss(child)


def dismiss(child: subprocess.Popen[bytes]) -> None:
    """Close the pipe and wait for the guardian to have done its work."""
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()
    child.wait()


def _dismiss_all(pid: int) -> None:
    if os.getpid() == pid:  # a forked child must not take its parent's guardians away
        for folder in list(_guardians):
            relieve(folder)


def watch(folder: Path) -> None:
    """Body of the guardian: wait for the end of standard input, then stop a server nobody else uses."""
    with open(folder / USERS, "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        sys.stdout.write(".")
        sys.stdout.flush()
        while os.read(0, 1):
            pass
        if not folder.is_dir():
            return
        with locked(folder):
            state = State.read(folder)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Let go before the folder's lock: of two that leave together, the second must see it.
                fcntl.flock(users, fcntl.LOCK_UN)
                return
            if state.guarded and state.home:
                postmaster.stop(Path(state.home) / "data")
