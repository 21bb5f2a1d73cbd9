"""A command of ours that goes when its parent goes, however the parent goes (``python -m gruppetto.demo.child serve``).

It holds the reading end of a pipe whose other end only the parent has: the end of the pipe is the end of the parent.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading

from gruppetto.demo import strict

PATIENCE = 5.0


def watch() -> None:
    """Wait for the end of standard input, then ask this process to stop; after a while, do not ask."""
    while os.read(0, 1):
        pass
    last = threading.Timer(PATIENCE, os._exit, (1,))
    last.daemon = True
    last.start()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=watch, name="parent", daemon=True).start()
    if strict.VARIABLE in os.environ:
        strict.make_templates_strict()
    # The command line stands above the demo: it is one more command, run in a process of its own.
    raise SystemExit(importlib.import_module("gruppetto.cli").main(sys.argv[1:]))
