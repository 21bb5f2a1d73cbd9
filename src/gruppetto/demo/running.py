"""The demo as it runs: the database, the web, the worker, the checker of files, the carriers; all go together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gruppetto import launcher
from gruppetto.demo import making
from gruppetto.demo.keys import Keys, addresses_given, environment
from gruppetto.gateways.antivirus.fake import fake_clamd
from gruppetto.launcher import LauncherError, Server

HOST = "127.0.0.1"
PATIENCE = 60.0
# Who is on the telephone now, as ``voices`` writes it.
CALLS = "calls.json"
LEAVING = 8.0
Say = Callable[[str], None]
NOTHING: Mapping[str, str] = {}


@dataclass
class Running:
    """A demo that answers at ``url``; ``seconds`` from the first line of ours to its first page."""

    url: str
    keys: Keys
    environment: dict[str, str]
    folder: Path
    seconds: float = 0.0
    made_on: str = ""
    # Our own database server, None when the addresses of one were given.
    server: Server | None = None
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def fallen(self) -> str:
        """The name of a process that is no longer there, if any."""
        return next((name for name, child in self.children.items() if child.poll() is not None), "")


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    port: int | None,
    subscribers: int,
    years: int,
    fresh: bool,
    say: Say,
    keep: bool = True,
    more: Mapping[str, str] = NOTHING,
) -> Iterator[Running]:
    """A demo in ``folder``, made if need be, until the block ends; then nothing of it is left running.

    ``keep``: False when its database goes with it, wherever it is. ``more``: of its environment.
    Raises ``LauncherError`` in words for the person at the terminal.
    """
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        asked = making.Made.wanted(subscribers, years)
        demo = stack.enter_context(made(folder, asked, fresh=fresh, say=say, keep=keep, more=more))
        demo.url = f"http://{HOST}:{_port(port)}"
        # Not before: the carriers know the platform's own models.
        import django

        django.setup()
        from gruppetto.demo.carriers import carriers

        demo.environment |= stack.enter_context(carriers(folder, demo.url))
        stack.callback(_leave, demo)
        # The server of static files looks for its folder.
        (folder / "static").mkdir(exist_ok=True)
        (folder / CALLS).unlink(missing_ok=True)
        _start(demo, "web", "serve", "--port", demo.url.rpartition(":")[2])
        _start(demo, "worker", "worker")
        _await_first_page(demo)
        demo.seconds = time.monotonic() - began
        yield demo


@contextlib.contextmanager
def made(
    folder: Path,
    wanted: making.Made,
    *,
    fresh: bool,
    say: Say,
    keep: bool = True,
    more: Mapping[str, str] = NOTHING,
) -> Iterator[Running]:
    """The demo of ``folder`` with its database and nothing else running; this process is then the owner.

    Arguments and errors as ``running``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alone(folder))
        keys = Keys.of(folder)
        clamd = stack.enter_context(fake_clamd())
        server = None
        if not addresses_given():
            server = launcher.ensure(folder / "postgres", die_with_parent=True)
            stack.callback(server.stop if keep else server.destroy)
        env = {**environment(folder, keys, server, making.DATABASE, clamd), **more}
        os.environ.update(env, GRUPPETTO_AS="owner")
        yield Running(
            "", keys, env, folder, made_on=_made(folder, server, keys, wanted, fresh, say), server=server
        )


def _made(folder: Path, server: Server | None, keys: Keys, wanted: making.Made, fresh: bool, say: Say) -> str:
    """Find the demo of the folder, or make it; the day it was made."""
    found = making.Made.read(folder)
    if not fresh and wanted.same_but_for_the_day(found) and found is not None:
        return found.on
    if found is not None:
        say("The demo is made anew, as asked." if fresh else "This demo was made otherwise: it is made anew.")
    import django

    if server is not None:
        making.clear(folder, server)
    django.setup()
    if server is None:
        making.check_empty()
    month = "Making a territory, its people and their last month…"
    say(f"Writing {wanted.years} years…" if wanted.years else month)
    say(making.make(keys.password, keys.service, wanted.subscribers, wanted.years, journal=wanted.journal))
    from django.db import connection

    connection.close()
    wanted.write(folder)
    return wanted.on


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with open(folder / "playing", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LauncherError(f"A demo already runs in {folder}: stop it, or use --folder.") from None
        yield


def _port(wanted: int | None) -> int:
    """The port asked for, else 8000 if it is free, else any free one."""
    for port in (wanted,) if wanted is not None else (8000, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LauncherError(f"Port {wanted} is taken: choose another with --port.")


def _start(demo: Running, name: str, *words: str) -> None:
    """Start one of our commands so that it goes with us (``child.py``); its errors go to our folder's log."""
    with open(demo.folder / f"{name}.log", "ab") as log:
        demo.children[name] = subprocess.Popen(
            [sys.executable, "-m", "gruppetto.demo.child", *words],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=os.environ | demo.environment | {"GRUPPETTO_AS": "worker" if name == "worker" else "web"},
            # A Ctrl-C at the terminal is for us; we stop the others in order.
            start_new_session=True,
        )


def _await_first_page(demo: Running) -> None:
    """Wait until the web answers. Raises ``LauncherError`` with the end of its log when it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not demo.fallen():
        try:
            with urllib.request.urlopen(f"{demo.url}/demonstration/", timeout=PATIENCE) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise LauncherError(f"The first page answers {error.code}: {_last_words(demo, 'web')}") from error
        except OSError:
            time.sleep(0.05)
    name = demo.fallen() or "web"
    raise LauncherError(f"The {name} did not start: {_last_words(demo, name)}")


def _last_words(demo: Running, name: str) -> str:
    lines = (demo.folder / f"{name}.log").read_text(errors="replace").splitlines()
    return "\n".join(lines[-15:])


def _leave(demo: Running) -> None:
    """Ask each to stop, wait, and do not leave one behind; a second Ctrl-C does not hurry it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in demo.children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + LEAVING
    for child in demo.children.values():
        try:
            child.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdin:
            child.stdin.close()
