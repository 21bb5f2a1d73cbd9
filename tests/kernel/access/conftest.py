"""People who really sign in: a database of its own with real commits, real passwords and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client

from gruppetto import launcher
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor, acting
from gruppetto.settings.databases import from_url
from tests.support import database
from tests.support.codes import code, new_secret

PASSWORD = "Cinq-Pommes-en-7-Sacs"


def new_browser(**more: Any) -> Any:
    """Django's test client; its answers gain attributes (``url``) that its types do not say."""
    return Client(**more)


@dataclass(frozen=True)
class House:
    """The database of a module; ``owning()`` sets its stage, outside row security."""

    server: launcher.Server
    name: str

    def owning(self) -> AbstractContextManager[None]:
        return database.owning(self.server, self.name)

    @contextmanager
    def working(self) -> Iterator[None]:
        """As the worker, in a job."""
        connection.close()
        connection.settings_dict.update(from_url(self.server.worker_url(self.name)))
        try:
            with acting(Actor.job("test")):
                yield
        finally:
            connection.close()
            connection.settings_dict.update(from_url(self.server.web_url(self.name)))

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the owner reads."""
        with self.owning(), connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def change(self, query: str, *parameters: Any) -> None:
        """What the owner changes, to let time pass."""
        with self.owning(), connection.cursor() as cursor:
            cursor.execute(query, parameters)


@dataclass
class Somebody:
    """A member of staff at a browser; ``secret`` empty: no second factor yet."""

    house: House
    account: Account
    secret: str
    password: str = PASSWORD
    browser: Any = field(default_factory=new_browser)

    def type_password(self, password: str = "", browser: Any = None, **more: Any) -> Any:
        """The first page, filled in and sent."""
        typed = {"login": self.account.email, "password": password or self.password}
        return (self.browser if browser is None else browser).post("/compte/connexion/", typed, **more)

    def type_code(self, typed: str = "", browser: Any = None, **more: Any) -> Any:
        """The second page, filled in and sent."""
        return (self.browser if browser is None else browser).post(
            "/compte/connexion/code/", {"code": typed or code(self.secret)}, **more
        )

    def sign_in(self) -> Any:
        """Password, then the code shown now."""
        self.type_password()
        answer = self.type_code()
        assert answer.status_code == 302, answer.content.decode()
        return self.browser

    def journal(self, verb: str) -> int:
        """How many times they did it."""
        query = "SELECT count(*) FROM journal_entry WHERE account_id = %s AND verb = %s"
        return int(self.house.rows(query, self.account.pk, verb)[0][0])


@pytest.fixture(scope="module")
def house(server: launcher.Server, django_db_blocker: Any) -> Iterator[House]:
    """One throw-away database for the module."""
    before = dict(connection.settings_dict)
    with django_db_blocker.unblock(), database.copy(server, "sign_in") as name:
        connection.close()
        connection.settings_dict.update(from_url(server.web_url(name)))
        try:
            yield House(server, name)
        finally:
            connection.close()
            connection.settings_dict.update(before)


@pytest.fixture
def somebody(house: House) -> Callable[..., Somebody]:
    """``somebody("agent")`` has a second factor, ``somebody("agent", protected=False)`` has none yet."""

    def make(role: str = "agent", *, protected: bool = True, **more: Any) -> Somebody:
        secret = new_secret() if protected else ""
        with house.owning():
            account = Account.objects.create_account(
                f"{uuid4().hex}@example.test", "Alix Daumas", role, PASSWORD, **more
            )
            if secret:
                TOTP.activate(account, secret)
        return Somebody(house, account, secret)

    return make
