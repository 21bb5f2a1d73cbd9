"""One LISTEN per process, fanned out to the open pages; each hears only what concerns it."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.jobs.relay import CHANNEL

log = logging.getLogger(__name__)
# A page that is this far behind re-reads everything: it has missed nothing that matters.
BACKLOG = 100
# A page is drawn before it listens: what is told in between is kept for it.
REMEMBERED = 1000


class Notice(dict[str, Any]):
    """What a page is told; the same for all the pages that it concerns, so written once."""

    @cached_property
    def text(self) -> str:
        """As an event of the stream: its topic is the event's name, so that a pane listens to what concerns it."""
        told = f"event: {self['topic']}\ndata: {json.dumps(self)}\n"
        return f"{told}id: {self['heard']:.3f}\n\n" if "heard" in self else f"{told}\n"


REREAD = Notice(topic="reread", id="", portfolio=None)


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
    """The open pages of this process.

    ``recent``: notices, each with when it was ``heard`` (milliseconds since 1970, UTC; no two at once, whatever the
    clock says); none heard since ``whole_since`` is missing from it.
    """

    pages: dict[asyncio.Queue[Notice], Hearing] = field(default_factory=dict)
    listening: asyncio.Task[None] | None = None
    recent: deque[Notice] = field(default_factory=deque)
    whole_since: float = math.inf

    @contextmanager
    def listen(self, hearing: Hearing, since: float) -> Iterator[asyncio.Queue[Notice]]:
        """A queue of the notices that concern ``hearing``, until the page goes.

        ``since``: when the page was asked for, or heard its last notice (milliseconds since 1970); the queue begins
        with what was heard after that.
        """
        queue: asyncio.Queue[Notice] = asyncio.Queue(BACKLOG)
        for notice in self._missed(hearing, since):
            queue.put_nowait(notice)
        self.pages[queue] = hearing
        if self.listening is None or self.listening.done():
            self.listening = asyncio.get_running_loop().create_task(self._listen())
        try:
            yield queue
        finally:
            del self.pages[queue]

    def renew(self, page: asyncio.Queue[Notice], hearing: Hearing) -> None:
        """What a page may hear was read again; where it has changed, the page reads again too."""
        if self.pages[page] != hearing:
            self.pages[page] = hearing
            _put(page, REREAD)

    def _missed(self, hearing: Hearing, since: float) -> list[Notice]:
        # While nobody listens nothing is remembered: whoever begins to listen tells all pages to read again.
        if since < self.whole_since < math.inf:
            return [REREAD]
        missed = [one for one in self.recent if one["heard"] > since and hearing.concerns(one)]
        return missed if len(missed) <= BACKLOG else [REREAD]

    def spread(self, told: dict[str, Any]) -> None:
        """Tell every page that it concerns, and remember it for those still being drawn."""
        last = self.recent[-1]["heard"] if self.recent else 0
        notice = Notice(told, heard=max(round(clock.now().timestamp() * 1000, 3), last + 0.001))
        self.recent.append(notice)
        if len(self.recent) > REMEMBERED:
            self.whole_since = self.recent.popleft()["heard"]
        self._tell(notice)

    def _tell(self, notice: Notice) -> None:
        for queue, hearing in list(self.pages.items()):
            if hearing.concerns(notice):
                _put(queue, notice)

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
                    self.whole_since = clock.now().timestamp() * 1000
                    self._tell(REREAD)
                    async for note in listener.notifies():
                        for notice in json.loads(note.payload):
                            self.spread(notice)
            except psycopg.OperationalError as error:
                log.warning("live notices wait for the database: %s", type(error).__name__)
                await asyncio.sleep(1)
            finally:
                self.whole_since = math.inf
                self.recent.clear()


def _put(queue: asyncio.Queue[Notice], notice: Notice) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        notice = REREAD
    queue.put_nowait(notice)


@cache
def hub() -> Hub:
    """The hub of this process."""
    return Hub()
