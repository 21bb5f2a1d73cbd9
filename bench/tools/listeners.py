"""Event clients of a bench: pages without a screen, each on its own connection, that note when they hear of what."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from urllib.parse import urlsplit

from gruppetto.kernel.access.sessions import COOKIE

PATIENCE = 30.0


class Listeners:
    """One reader of ``/direct/faits`` for each session key, all in a thread of their own.

    ``heard``: for each reader, when it first heard of each subject (seconds since 1970). ``events``: how many each
    received.
    """

    def __init__(self, url: str, keys: Sequence[str], topic: str) -> None:
        self.url, self.keys, self.topic = urlsplit(url), list(keys), topic
        self.heard: list[dict[str, float]] = [{} for _ in keys]
        self.events = [0] * len(self.keys)
        self._ready = threading.Semaphore(0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Listeners:
        self._thread.start()
        for number in range(len(self.keys)):
            if not self._ready.acquire(timeout=PATIENCE):
                raise TimeoutError(f"only {number} of {len(self.keys)} event clients are connected")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._everyone.cancel)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        self._loop.run_until_complete(self._listen_all())
        self._loop.close()

    async def _listen_all(self) -> None:
        readers = (self._listen(number, key) for number, key in enumerate(self.keys))
        self._everyone = asyncio.gather(*readers, return_exceptions=True)
        try:
            await self._everyone
        except asyncio.CancelledError:
            return

    async def _listen(self, number: int, key: str) -> None:
        host, port = self.url.hostname or "127.0.0.1", self.url.port or 80
        reader, writer = await asyncio.open_connection(host, port)
        asked = (
            f"GET /direct/faits HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n"
            f"Cookie: {COOKIE}={key}\r\n\r\n"
        )
        writer.write(asked.encode())
        try:
            topic = ""
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                if line.startswith("HTTP/") and " 200 " not in f"{line} ":
                    raise ConnectionError(f"event client {number}: {line}")
            while raw := await reader.readline():
                at, line = time.time(), raw.decode().strip()
                if line.startswith("event:"):
                    topic = line.removeprefix("event:").strip()
                    if topic == "ready":
                        self._ready.release()
                elif line.startswith("data:") and topic not in ("ready", ""):
                    self.events[number] += 1
                    if topic == self.topic:
                        subject = json.loads(line.removeprefix("data:"))["id"]
                        self.heard[number].setdefault(subject, at)
        finally:
            writer.close()
