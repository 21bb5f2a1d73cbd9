"""A PostgreSQL server that lives in a folder: start it, find it again, stop it."""

from __future__ import annotations

import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gruppetto.launcher import guardian, ladder, postmaster
from gruppetto.launcher.binaries import FIRST_WITH_BUILTIN_LOCALE, Binaries, choose
from gruppetto.launcher.errors import LauncherError
from gruppetto.launcher.roles import LOGINS, OWNER, SEALER, WEB, WORKER, roles_sql
from gruppetto.launcher.state import State, locked

SUPERUSER = "postgres"
HOST = "127.0.0.1"
PORT_ATTEMPTS = 5


@dataclass(frozen=True)
class Server:
    """A running server. Its addresses are URLs with their password: never print them in a log."""

    folder: Path
    state: State

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self.state.port

    @property
    def version(self) -> str:
        """ "18.6", as the programs say."""
        return self.state.version

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL itself."""
        return Path(self.state.home) / "data"

    @property
    def log_path(self) -> Path:
        """Where the server writes what goes wrong (no statement, no value: decisions on privacy)."""
        return Path(self.state.home) / "postgres.log"

    @property
    def bindir(self) -> Path:
        """The folder of the programs it runs from (psql, pg_dump…)."""
        return Path(self.state.binaries)

    def owner_url(self, database: str) -> str:
        """Address for migrations."""
        return self._url(OWNER, database)

    def web_url(self, database: str) -> str:
        """Address for web processes."""
        return self._url(WEB, database)

    def worker_url(self, database: str) -> str:
        """Address for background workers."""
        return self._url(WORKER, database)

    def sealer_url(self, database: str) -> str:
        """Address for the sealer of the journal."""
        return self._url(SEALER, database)

    def superuser_url(self, database: str) -> str:
        """Address for what only an administrator does: make and drop databases, play the adversary."""
        return self._url(SUPERUSER, database)

    def running(self) -> bool:
        """Whether the server is there now."""
        return postmaster.find(self.data) is not None

    def psql(self, script: str, *, database: str = "postgres") -> str:
        """Run a psql script as superuser, stopping at the first error; returns its unaligned rows.

        Raises LauncherError with psql's message.
        """
        answer = subprocess.run(
            [
                self.bindir / "psql",
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-f",
                "-",
            ],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            env=ladder.clean_environment()
            | {
                "PGHOST": HOST,
                "PGPORT": str(self.port),
                "PGUSER": SUPERUSER,
                "PGPASSWORD": self.state.passwords[SUPERUSER],
                "PGOPTIONS": "-c client_min_messages=warning",
            },
        )
        if answer.returncode:
            raise LauncherError(f"psql on {database}: {answer.stderr.strip()}")
        return answer.stdout.strip()

    def stop(self) -> None:
        """Stop the server, whoever else uses it; nothing happens if it does not run."""
        with locked(self.folder):
            postmaster.stop(self.data)
        guardian.relieve(self.folder)

    def destroy(self) -> None:
        """Stop the server and remove its folder and its data, wherever they are."""
        self.stop()
        for place in {Path(self.state.home), self.folder}:
            shutil.rmtree(place, ignore_errors=True)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.state.passwords[role]}@{HOST}:{self.port}/{database}"


def ensure(
    folder: Path,
    *,
    port: int | None = None,
    durable: bool = True,
    prefer: str | Path = "embedded",
    die_with_parent: bool = False,
    mode: ladder.Mode | None = None,
) -> Server:
    """The running server of a folder, made or started if need be; asking twice gives the same one.

    ``port``: None to keep the last one or take a free one. ``durable``: False for tests only, the data
    do not survive a crash. ``prefer``: "embedded", "installed" or a folder of programs; an existing
    data folder keeps its version. ``die_with_parent``: the server stops when the last process that asked so
    is gone; one started without stays until ``stop``. ``mode``: force one rung of the ladder (tests).
    Raises LauncherError in words for the person at the terminal.
    """
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder):
        state = State.read(folder)
        running = postmaster.settled(Path(state.home) / "data") if state.data_remains() else None
        if running:
            _accept(state, running, port=port, durable=durable)
            state.guarded = state.guarded and die_with_parent
        else:
            state.guarded, state.durable = die_with_parent, durable
            # Written, and the guardian on watch, before the start: killed anywhere, nothing stays behind.
            state.write(folder)
            if state.guarded:
                guardian.post(folder)
            if state.data_remains():
                _restart(folder, state, prefer, port)
            else:
                _create(folder, state, prefer, port, mode)
        state.write(folder)
        if state.guarded:  # before the lock is let go, so that a leaving guardian sees who depends on it now
            guardian.post(folder)
    return Server(folder, state)


def known(folder: Path) -> Server:
    """The server of a folder, running or not; raises LauncherError if none was ever started there."""
    folder = Path(folder).resolve()
    state = State.read(folder)
    if not state.data_remains():
        raise LauncherError(f"No PostgreSQL of ours in {folder}: start one first.")
    return Server(folder, state)


def prepare(server: Server, database: str) -> None:
    """Make a database (if it is not there) with the roles of the platform and their passwords."""
    server.psql(roles_sql(database, {role: server.state.passwords[role] for role in LOGINS}))


def _accept(state: State, running: postmaster.Postmaster, *, port: int | None, durable: bool) -> None:
    """Check that the server found is the one asked for."""
    state.port = running.port
    if port not in (None, running.port):
        raise LauncherError(
            f"The server of this folder already runs on port {running.port}, not {port}: stop it first."
        )
    if durable and not state.durable:
        raise LauncherError("The server of this folder runs without durability (tests): stop it first.")


def _restart(folder: Path, state: State, prefer: str | Path, port: int | None) -> None:
    """Start the server of an existing data folder, with programs of its own version."""
    home = Path(state.home)
    major = int((home / "data" / "PG_VERSION").read_text())
    used = ladder.rung(state.mode or "direct", folder, home)
    postmaster.forget_stale(used.data)
    last = Path(state.binaries)
    here = prefer in ("embedded", "installed") and (last / "postgres").exists()
    _start(used, ladder.programs_for(used, choose(last if here else prefer, major=major)), state, port)


def _create(
    folder: Path, state: State, prefer: str | Path, port: int | None, mode: ladder.Mode | None
) -> None:
    """Make a data folder and start it, on the first rung of the ladder that holds."""
    binaries = choose(prefer)
    for role in (SUPERUSER, *LOGINS):
        state.passwords.setdefault(role, secrets.token_urlsafe(24))
    if state.home:  # a first start that was killed half-way
        _clear(Path(state.home), folder)
    refusals = []
    for tried in (mode,) if mode else ladder.modes():
        used = ladder.rung(tried, folder)
        state.remember(used)
        state.write(folder)
        try:
            programs = ladder.programs_for(used, binaries)
            _initialise(used, programs, state)
            _start(used, programs, state, port)
        except LauncherError as refusal:
            refusals.append(str(refusal))
            _clear(used.home, folder)
            continue
        state.initialised = True
        return
    raise LauncherError("PostgreSQL could not be started. " + " / ".join(refusals))


def _clear(home: Path, folder: Path) -> None:
    """Take away an unfinished data folder, and the temporary folder made for it if there was one."""
    postmaster.stop(home / "data")
    shutil.rmtree(home / "data" if home == folder else home, ignore_errors=True)


def _initialise(used: ladder.Rung, programs: Binaries, state: State) -> None:
    with tempfile.NamedTemporaryFile("w", dir=used.home, prefix="password-") as secret:
        secret.write(state.passwords[SUPERUSER])
        secret.flush()
        used.own(Path(secret.name))
        command = [
            programs.path("initdb"),
            "-D",
            str(used.data),
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        command += ["--auth=scram-sha-256", f"--pwfile={secret.name}"]
        if programs.major >= FIRST_WITH_BUILTIN_LOCALE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command.append("--data-checksums" if state.durable else "--no-sync")
        used.run(command)
    with (used.data / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'gruppetto.conf'\n")


def _start(used: ladder.Rung, programs: Binaries, state: State, port: int | None) -> None:
    """Start the server; a free port taken by somebody else meanwhile is replaced."""
    attempts = 1 if port else PORT_ATTEMPTS
    for attempt in range(attempts):
        state.port = port or _free_port(state.port)
        conf = used.data / "gruppetto.conf"
        conf.write_text(_settings(state.port, durable=state.durable))
        used.own(conf)
        try:
            command = [programs.path("pg_ctl"), "-D", str(used.data), "-w", "-t", "120", "-s"]
            used.run([*command, "-l", str(used.home / "postgres.log"), "start"])
        except LauncherError as refusal:
            said = _last_words(used.home / "postgres.log")
            if attempt + 1 < attempts and "Address already in use" in said:
                continue
            raise LauncherError(f"{refusal} {said}".strip()) from refusal
        state.binaries, state.version = str(programs.folder), programs.version
        return


def _settings(port: int, *, durable: bool) -> str:
    """The server's settings: this machine only, UTC, and nothing of anybody in the log."""
    settings: dict[str, str | int] = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 200,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # A failed statement and its detail carry names and values of people.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= {"wal_level": "minimal", "max_wal_senders": 0}
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())


def _free_port(last: int) -> int:
    """The last port if it is still free, else any free one (0 = none yet)."""
    for wanted in (last, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LauncherError(f"No free port on {HOST}.")


def _last_words(log: Path) -> str:
    """The errors at the end of a server's log, for the person at the terminal."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-20:]
    return " ".join(line for line in lines if re.search(r"FATAL|ERROR|LOG:\s+could not bind", line))[-600:]
