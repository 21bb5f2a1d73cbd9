"""The ``gruppetto`` command: words understood, words not understood, and refusals that a person can act on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gruppetto.cli import COMMANDS, bench, main
from gruppetto.launcher import ensure


def test_the_settings_are_read_only_once_a_command_has_said_its_role() -> None:
    code = "import sys, gruppetto.cli; sys.exit('gruppetto.settings' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [word for word in COMMANDS if f"  {word} " not in shown] == []


@pytest.mark.parametrize("words", [[], ["dance"], ["bench", "dance"], ["bench", "--json"]])
def test_words_that_mean_nothing_end_with_status_2(words: list[str]) -> None:
    assert main(words) == 2


def test_the_roles_are_printed_for_the_database_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manage", "roles", "--database", "town"]) == 0
    assert "ALTER DATABASE town OWNER TO gruppetto_owner;" in capsys.readouterr().out


def test_a_bench_is_a_file_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "walk.py").touch()
    (tmp_path / "bench" / "_shared.py").touch()
    monkeypatch.setattr(bench, "PROJECT", tmp_path)
    assert main(["bench"]) == 0
    assert capsys.readouterr().out == "walk\n"


def test_a_server_never_started_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRUPPETTO_FOLDER", str(tmp_path))
    assert main(["db", "url"]) == 1
    assert "start one first" in capsys.readouterr().err


def test_the_database_is_started_addressed_and_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRUPPETTO_FOLDER", str(tmp_path))
    # The guardian of this test, should it be cut short; `db start` then finds the server running.
    server = ensure(tmp_path / "postgres", die_with_parent=True)
    try:
        assert main(["db", "start"]) == 0
        assert str(server.port) in capsys.readouterr().out
        assert main(["db", "url"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == f"GRUPPETTO_DATABASE_URL={server.web_url('gruppetto')}"
        assert len(lines) == 4
        assert main(["db", "url", "owner"]) == 0
        assert capsys.readouterr().out.strip() == server.owner_url("gruppetto")
        assert main(["db", "stop"]) == 0
        assert not server.running()
    finally:
        server.destroy()
