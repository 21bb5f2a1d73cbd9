"""The peers: those that ``make bench-peers`` built, each a process of its own environment with our requests in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.tools.driving import Driver, driver
from bench.tools.measure import Report
from bench.tools.scale import House
from gruppetto.cli.places import PROJECT

PEERS = {"helpdesk": "django-helpdesk", "escalated": "escalated-django"}


def environment(told: Mapping[str, Any], *, ours: bool = False) -> dict[str, str]:
    """What a driver is told, and where: ours with the web role, a peer's without anything of ours."""
    known = (
        os.environ
        if ours
        else {n: v for n, v in os.environ.items() if not n.startswith(("GRUPPETTO", "DJANGO"))}
    )
    return {**known, "GRUPPETTO_BENCH": json.dumps(told), **({"GRUPPETTO_AS": "web"} if ours else {})}


@contextmanager
def peers(
    made: House, words: Mapping[str, str], report: Report, *, wanted: bool = True
) -> Iterator[list[Driver]]:
    """All the peers that are built; those that are not are named in the report."""
    with ExitStack() as stack:
        found = []
        for name, called in PEERS.items():
            python = python_of(name)
            if not wanted or python is None:
                report.not_measured[called] = "not built: make bench-peers" if wanted else "not asked for"
                continue
            rows = made.export()
            kept = rows.stat()
            told = {
                "database": made.peer_database(name),
                "rows": str(rows),
                "stamp": f"{kept.st_size} {kept.st_mtime_ns}",
                "words": words,
            }
            found.append(stack.enter_context(driver(name, environment(told), str(python))))
        yield found


def python_of(peer: str) -> Path | None:
    """The Python of a peer's own environment; None when it was not built."""
    program = PROJECT / "bench" / "peers" / peer / "bin" / "python"
    return program if (program.parents[1] / "installed").exists() else None
