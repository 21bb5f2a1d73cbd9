"""The demo's processes go with the one that started them; its keys are made once; a bar is quiet when it is quick."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gruppetto.demo import making, progress
from gruppetto.demo.check import left_behind
from gruppetto.demo.keys import Keys, addresses_given, environment
from gruppetto.demo.making import Made
from gruppetto.kernel.access.passwords import CnilPassword

WAITS = """
import threading
from gruppetto.demo import child
threading.Thread(target=child.watch, daemon=True).start()
print("ready", flush=True)
threading.Event().wait(60)
"""


def test_a_child_goes_when_its_parent_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", WAITS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdout, child.stdin:
        assert child.stdout.readline() == b"ready\n"
        # What the system does for a parent that is killed: its end of the pipe closes.
        child.stdin.close()
        assert child.wait(60) == -signal.SIGTERM


def test_keys_are_drawn_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    keys = Keys.of(tmp_path)
    assert Keys.of(tmp_path) == keys
    assert stat.S_IMODE(os.stat(tmp_path / "keys.json").st_mode) == 0o600
    assert Keys.drawn() != keys
    CnilPassword().validate(keys.password)


def test_each_process_finds_what_it_needs_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("", "OWNER_", "WORKER_", "SEALER_"):
        monkeypatch.delenv(f"GRUPPETTO_{name}DATABASE_URL", raising=False)
    assert not addresses_given()
    for name in ("", "OWNER_", "WORKER_", "SEALER_"):
        monkeypatch.setenv(f"GRUPPETTO_{name}DATABASE_URL", f"postgresql://somewhere/{name}")
    assert addresses_given()
    found = environment(tmp_path, Keys.drawn(), None, "demo", "127.0.0.1:1")
    assert found["GRUPPETTO_DATABASE_URL"] == "postgresql://somewhere/"
    assert found["GRUPPETTO_DEMO"] == "1"
    assert found["GRUPPETTO_LINES"].startswith("main=")


def test_a_demo_made_otherwise_is_told_apart_from_one_of_another_day(tmp_path: Path) -> None:
    wanted = Made.wanted(900, 0)
    assert Made.read(tmp_path) is None
    assert not wanted.same_but_for_the_day(None)
    wanted.write(tmp_path)
    found = Made.read(tmp_path)
    assert wanted.same_but_for_the_day(found)
    assert Made(wanted.code, 900, 0, "2020-01-01").same_but_for_the_day(found)
    assert not Made("other code", 900, 0, wanted.on).same_but_for_the_day(found)
    assert not Made.wanted(30, 0).same_but_for_the_day(found)
    (tmp_path / making.FILE).write_text("{")
    assert Made.read(tmp_path) is None


def test_a_bar_shows_nothing_of_what_is_quick(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 1.0, 5.0])
    monkeypatch.setattr("gruppetto.demo.progress.time.monotonic", lambda: next(seconds))
    bar = progress.Bar("people", 10)
    bar.at(5)
    assert capsys.readouterr().err == ""
    bar.at(6)
    assert "60%" in capsys.readouterr().err
    bar.done()
    assert capsys.readouterr().err.endswith("\r")


def test_what_a_demo_leaves_behind_is_told(tmp_path: Path) -> None:
    place = str(tmp_path / "gruppetto-check-here")
    assert left_behind(place) == []
    Path(place).mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", "print('ready', flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"GRUPPETTO_FOLDER": place},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    folder, process = left_behind(place)
    assert folder == place
    assert process.startswith(f"process {child.pid}: ")
    child.communicate(b"\n")
    Path(place).rmdir()
    assert left_behind(place) == []
