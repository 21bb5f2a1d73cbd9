"""One LISTEN per process, fanned out to the open pages; each hears only what concerns it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from gruppetto.kernel.jobs.relay import CHANNEL

log = logging.getLogger(__name__)
# A page that is this far behind re-reads everything: it has missed nothing that matters.
BACKLOG = 100

Notice = dict[str, Any]


@dataclass(frozen=True)
class Hearing:
    """Whom a page belongs to, and the portfolios they see."""

    account_id: UUID
    portfolios: frozenset[int]

    def concerns(self, notice: Notice) -> bool:
        """Notices without a portfolio are for all staff (a line that rings); others for those who see it."""
        portfolio = notice.get("portfolio")
        return (
            portfolio is None or portfolio in self.portfolios or notice.get("account") == str(self.account_id)
        )


@dataclass
class Hub:
    """The open pages of this process."""

    pages: dict[asyncio.Queue[Notice], Hearing] = field(default_factory=dict)
    listening: asyncio.Task[None] | None = None

    @contextmanager
    def listen(self, hearing: Hearing) -> Iterator[asyncio.Queue[Notice]]:
        """A queue of the notices that concern ``hearing``, until the page goes."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(BACKLOG)
        self.pages[queue] = hearing
        if self.listening is None or self.listening.done():
            self.listening = asyncio.get_running_loop().create_task(self._listen())
        try:
            yield queue
        finally:
            del self.pages[queue]

    def spread(self, notice: Notice) -> None:
        for queue, hearing in list(self.pages.items()):
            if hearing.concerns(notice):
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    notice = {"topic": "reread", "id": "", "portfolio": None}
                queue.put_nowait(notice)

    async def _listen(self) -> None:
        parameters = connection.get_connection_params()
        wanted = {
            k: parameters[k] for k in ("dbname", "user", "password", "host", "port") if parameters.get(k)
        }
        while self.pages:
            try:
                listener = await psycopg.AsyncConnection.connect(**wanted, autocommit=True, connect_timeout=5)
                async with listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    # Whatever happened while nobody listened: the pages read again.
                    self.spread({"topic": "reread", "id": "", "portfolio": None})
                    async for note in listener.notifies():
                        for notice in json.loads(note.payload):
                            self.spread(notice)
            except psycopg.OperationalError as error:
                log.warning("live notices wait for the database: %s", type(error).__name__)
                await asyncio.sleep(1)


@cache
def hub() -> Hub:
    """The hub of this process."""
    return Hub()
