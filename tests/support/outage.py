"""A database that is away: its neighbours on the server live on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gruppetto import launcher


@contextmanager
def away(server: launcher.Server, name: str) -> Iterator[None]:
    """Only this database lets nobody in, and shows everybody out; it is there again afterwards."""
    with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
