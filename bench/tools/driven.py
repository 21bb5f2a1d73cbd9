"""The side that is measured: reads the name of an act, does it, says how long it took.

Needs Django and nothing of ours: the same file runs in the peers' environments: what is counted is counted alike.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Words of transactions: sent to the database too, but they read and write nothing.
STEPS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "BEGIN")


class Counted:
    """Statements sent to the database in one act; ``steps``: those that only open and close savepoints."""

    def __init__(self) -> None:
        self.queries = self.steps = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lstrip().upper().startswith(STEPS):
            self.steps += 1
        else:
            self.queries += 1
        return execute(sql, params, many, context)


@contextmanager
def own_output() -> Iterator[Any]:
    """Where our answers go; whatever a library prints goes to the error output."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with answers:
        yield answers


def serve(acts: dict[str, Callable[[int], Any]], about: dict[str, Any] | None = None) -> None:
    """Answer on standard output, one JSON line each: first what can be done, then each act asked on standard input.

    An act takes its turn (0, 1, 2…), so that it may take another row each time; what goes wrong ends the process.
    """
    from django.db import connection

    turns = dict.fromkeys(acts, 0)
    with own_output() as answers:
        print(json.dumps({"acts": sorted(acts), **(about or {})}), file=answers, flush=True)
        for line in sys.stdin:
            name = json.loads(line)["act"]
            counted = Counted()
            with connection.execute_wrapper(counted):
                cpu, began = time.process_time(), time.perf_counter()
                acts[name](turns[name])
                took, spent = time.perf_counter() - began, time.process_time() - cpu
            turns[name] += 1
            told = {
                "ms": took * 1000,
                "cpu_ms": spent * 1000,
                "queries": counted.queries,
                "steps": counted.steps,
            }
            print(json.dumps(told), file=answers, flush=True)


def fetched(client: Any, path: str, status: int = 200, **more: Any) -> Any:
    """A page, whole; anything but ``status`` is an error, not a figure."""
    response = client.get(path, **more)
    if response.status_code != status:
        raise RuntimeError(f"GET {path}: {response.status_code} {response.content[:300]!r}")
    return response


def posted(client: Any, path: str, data: dict[str, Any], status: int = 302, **more: Any) -> Any:
    """The answer to a form; anything but ``status`` is an error, not a figure."""
    response = client.post(path, data, **more)
    if response.status_code != status:
        raise RuntimeError(f"POST {path}: {response.status_code} {response.content[:300]!r}")
    return response
