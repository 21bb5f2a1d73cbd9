"""The processes of the platform on stage: started as an operator does, killed as nobody should."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from gruppetto.launcher import Server
from gruppetto.settings.databases import VARIABLES
from tests.support.database import PROJECT

PATIENCE = 60.0


@dataclass
class Process:
    """``gruppetto <words>``, in a session of its own; what it says goes to ``log``."""

    words: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    log: Path
    port: int = 0
    kills: int = 0
    deaths: int = 0
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; a server answers only after ``ready``."""
        command = [sys.executable, "-c", "from gruppetto.cli import main; raise SystemExit(main())"]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*command, *self.words],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> None:
        """Wait until its port answers. Raises ``AssertionError`` with the log when it does not."""
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.05)):
            assert self.alive, f"it ended by itself:\n{self.log.read_text()[-3000:]}"
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                pause.wait(0.05)
        raise AssertionError(f"port {self.port} does not answer:\n{self.log.read_text()[-3000:]}")

    @property
    def alive(self) -> bool:
        """Is it still there?"""
        return self.running is not None and self.running.poll() is None

    def kill(self) -> None:
        """SIGKILL it and all it started; nobody is told."""
        self._end(signal.SIGKILL)
        self.kills += 1

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def revive(self) -> None:
        """What a supervisor of processes does: start again what ended."""
        if not self.alive:
            self.deaths += 1
            self.start()

    def _end(self, order: signal.Signals) -> None:
        if self.running is None:
            return
        # The whole family: a server of pages is a master with its workers.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, order)
        self.running.wait(PATIENCE)


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(server: Server, database: str, folder: Path) -> dict[str, str]:
    """What the processes of a platform read, with the keys of the tests; files and spool in ``folder``."""
    lines = ",".join(f"{line}={secret}" for line, secret in settings.GRUPPETTO_LINES.items())
    return {
        **os.environ,
        "GRUPPETTO_FOLDER": str(folder),
        "GRUPPETTO_SPOOL_FOLDER": str(settings.GRUPPETTO_SPOOL_FOLDER),
        "GRUPPETTO_HTTPS": "0",
        "GRUPPETTO_SECRET_KEY": settings.SECRET_KEY,
        "GRUPPETTO_SERVICE_KEY": settings.GRUPPETTO_SERVICE_KEY,
        "GRUPPETTO_FILES_KEY": settings.GRUPPETTO_FILES_KEY,
        "GRUPPETTO_LINES": lines,
        VARIABLES["web"]: server.web_url(database),
        VARIABLES["worker"]: server.worker_url(database),
    }


def web(environment: dict[str, str], folder: Path, *, pages: bool = False) -> Process:
    """A web process: events and pages in one, or pages only, as behind a proxy."""
    port = free_port()
    words = ["serve", "--port", str(port)] + (["--pages", "--workers", "1"] if pages else [])
    return Process(tuple(words), environment, folder / f"web-{port}.log", port)


def worker(environment: dict[str, str], folder: Path) -> Process:
    """The worker: relay, queue, clock."""
    return Process(("worker",), environment, folder / "worker.log")


def all_started(processes: Iterable[Process]) -> None:
    """Start them together; wait for those that have a port."""
    started = list(processes)
    for process in started:
        process.start()
    for process in started:
        if process.port:
            process.ready()
