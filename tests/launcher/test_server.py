"""A server in a folder: started once, found again, restarted after any accident, stopped with its parent."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from gruppetto.launcher import LauncherError, Server, ensure
from gruppetto.launcher.binaries import choose
from gruppetto.launcher.ladder import NAMESPACE, Mode, programs_for, rung
from gruppetto.launcher.state import State

SOURCE = Path(__file__).resolve().parents[2] / "src"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="this rung of the ladder is for root")


def _ends(pid: int) -> int:
    """A handle on a process, to wait for its end without a clock."""
    return os.pidfd_open(pid)


def _ended(handle: int) -> bool:
    """Whether the process ends within 30 s."""
    ready, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    return bool(ready)


def _pid(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_asking_twice_gives_the_same_server(server: Server) -> None:
    again = ensure(server.folder, durable=False, die_with_parent=True)
    assert (again.port, again.state.passwords) == (server.port, server.state.passwords)


def test_it_speaks_the_version_it_announces(server: Server) -> None:
    assert server.psql("SHOW server_version").startswith(server.version)


def test_it_listens_to_this_machine_only_and_has_no_socket_file(server: Server) -> None:
    assert server.psql("SHOW listen_addresses; SHOW unix_socket_directories") == "127.0.0.1"


def test_a_wrong_password_is_refused(server: Server) -> None:
    address = server.superuser_url("postgres").replace(server.state.passwords["postgres"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_text_is_utf8_and_sorts_by_code_point(server: Server) -> None:
    asked = "SHOW server_encoding; SELECT upper('élève œuvre'), 'é' > 'z'"
    assert server.psql(asked).splitlines() == ["UTF8", "ÉLÈVE ŒUVRE|t"]


def test_a_refused_statement_leaves_no_value_in_the_log(server: Server) -> None:
    script = "CREATE TEMP TABLE one (name text UNIQUE); INSERT INTO one VALUES ('Zénobie'), ('Zénobie');"
    with pytest.raises(LauncherError, match="duplicate key"):
        server.psql(script)
    log = server.log_path.read_text()
    assert "duplicate key" in log
    assert "Zénobie" not in log


def test_passwords_are_kept_to_their_owner(server: Server) -> None:
    assert (server.folder / "server.json").stat().st_mode & 0o777 == 0o600
    assert len({*server.state.passwords.values()}) == len(server.state.passwords) == 5


def test_durability_is_not_pretended(server: Server) -> None:
    with pytest.raises(LauncherError, match="without durability"):
        ensure(server.folder, durable=True)


def test_another_port_is_refused_while_it_runs(server: Server) -> None:
    with pytest.raises(LauncherError, match=f"already runs on port {server.port}"):
        ensure(server.folder, durable=False, port=server.port + 1)


@pytest.fixture
def fresh(tmp_path: Path) -> Server:
    """A server of its own, for tests that stop or hurt it."""
    return ensure(tmp_path / "fresh", durable=False, die_with_parent=True)


def test_it_keeps_port_and_data_over_a_stop(fresh: Server) -> None:
    fresh.psql("CREATE TABLE kept ()")
    fresh.stop()
    assert not fresh.running()
    again = ensure(fresh.folder, durable=False)
    assert again.port == fresh.port
    assert again.psql("SELECT to_regclass('kept')") == "kept"
    again.destroy()
    assert not fresh.folder.exists()


def test_a_killed_server_is_started_again(fresh: Server) -> None:
    handle = _ends(_pid(fresh))
    os.kill(_pid(fresh), signal.SIGKILL)
    assert _ended(handle)
    again = ensure(fresh.folder, durable=False)
    assert again.psql("SELECT 1") == "1"
    again.destroy()


def test_a_pid_file_naming_a_stranger_does_not_stop_it(fresh: Server) -> None:
    pid_file = fresh.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    fresh.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = ensure(fresh.folder, durable=False)
    assert again.psql("SELECT 1") == "1"
    again.destroy()


def test_a_port_taken_meanwhile_is_replaced(fresh: Server) -> None:
    fresh.stop()
    with socket.create_server(("127.0.0.1", fresh.port)):
        again = ensure(fresh.folder, durable=False)
        assert again.port != fresh.port
        again.destroy()


def test_a_first_start_cut_half_way_is_done_again(fresh: Server) -> None:
    state = State.read(fresh.folder)
    state.initialised = False
    state.write(fresh.folder)
    again = ensure(fresh.folder, durable=False)
    assert again.psql("SELECT 1") == "1"
    again.destroy()


def test_programs_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="nowhere"):
        ensure(tmp_path / "none", prefer=tmp_path / "nowhere")


PARENT = """
import pathlib, sys
from gruppetto.launcher import ensure, guardian
server = ensure(pathlib.Path(sys.argv[1]), durable=False, die_with_parent=True)
print((server.data / "postmaster.pid").read_text().split()[0], guardian.of(server.folder), flush=True)
sys.stdin.read()
"""


class Parent:
    """Another process that asked for the server of a folder, and what it started."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        assert self.process.stdout
        self.server, self.guardian = map(int, self.process.stdout.readline().split())

    def kill(self) -> None:
        """End it as a crash would, and wait until its guardian has decided."""
        handle = _ends(self.guardian)
        self.process.kill()
        self.process.communicate()
        assert _ended(handle)


def test_it_stops_when_its_last_parent_is_killed(tmp_path: Path) -> None:
    first, second = Parent(tmp_path / "shared"), Parent(tmp_path / "shared")
    assert first.server == second.server
    handle = _ends(first.server)
    first.kill()
    os.kill(first.server, 0)
    second.kill()
    assert _ended(handle)


def test_a_server_asked_to_stay_outlives_its_parents(fresh: Server) -> None:
    parent = Parent(fresh.folder)
    ensure(fresh.folder, durable=False)
    parent.kill()
    assert fresh.psql("SELECT 1") == "1"
    fresh.destroy()


@as_root
@pytest.mark.parametrize("mode", ["namespace", "nobody"])
def test_each_rung_for_root_holds_alone(mode: Mode, prefer: str | Path, tmp_path: Path) -> None:
    if mode == "namespace" and subprocess.run([*NAMESPACE, "true"], check=False).returncode:
        pytest.skip("this machine forbids user namespaces (a container or a chroot may)")
    made = ensure(tmp_path / mode, durable=False, prefer=prefer, mode=mode)
    try:
        assert made.state.mode == mode
        assert made.psql("SELECT 1") == "1"
        made.stop()
        assert ensure(tmp_path / mode, durable=False).state.mode == mode
    finally:
        made.destroy()
    assert not made.data.exists()


AS_A_PLAIN_USER = """
import pathlib, sys
from gruppetto.launcher import ensure
server = ensure(pathlib.Path(sys.argv[1]), durable=False, prefer=pathlib.Path(sys.argv[2]))
print(server.state.mode, server.psql("SELECT 1"))
"""


@as_root
def test_a_plain_user_runs_it_and_root_goes_on_as_that_user(prefer: str | Path) -> None:
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None:
        pytest.skip("no Python outside root's home for a plain user")
    used = rung("nobody", Path("/unused"))
    try:
        programs = programs_for(used, choose(prefer))
        shutil.copytree(SOURCE / "gruppetto" / "launcher", used.home / "gruppetto" / "launcher")
        answer = subprocess.run(
            [python, "-c", AS_A_PLAIN_USER, str(used.home / "base"), str(programs.folder)],
            cwd=used.home,
            user="nobody",
            group="nogroup",
            extra_groups=[],
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout.split() == ["direct", "1"]
        found = ensure(used.home / "base", durable=False)
        found.stop()
        again = ensure(used.home / "base", durable=False)
        assert again.psql("SELECT 1") == "1"
        assert again.data.stat().st_uid == (again.folder / "server.json").stat().st_uid != 0
        again.stop()
    finally:
        shutil.rmtree(used.home)
