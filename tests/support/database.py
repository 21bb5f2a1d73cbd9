"""A real PostgreSQL for the tests: one migrated template, one copy per worker, throw-away copies for races."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from gruppetto import launcher
from gruppetto.kernel.actors import Actor
from gruppetto.kernel.actors.acting import acting
from gruppetto.settings.databases import from_url

PROJECT = Path(__file__).resolve().parents[2]


def start() -> launcher.Server:
    """The tests' server: not durable, gone with the last process of the run.

    ``GRUPPETTO_TEST_POSTGRES``: "embedded" (default), "installed", or a folder of programs.
    """
    prefer = os.environ.get("GRUPPETTO_TEST_POSTGRES", "embedded")
    folder = PROJECT / ".var" / f"tests-{hashlib.sha256(prefer.encode()).hexdigest()[:6]}"
    return launcher.ensure(folder, durable=False, prefer=prefer, die_with_parent=True)


def fingerprint() -> str:
    """Changes when any migration or wall does: the template is then made again."""
    digest = hashlib.sha256()
    walls = ("kernel/access/walls.py", "launcher/roles.py")
    source = PROJECT / "src" / "gruppetto"
    for path in (*sorted(source.rglob("migrations/*.py")), *(source / wall for wall in walls)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def template(server: launcher.Server) -> str:
    """The name of the migrated template database, made if need be; workers wait for the first."""
    name = f"tpl_{fingerprint()}"
    with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(720720)")
        made = admin.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]
        ).fetchone()
        if not made:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            launcher.prepare(server, name)
            _migrate(server.owner_url(name))
            admin.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
        admin.execute("SELECT pg_advisory_unlock(720720)")
    return name


def _migrate(url: str) -> None:
    connection.close()
    connection.settings_dict.update(from_url(url))
    call_command("migrate", verbosity=0)
    connection.close()


@contextmanager
def copy(server: launcher.Server, prefix: str) -> Iterator[str]:
    """A throw-away copy of the template; yields its name."""
    name = f"{prefix}_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    source = template(server)
    with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER gruppetto_owner')
        admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        admin.execute(
            f'GRANT CONNECT ON DATABASE "{name}" TO gruppetto_web, gruppetto_worker, gruppetto_sealer'
        )
        try:
            yield name
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def as_owner(name: str = "test") -> Iterator[None]:
    """Set the stage: as the owner, who is outside row security, with an actor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute("SET ROLE gruppetto_owner")
    try:
        with acting(Actor.command(name)):
            yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {before}")


@contextmanager
def owning(server: launcher.Server, name: str) -> Iterator[None]:
    """As ``as_owner``, in a throw-away copy with real commits; afterwards the connection is the web's again."""
    connection.close()
    connection.settings_dict.update(from_url(server.owner_url(name)))
    try:
        with acting(Actor.command("test")):
            yield
    finally:
        connection.close()
        connection.settings_dict.update(from_url(server.web_url(name)))
