"""Fixed actors: Alice owns, Bob helps, Charlie is a stranger; each with a real session key."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from gruppetto.kernel.access import second_factor, sessions
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor
from tests.support.database import as_owner


@dataclass(frozen=True)
class Staff:
    """A signed-in member of staff."""

    account: Account
    actor: Actor

    def client(self) -> Client:
        """A browser already signed in, second factor done."""
        client = Client()
        client.cookies[sessions.COOKIE] = self.actor.key
        # Written by hand: signing in (``force_login``) would open a session of its own.
        page = client.session
        page[SESSION_KEY] = str(self.account.pk)
        page[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        page[HASH_SESSION_KEY] = self.account.get_session_auth_hash()
        page[second_factor.SHOWN] = str(self.account.pk)
        page.save()
        return client


def staff(name: str, role: str) -> Staff:
    """An account of ``role`` with an open session."""
    with as_owner():
        account = Account.objects.create_account(f"{name.lower()}@example.test", name, role)
    key = sessions.new_key()
    sessions.open_session(account.pk, key)
    return Staff(account, Actor.session(key, account.pk, role))
