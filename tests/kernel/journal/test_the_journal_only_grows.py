"""The journal: written by the database's own word of who and when, never altered (decisions 13 to 16)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal import act, declare, look
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.journal.writing import canonical, commitment
from tests.support.actors import Staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

declare("test.done", "a fait un essai", ("what",))


def pending(entry: UUID) -> bool:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_pending WHERE entry_id = %s", [entry])
        return bool(cursor.fetchone()[0])


def test_an_act_says_who_and_when_by_the_database(alice: Staff) -> None:
    before = now()
    with acting(alice.actor):
        entry = Entry.objects.get(pk=act("test.done", body={"what": "essai"}))
    assert entry.account_id == alice.account.pk
    assert entry.actor == f"account:{alice.account.pk}"
    assert before - timedelta(seconds=5) <= entry.recorded_at <= now() + timedelta(seconds=5)
    assert pending(entry.pk)


def test_the_commitment_binds_the_body(alice: Staff) -> None:
    with acting(alice.actor):
        entry = Entry.objects.get(pk=act("test.done", body={"what": "Élodie"}))
        body = Body.objects.get(pk=entry.pk)
    assert json.loads(body.data) == {"what": "Élodie"}
    assert bytes(entry.commitment) == hashlib.sha256(bytes(body.salt) + body.data.encode()).digest()
    assert commitment(bytes(body.salt), canonical({"what": "Elodie"})) != bytes(entry.commitment)


def test_an_act_cannot_happen_after_its_record(alice: Staff) -> None:
    with pytest.raises(Refused) as refused, acting(alice.actor):
        act("test.done", happened_at=now() + timedelta(minutes=5))
    assert refused.value.code == "an-act-happens-before-it-is-recorded"


def test_the_web_cannot_back_date_a_record(alice: Staff) -> None:
    with acting(alice.actor), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, subject, commitment)"
            " VALUES (%s, '2020-01-01', '2020-01-01', 'act', 'test.done', 'account:someone else', '', 'x')",
            [(entry := new_id())],
        )
        written = Entry.objects.get(pk=entry)
    assert written.recorded_at > now() - timedelta(minutes=1)
    assert written.actor == f"account:{alice.account.pk}"


@pytest.mark.parametrize("table", ["journal_entry", "journal_body"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_alters_the_journal_not_even_the_owner(table: str, statement: str, alice: Staff) -> None:
    with acting(alice.actor):
        act("test.done")
    column = "verb" if table == "journal_entry" else "data"
    with (
        pytest.raises(DatabaseError, match="the_journal_is_never_altered"),
        transaction.atomic(),
        as_owner(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column, column))


def test_a_verb_nobody_declared_is_our_fault(alice: Staff) -> None:
    with acting(alice.actor):
        with pytest.raises(ValueError, match="not declared"):
            act("test.never_declared")
        with pytest.raises(ValueError, match="no place for"):
            act("test.done", body={"what": "x", "iban": "y"})


def test_a_stranger_reads_nothing_of_it_and_the_auditor_does(
    alice: Staff, bob: Staff, auditor: Staff
) -> None:
    with acting(alice.actor):
        entry = look("session.opened")
    with acting(bob.actor):
        assert not Entry.objects.filter(pk=entry).exists()
        assert not Body.objects.filter(pk=entry).exists()
    with acting(auditor.actor):
        assert Entry.objects.filter(pk=entry).exists()
