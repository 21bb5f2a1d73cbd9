"""The worker process: the relay in one thread, the queue and its schedules in another."""

from __future__ import annotations

import asyncio
import os
import signal
import threading


def main(queues: list[str] | None = None) -> None:
    """Run until SIGTERM or SIGINT; a job under way finishes first."""
    os.environ["GRUPPETTO_AS"] = "worker"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
    import django

    django.setup()
    from gruppetto.kernel.jobs import relay

    stop = threading.Event()
    relaying = threading.Thread(target=relay.run, args=(stop,), name="relay", daemon=True)
    relaying.start()
    try:
        asyncio.run(_work(queues))
    finally:
        stop.set()
        relaying.join(5)


async def _work(queues: list[str] | None) -> None:
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        running = asyncio.current_task()
        assert running is not None
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, running.cancel)
        try:
            await worker_app.run_worker_async(
                queues=queues,
                concurrency=2,
                # Polling, never LISTEN: a NOTIFY per job would hold the database's lock (decisions 20).
                listen_notify=False,
                fetch_job_polling_interval=0.5,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        except asyncio.CancelledError:
            return
