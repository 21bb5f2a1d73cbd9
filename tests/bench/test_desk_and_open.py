"""The benches of pages and requests, small and whole: a demo of a few people, its own pages, its own verbs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.desk import READ
from gruppetto.cli.places import PROJECT


def run(name: str, folder: Path, *words: str) -> dict[str, dict[str, float]]:
    """As the command line does, in a process of its own: a bench is the owner of its database."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GRUPPETTO", "DJANGO"))
    }
    call = "import sys; from gruppetto.cli import main; sys.exit(main(sys.argv[1:]))"
    asked = ["bench", name, "--json", "--scale", "40", "--folder", str(folder), "--no-peers", *words]
    said = subprocess.run(
        [sys.executable, "-c", call, *asked],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=environment,
        timeout=240,
    )
    assert said.returncode in (0, 1), said.stderr
    found: dict[str, dict[str, float]] = json.loads(said.stdout)
    return found


def test_pages_are_read_and_requests_opened(tmp_path: Path) -> None:
    told = run("desk", tmp_path, "--rounds", "1")
    assert set(told["not_measured"]) == {"django-helpdesk", "escalated-django"}
    figures = told["figures"]
    for act in READ:
        assert {f"{act}_{scope}_ms_p50" for scope in ("1", "13", "all")} <= set(figures)
        assert figures[f"{act}_all_queries"] >= 4
    assert figures["portfolios_1"] < figures["portfolios_all"]
    # The same database again: nothing is made anew.
    opened = run("open", tmp_path, "--times", "2")["figures"]
    assert opened["interventions"] == figures["interventions"] + 3
    assert opened["open_per_s"] > 0
