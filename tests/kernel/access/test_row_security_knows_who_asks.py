"""Who is asking is known by the key alone (decisions 2a, 2b)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from gruppetto.kernel.access import sessions
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal import act
from gruppetto.kernel.journal.models import Entry
from tests.support.actors import Staff

pytestmark = pytest.mark.django_db


def who() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.me()")
        return cursor.fetchone()[0]


def test_a_key_is_its_holder_and_nobody_else(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        assert who() == alice.account.pk
    with acting(bob.actor):
        assert who() == bob.account.pk


def test_a_forged_key_is_nobody_and_so_is_none(alice: Staff) -> None:
    with acting(Actor.session("forged" * 8, alice.account.pk, "supervisor")):
        assert who() is None
    with acting(Actor.visitor("page")):
        assert who() is None


def test_a_closed_session_opens_nothing(alice: Staff) -> None:
    sessions.close_session(alice.actor.key)
    with acting(alice.actor):
        assert who() is None


def test_the_web_role_cannot_read_the_sessions_nor_the_grants(alice: Staff) -> None:
    for table in ("access_session", "access_grant"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            acting(alice.actor),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM {table}")


def test_the_web_role_cannot_pretend_to_be_a_job(alice: Staff) -> None:
    with (
        pytest.raises(Refused, match="pas d’auteur connu"),
        acting(Actor.job("contacts.close")),
    ):
        act("session.opened")


def test_a_forged_session_sees_no_entry_of_the_journal(alice: Staff) -> None:
    with acting(alice.actor):
        act("session.opened")
        assert Entry.objects.filter(account_id=alice.account.pk).exists()
    with acting(Actor.session("forged" * 8, alice.account.pk, "auditor")):
        assert not Entry.objects.exists()
