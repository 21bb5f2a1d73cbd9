"""Real commits: set the stage of a throw-away database as its owner, then run several works at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from gruppetto.launcher import Server
from gruppetto.settings.databases import from_url
from tests.support import database


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Connected to another database than the tests' own, then back."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(from_url(url))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def as_owner_of(name: str, server: Server | None = None) -> Iterator[None]:
    """Connected as the owner of the ``committed`` database ``name``, then back as the web login.

    ``server``: where that database is, if not on the tests' own.
    """
    with connected_to((server or database.start()).owner_url(name)), database.as_owner():
        yield


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run the works together, each on its own connection; their answers or what they raised, in order."""
    start = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(rank: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(60)
            answers[rank] = work()
        except Exception as error:  # noqa: BLE001  (handed back to the test, which says what it expected)
            answers[rank] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(rank, work)) for rank, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers
