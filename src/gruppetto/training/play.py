"""``gruppetto training``: a sandbox with invented people, to practise calls, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from gruppetto.demo.keys import addresses_given, home
from gruppetto.demo.play import say
from gruppetto.demo.running import Running, running
from gruppetto.launcher import LauncherError

SUBSCRIBERS = 400


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser(prog="gruppetto training", description=__doc__)
    parser.add_argument("--port", type=int, help="default: 8000, else a free one")
    parser.add_argument("--folder", type=Path, help="where its data and its keys are kept")
    parser.add_argument("--fresh", action="store_true", help="forget all exercises and make it anew")
    return parser


def main(argv: Sequence[str]) -> int:
    """Serve until interrupted; returns the exit status. Raises ``LauncherError`` beside a real platform."""
    asked = arguments().parse_args(argv)
    if addresses_given():
        raise LauncherError(
            "Training has a database of its own: unset the GRUPPETTO_…DATABASE_URL of the real platform first."
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stop = threading.Event()
    try:
        with running(
            (asked.folder or home().with_name("training")).resolve(),
            port=asked.port,
            subscribers=SUBSCRIBERS,
            years=0,
            fresh=asked.fresh,
            say=say,
            more={"GRUPPETTO_TRAINING": "1"},
        ) as sandbox:
            threading.Thread(target=_trainer, args=(sandbox, stop), name="trainer", daemon=True).start()
            say(f"\n  {sandbox.url}/demonstration/     sign in as an agent, then {sandbox.url}/entrainement/")
            say("  Invented people; nothing is sent.   Ctrl-C stops everything.")
            while not stop.wait(1):
                if name := sandbox.fallen():
                    raise LauncherError(f"The {name} has stopped; see {sandbox.folder / name}.log")
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        stop.set()
    return 0


def _trainer(sandbox: Running, stop: threading.Event) -> None:
    """Give the parts, then ring when asked."""
    import django

    django.setup()
    from django.db import connection

    from gruppetto.training import casting
    from gruppetto.training.ringing import Trainer

    try:
        casting.write(sandbox.folder)
    finally:
        connection.close()
    Trainer(sandbox.folder, sandbox.url, sandbox.keys.line).run(stop)
