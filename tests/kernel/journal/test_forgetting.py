"""What leaves the journal: a body by the owner's word, which is itself written; looks after their retention (16)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal import act, declare, look
from gruppetto.kernel.journal.forgetting import forget
from gruppetto.kernel.journal.jobs import forget_what_is_old
from gruppetto.kernel.journal.models import Body, Entry, Forgotten, Origin
from gruppetto.kernel.journal.reading import bodies_of
from tests.support.actors import Staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

declare("test.said", "a dit quelque chose", ("what",))
MONTH = timedelta(days=31)
ROLES = ("gruppetto_owner", "gruppetto_web", "gruppetto_worker", "gruppetto_sealer")


@contextmanager
def role(name: str) -> Iterator[None]:
    """Raw SQL as this role, with an actor; the connection is the web's again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")
    try:
        with acting(Actor.command("test")):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE gruppetto_web")


def run(sql: str, *values: UUID | int) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


def refused(sql: str, *values: UUID | int) -> str:
    with pytest.raises(DatabaseError) as no:
        run(sql, *values)
    return str(no.value)


@pytest.fixture
def entry(alice: Staff) -> UUID:
    with acting(alice.actor):
        return act("test.said", body={"what": "Élodie"})


@pytest.fixture
def demo_journal() -> None:
    """A journal whose past may be invented: looks of long ago."""
    with as_owner():
        Origin.objects.update_or_create(only=True, defaults={"origin": "demo"})


def past(kind: str, ago: timedelta) -> UUID:
    """An entry of ``ago``, with its body, as the owner writes the past of a demo."""
    key, salt, at = new_id(), b"s" * 16, now() - ago
    with as_owner():
        Entry.objects.bulk_create(
            [
                Entry(
                    id=key,
                    recorded_at=at,
                    happened_at=at,
                    kind=kind,
                    verb="test.said",
                    actor="command:test",
                    commitment=hashlib.sha256(salt + b"{}").digest(),
                )
            ]
        )
        Body.objects.bulk_create([Body(entry_id=key, salt=salt, data="{}")])
    return key


def left(table: str, keys: list[UUID]) -> set[UUID]:
    column = "id" if table == "journal_entry" else "entry_id"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} = ANY (%s)", [keys])
        return {key for (key,) in cursor.fetchall()}


def test_the_owner_forgets_a_body_and_the_entry_stays_with_its_commitment(
    entry: UUID, auditor: Staff
) -> None:
    with as_owner():
        before = bytes(Entry.objects.get(pk=entry).commitment)
        assert forget(entry, "demande d’effacement 12") is True
        assert forget(entry, "encore") is False
        assert bytes(Entry.objects.get(pk=entry).commitment) == before
        # The salt went with it: the commitment gives nothing back.
        assert not Body.objects.filter(pk=entry).exists()
        line = Forgotten.objects.get(pk=entry)
        assert (line.why, line.actor) == ("demande d’effacement 12", "command:test")
        told = Entry.objects.get(verb="journal.forgotten", subject_id=entry)
    # The forgetting is an entry like any, and waits for its seal; so does what was forgotten.
    assert left("journal_pending", [entry, told.pk]) == {entry, told.pk}
    with acting(auditor.actor):
        assert bodies_of([entry])[entry].state == "forgotten"
        assert Forgotten.objects.filter(pk=entry).exists()


def test_a_body_taken_away_or_changed_without_a_word_is_altered(entry: UUID, alice: Staff) -> None:
    with acting(alice.actor):
        other = act("test.said", body={"what": "autre"})
    with acting(alice.actor):
        assert {one.state for one in bodies_of([entry, other]).values()} == {"whole"}
    with as_owner(), connection.cursor() as cursor:
        # What only a superuser or the owner can do: the rule taken off, then the row.
        cursor.execute("ALTER TABLE journal_body DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM journal_body WHERE entry_id = %s", [entry])
        cursor.execute("UPDATE journal_body SET data = '{}' WHERE entry_id = %s", [other])
        cursor.execute("ALTER TABLE journal_body ENABLE TRIGGER USER")
    with acting(alice.actor):
        assert {one.state for one in bodies_of([entry, other]).values()} == {"altered"}


@pytest.mark.parametrize("name", ROLES)
def test_no_role_takes_a_body_away_by_itself(name: str, entry: UUID) -> None:
    with role(name):
        said = refused("DELETE FROM journal_body WHERE entry_id = %s", entry)
        assert ("the_journal_is_never_altered" if name == "gruppetto_owner" else "permission denied") in said
    assert left("journal_body", [entry]) == {entry}


@pytest.mark.parametrize("name", ROLES[1:])
def test_the_verb_is_the_owner_s_alone(name: str, entry: UUID) -> None:
    with role(name):
        for sql in (
            "SELECT journal.forget(%s, 'x')",
            "INSERT INTO journal_forgotten (entry_id, at, actor, why) VALUES (%s, now(), 'x', 'x')",
        ):
            assert "permission denied" in refused(sql, entry)
    assert left("journal_body", [entry]) == {entry}


def test_forgetting_names_an_entry_says_why_and_has_an_actor(entry: UUID) -> None:
    with as_owner():
        for wrong in (lambda: forget(entry, " "), lambda: forget(entry, "x" * 201)):
            with pytest.raises(Refused):
                wrong()
        with pytest.raises(Unknown):
            forget(new_id(), "x")
        assert "says why" in refused("SELECT journal.forget(%s, ' ')", entry)
        assert "says why" in refused("SELECT journal.forget(gen_random_uuid(), 'x')")
        for sql in ("UPDATE journal_forgotten SET why = 'y'", "DELETE FROM journal_forgotten"):
            forget(entry, "x")
            assert "the_journal_is_never_altered" in refused(sql)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE gruppetto_owner")
        assert "without an actor" in refused(
            "INSERT INTO journal_forgotten (entry_id, at, actor, why) VALUES (%s, now(), 'x', 'x')", new_id()
        )
        cursor.execute("SET ROLE gruppetto_web")


@pytest.mark.usefixtures("demo_journal")
def test_old_looks_go_in_batches_and_nothing_else_does(settings: object) -> None:
    old = [past("look", 12 * MONTH + timedelta(days=days)) for days in (10, 20, 30)]
    kept = [past("look", 11 * MONTH), past("act", 24 * MONTH), past("refusal", 24 * MONTH)]
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE gruppetto_worker")
    try:
        assert forget_what_is_old(batch=2) == 3
        assert forget_what_is_old(batch=2) == 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE gruppetto_web")
    for table in ("journal_entry", "journal_body", "journal_pending"):
        assert left(table, [*old, *kept]) == set(kept)
    with as_owner():
        told = Entry.objects.filter(verb="journal.looks_forgotten").order_by("recorded_at")
        assert [bodies_of([one.pk])[one.pk].data for one in told] == ['{"count":2}', '{"count":1}']


@pytest.mark.usefixtures("demo_journal")
def test_the_function_is_narrow(entry: UUID) -> None:
    young, old = past("look", 5 * MONTH), past("look", 24 * MONTH)
    with role("gruppetto_worker"):
        for months, batch in ((5, 10), (0, 10), (37, 10), (12, 0), (12, 10_001)):
            assert "10000 at a time" in refused("SELECT journal.forget_looks(%s, %s)", months, batch)
        for table in ("journal_entry", "journal_body", "journal_pending"):
            assert "permission denied" in refused(f"DELETE FROM {table}")
    for name in ("gruppetto_web", "gruppetto_sealer"):
        with role(name):
            assert "permission denied" in refused("SELECT journal.forget_looks(12, 10)")
    # Neither the owner as itself, nor the function's own role on what is young or no look.
    with as_owner():
        assert "is refused" in refused("DELETE FROM journal_entry WHERE id = %s", old)
    with role("gruppetto_enforcer"):
        for key in (young, entry):
            assert "is refused" in refused("DELETE FROM journal_entry WHERE id = %s", key)
            assert "is refused" in refused("DELETE FROM journal_body WHERE entry_id = %s", key)
    assert left("journal_entry", [young, old, entry]) == {young, old, entry}


def test_a_look_of_today_is_whole(alice: Staff) -> None:
    with acting(alice.actor):
        seen = look("session.opened")
    with acting(alice.actor):
        assert bodies_of([seen])[seen].data == "{}"
