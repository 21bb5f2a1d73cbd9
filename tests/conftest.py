"""The hostile harness: the web role, real PostgreSQL, no unknown template variable, no network but this machine."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import settings as hypothesis_settings

from gruppetto import launcher
from gruppetto.settings.databases import from_url
from tests.support import database
from tests.support.templates import Undefined

# pytest-django reads the settings before this file: what comes from the environment is set here.
for name, value in {
    "GRUPPETTO_FILES_KEY": "test:" + base64.b64encode(b"k" * 32).decode(),
    "GRUPPETTO_SERVICE_KEY": "the-service-key-of-the-tests-0123456789",
    "GRUPPETTO_LINES": {"main": "the-secret-of-the-main-line"},
    "GRUPPETTO_PHONE_SHOWN": "05 00 00 00 00",
    "SECRET_KEY": "the-secret-key-of-the-tests-0123456789-0123456789",
    "HTTPS": False,
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
}.items():
    setattr(django_settings, name, value)

# How long one example takes says how busy the machine is, no more. A change is judged by the same examples each time;
# `make soak` draws others.
hypothesis_settings.register_profile("same", deadline=None, derandomize=True)
hypothesis_settings.register_profile("drawn", deadline=None)
hypothesis_settings.load_profile(os.environ.get("GRUPPETTO_EXAMPLES", "same"))


@pytest.fixture(scope="session")
def server() -> launcher.Server:
    """The tests' PostgreSQL."""
    return database.start()


@pytest.fixture(scope="session")
def django_db_setup(server: launcher.Server, django_db_blocker: Any) -> Iterator[None]:
    """One copy of the migrated template for this worker; pytest-django's own creation of databases is replaced."""
    with django_db_blocker.unblock(), database.copy(server, "test") as name:
        connection.close()
        connection.settings_dict.update(from_url(server.owner_url(name)))
        yield
        connection.close()


@pytest.fixture(autouse=True)
def as_the_web_role(request: pytest.FixtureRequest) -> None:
    """Ordinary tests run in one transaction as the web role, with row security on (decisions 2c)."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE gruppetto_web")


@pytest.fixture
def committed(server: launcher.Server, django_db_blocker: Any) -> Iterator[str]:
    """A throw-away database with real commits, seen as a real web login; yields its name (races, kills)."""
    before = dict(connection.settings_dict)
    with django_db_blocker.unblock(), database.copy(server, "race") as name:
        connection.close()
        connection.settings_dict.update(from_url(server.web_url(name)))
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict.update(before)


@pytest.fixture(autouse=True)
def no_undefined_variable(settings: Any) -> None:
    """A template that uses an unknown variable fails."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()


@pytest.fixture(autouse=True)
def jobs_keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker drops stale connections before each job; the test's only one holds its transaction."""
    monkeypatch.setattr("gruppetto.kernel.jobs.queue.close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond the loopback fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"the tests do not reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One chromium for all: two of Playwright's loops in one thread refuse each other."""
    from tests.support.chromium import opened

    with opened() as one:
        yield one
