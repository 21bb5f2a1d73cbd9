"""The ``gruppetto`` command: one word per thing an operator does; each word delegates at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from gruppetto.cli import bench, database, demo, doctor, journal, serving
from gruppetto.launcher import LauncherError

Command = Callable[[Sequence[str]], int]
COMMANDS: dict[str, tuple[Command, str]] = {
    "serve": (
        serving.serve,
        "answer the browsers: pages and live events (--pages: pages only, for production)",
    ),
    "worker": (serving.worker, "do the work that waits: jobs, schedules, live notices"),
    "manage": (
        serving.manage,
        "Django's own commands, as the owner of the database; `manage roles` prints SQL",
    ),
    "doctor": (doctor.main, "say in plain words what is missing, late or wrongly set"),
    "journal": (journal.main, "seal it, export it, verify it, prove an entry, forget a body, change the key"),
    "db": (database.main, "start, stop or give the addresses of a PostgreSQL of our own"),
    "demo": (demo.play, "a living territory in the browser"),
    "training": (demo.train, "a sandbox with invented people, to practise calls"),
    "demo-check": (demo.check, "play the demo without a browser and say what broke"),
    "bench": (bench.main, "measure: `bench NAME --json`, `bench` alone lists the names"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (2 when the words are not understood).

    Nothing here reads the settings at import: each command first says which role its process has.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if words else 2
    if words[0] not in COMMANDS:
        print(f"gruppetto: no command “{words[0]}”.\n\n{usage()}", file=sys.stderr)
        return 2
    command, _ = COMMANDS[words[0]]
    try:
        return command(words[1:])
    except LauncherError as refusal:
        print(f"gruppetto {words[0]}: {refusal}", file=sys.stderr)
        return 1


def usage() -> str:
    """The list of commands, one line each."""
    lines = [f"  {word:<11} {summary}" for word, (_, summary) in COMMANDS.items()]
    return "\n".join(["usage: gruppetto COMMAND …", "", *lines])
