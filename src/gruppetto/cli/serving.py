"""``gruppetto serve``, ``worker`` and ``manage``: each process says which database role it has."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from gruppetto.launcher import roles_sql


def serve(argv: Sequence[str]) -> int:
    """Answer browsers until stopped: one ASGI process for all, or threads for pages only.

    In production, `serve --pages` behind a proxy carries the pages and one `serve` carries ``/direct/``.
    """
    parser = argparse.ArgumentParser(prog="gruppetto serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--pages", action="store_true", help="pages only, with worker processes and threads")
    parser.add_argument("--workers", type=int, default=2, help="with --pages: processes")
    parser.add_argument("--threads", type=int, default=4, help="with --pages: threads of each process")
    asked = parser.parse_args(argv)
    os.environ["GRUPPETTO_AS"] = "web"
    if asked.pages:
        command = [sys.executable, "-m", "gunicorn", "gruppetto.settings.wsgi:application"]
        command += ["--bind", f"{asked.host}:{asked.port}", "--worker-class", "gthread"]
        command += ["--workers", str(asked.workers), "--threads", str(asked.threads)]
        # Its control socket would be written in the home folder, which a service does not have.
        command += ["--no-control-socket"]
        os.execv(sys.executable, command)  # noqa: S606  (our own words; the process becomes the server)
    # Under ASGI each request has its own thread: connections come from a pool or they leak.
    os.environ.setdefault("GRUPPETTO_POOL", "8")
    import uvicorn

    uvicorn.run(
        "gruppetto.settings.asgi:application",
        host=asked.host,
        port=asked.port,
        lifespan="off",
        log_level="warning",
        access_log=False,
        # Live events never end by themselves.
        timeout_graceful_shutdown=3,
    )
    return 0


def worker(argv: Sequence[str]) -> int:
    """Do jobs until stopped; with queue names, only those."""
    parser = argparse.ArgumentParser(prog="gruppetto worker")
    parser.add_argument("queues", nargs="*", help="default: all")
    asked = parser.parse_args(argv)
    os.environ["GRUPPETTO_AS"] = "worker"
    from gruppetto.kernel.jobs.worker import main

    main(asked.queues or None)
    return 0


def manage(argv: Sequence[str]) -> int:
    """Django's commands as the owner, unless ``GRUPPETTO_AS`` says otherwise; ``roles`` prints the roles' SQL."""
    if argv and argv[0] == "roles":
        return _roles(argv[1:])
    os.environ.setdefault("GRUPPETTO_AS", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gruppetto manage", *argv])
    return 0


def _roles(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="gruppetto manage roles")
    parser.add_argument("--database", default="gruppetto", help="name of the database to make or to adopt")
    print(roles_sql(parser.parse_args(argv).database))
    return 0
