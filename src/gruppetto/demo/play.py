"""``gruppetto demo``: a living territory in the browser, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import cast

from gruppetto.demo.calling import Callers
from gruppetto.demo.cast import PILOT, STAFF
from gruppetto.demo.keys import home
from gruppetto.demo.running import Running, running
from gruppetto.launcher import LauncherError

WHAT = {
    "agent": "takes the calls",
    "correspondent": "works the requests of a portfolio",
    "supervisor": "sees everything live, shares out the work",
    "back_office": "keeps lists, catalogue, territories",
    "auditor": "reads the journal",
    "administrator": "keeps accounts and the platform's health",
}


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(prog="gruppetto demo", description=__doc__)
    parser.add_argument("--port", type=int, help="default: 8000, else a free one")
    parser.add_argument("--subscribers", type=int, default=PILOT, help=f"default: {PILOT}")
    parser.add_argument("--years", type=int, default=0, help="years of history; default: one month")
    parser.add_argument("--folder", type=Path, help="where its data and its keys are kept")
    parser.add_argument("--no-calls", action="store_true", help="nobody calls by themselves")
    parser.add_argument("--fresh", action="store_true", help="forget it and make it anew, up to now")
    return parser


def main(argv: Sequence[str]) -> int:
    """Play until interrupted; returns the exit status."""
    asked = arguments().parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stop = threading.Event()
    try:
        with running(
            (asked.folder or home()).resolve(),
            port=asked.port,
            subscribers=asked.subscribers,
            years=asked.years,
            fresh=asked.fresh,
            say=say,
        ) as demo:
            say(_welcome(demo))
            if not asked.no_calls:
                threading.Thread(target=_callers(demo).run, args=(stop,), name="callers", daemon=True).start()
            while not stop.wait(1):
                if name := demo.fallen():
                    raise LauncherError(f"The {name} has stopped; see {demo.folder / name}.log")
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        stop.set()
    return 0


def say(words: str) -> None:
    """One line for the person at the terminal, at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _welcome(demo: Running) -> str:
    """Address, and one account for each role."""
    from gruppetto.kernel.clock import today

    first = {member.role: member for member in reversed(STAFF)}
    lines = [
        "",
        f"  {demo.url}/demonstration/     ready in {demo.seconds:.1f} s",
        "",
        "  Sign in there with one click, or by the front door with the code shown there:",
        *(f"    {first[role].email:<28} {WHAT[role]}" for role in WHAT),
        f"  Password of all: {demo.keys.password}",
        "",
    ]
    if demo.made_on != today().isoformat():
        lines.append(f"  Its history ends on {demo.made_on}. Make it anew up to today with --fresh.")
    lines.append("  Ctrl-C stops everything.")
    return "\n".join(lines)


def _callers(demo: Running) -> Callers:
    """The people of the demo, ready to call."""
    import django

    django.setup()
    from django.db import connection

    from gruppetto.demo import voices
    from gruppetto.registry.people.models import Phone

    numbers = Phone.objects.filter(ended_at=None).order_by("id")
    subscribers = numbers.filter(subject__subscriber_since__isnull=False).values_list("number", flat=True)
    relatives = numbers.filter(subject__subscriber_since=None).values_list("number", flat=True)
    chance = Random()  # noqa: S311  (who calls next, nothing to guard)
    try:
        return Callers(
            demo.url,
            demo.keys.line,
            list(subscribers),
            list(relatives),
            chance,
            voice_of=lambda number: voices.voice_of(number, chance),
            on_line=lambda speaking: voices.write(demo.folder, cast("list[voices.Voice]", speaking)),
        )
    finally:
        connection.close()
