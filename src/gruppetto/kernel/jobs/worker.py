"""The worker process: the relay in one thread, the queue and its schedules in another."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterable


def main(queues: Iterable[str] | None = None) -> None:
    """Run until SIGTERM or SIGINT; a job under way finishes first. Without ``queues``: all of them."""
    os.environ["GRUPPETTO_AS"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
    import django

    django.setup()
    from gruppetto.kernel.jobs import relay

    stop = threading.Event()
    relaying = threading.Thread(target=relay.run, args=(stop,), name="relay", daemon=True)
    relaying.start()
    try:
        asyncio.run(_work(list(queues or ())))
    finally:
        stop.set()
        relaying.join(5)


async def _work(queues: list[str]) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the queue lives in Django's database")
    worker = app.with_connector(connector.get_worker_connector())
    async with worker.open_async():
        working = asyncio.create_task(
            worker.run_worker_async(
                **({"queues": queues} if queues else {}),
                concurrency=2,
                # Polling, never LISTEN: a NOTIFY per job would hold the database's lock (decisions 20).
                listen_notify=False,
                fetch_job_polling_interval=0.5,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, working.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await working
