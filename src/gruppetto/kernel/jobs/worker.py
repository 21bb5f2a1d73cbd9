"""The worker process: the relay in one thread, the queue and its schedules in another."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterable
from typing import Any


def main(queues: Iterable[str] | None = None) -> None:
    """Run until SIGTERM or SIGINT; a job under way finishes first. Without ``queues``: all of them.

    Ends with the error when the relay or the queue cannot go on: the supervisor of processes starts it again.
    """
    os.environ["GRUPPETTO_AS"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
    import django

    django.setup()
    asyncio.run(_work(list(queues or ())))


async def _work(queues: list[str]) -> None:
    from gruppetto.kernel.jobs import relay

    stop = threading.Event()
    relaying = asyncio.create_task(asyncio.to_thread(relay.run, stop))
    working = asyncio.create_task(_queue(queues))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, working.cancel)
    await asyncio.wait({relaying, working}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    await relaying


async def _queue(queues: list[str]) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from gruppetto.kernel.jobs.orphans import SILENCE

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the queue lives in Django's database")
    worker = app.with_connector(connector.get_worker_connector())
    async with worker.open_async():
        options: dict[str, Any] = {"queues": queues} if queues else {}
        await worker.run_worker_async(
            **options,
            concurrency=2,
            # Polling, never LISTEN: a NOTIFY per job would hold the database's lock (decisions 20).
            listen_notify=False,
            fetch_job_polling_interval=0.5,
            delete_jobs="successful",
            stalled_worker_timeout=SILENCE.total_seconds(),
            install_signal_handlers=False,
        )
