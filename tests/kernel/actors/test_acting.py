"""One transaction per act, with its actor; a refusal changes nothing and leaves a trace (decisions 1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor, acting, current_actor, human, verb
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.outbox import publish
from tests.support.actors import Staff, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(db: None) -> Staff:
    """Keeps the accounts: what these tests write."""
    return staff("Dana", "administrator")


@pytest.fixture
def alice(db: None) -> Staff:
    """Alice keeps the accounts: the one table these tests change."""
    return staff("Alice", "administrator")


@verb
def rename(account: Account, name: str) -> None:
    """A verb of the test: changes, then refuses an empty name."""
    Account.objects.filter(pk=account.pk).update(name=name)
    if not name:
        raise Refused("Il manque le nom.", code="name-missing", facts={"account": account.pk})


def test_a_verb_without_an_actor_is_our_fault() -> None:
    with pytest.raises(RuntimeError, match="nobody is acting"):
        publish("test.happened")


def test_what_only_a_person_does_is_refused_to_a_job_a_command_and_a_visitor(alice: Staff) -> None:
    with acting(alice.actor):
        assert human() == alice.account.pk
    for machine in (Actor.job("demo"), Actor.command("demo"), Actor.visitor("page")):
        with acting(machine), pytest.raises(NotYours) as refused:
            human()
        assert refused.value.code == "needs-a-human"


def test_no_write_without_an_actor_even_by_plain_sql(alice: Staff) -> None:
    for statement in (
        "UPDATE access_account SET name = 'X'",
        "INSERT INTO outbox_fact (id, topic, about) VALUES (gen_random_uuid(), 'x', '{}')",
    ):
        with (
            pytest.raises(DatabaseError, match="without an actor"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_refusal_changes_nothing_and_is_journaled(alice: Staff, dana: Staff) -> None:
    with acting(dana.actor), pytest.raises(Refused):
        rename(alice.account, "")
    alice.account.refresh_from_db()
    assert alice.account.name == "Alice"
    with acting(dana.actor):
        entry = Entry.objects.get(kind="refusal", account_id=dana.account.pk)
        assert "name-missing" in Body.objects.get(pk=entry.pk).data


def test_a_refusal_that_ends_the_act_is_journaled_too(alice: Staff, dana: Staff) -> None:
    def twice() -> None:
        rename(alice.account, "Alicia")
        rename(alice.account, "")

    with pytest.raises(Refused), acting(dana.actor):
        twice()
    alice.account.refresh_from_db()
    assert alice.account.name == "Alice"
    with acting(dana.actor):
        assert Entry.objects.filter(kind="refusal").count() == 1


def test_what_the_database_refuses_comes_out_in_words(alice: Staff, dana: Staff) -> None:
    @verb
    def shout(account: Account) -> None:
        Account.objects.filter(pk=account.pk).update(email="ALICE@EXAMPLE.TEST")

    with acting(dana.actor), pytest.raises(Refused) as refused:
        shout(alice.account)
    assert refused.value.code == "an-email-is-kept-in-small-letters"
    assert str(refused.value) == "Le courriel s’écrit en minuscules."


def test_an_inner_act_gives_the_outer_one_its_actor_back(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        with acting(bob.actor):
            assert current_actor() is bob.actor
        assert current_actor() is alice.actor
        with connection.cursor() as cursor:
            cursor.execute("SELECT access.me()")
            assert cursor.fetchone()[0] == alice.account.pk


def test_a_job_is_not_believed_from_the_web_role() -> None:
    with pytest.raises(Refused) as refused, acting(Actor.job("any.job")):
        publish("test.happened")
    assert refused.value.code == "no-write-without-an-actor"


def test_a_refusal_to_a_forged_session_leaves_a_trace_too(alice: Staff, auditor: Staff) -> None:
    forged = Actor.session("forged" * 8, alice.account.pk, "supervisor")
    with acting(forged), pytest.raises(Refused):
        rename(alice.account, "")
    with acting(auditor.actor):
        assert Entry.objects.get(kind="refusal").actor == "visitor:unknown-session"


def test_only_looks_do_not_wait_for_the_disk(alice: Staff) -> None:
    """A crash may lose the last half second of looks, never an act (decisions 16)."""
    looking = replace(alice.actor, reading=True)
    acts = (alice.actor, Actor.job("test"), Actor.command("test"), Actor.visitor("signing in"))
    for actor, waits in ((looking, "off"), *((actor, "on") for actor in acts)):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone() == (waits,), actor.name
