"""Who has it open: seen by the others for seconds, kept by nobody."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.live import presence
from gruppetto.kernel.live.jobs import forget_presence
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject() -> UUID:
    return uuid4()


@pytest.fixture
def alice() -> Staff:
    return staff("Alice", "correspondent")


@pytest.fixture
def bob() -> Staff:
    return staff("Bob", "correspondent")


def grow_silent() -> None:
    """As if the pages had said nothing for half a minute."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE live.presence SET seen_at = seen_at - interval '30 seconds'")


def rows() -> int:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM live.presence")
        return int(cursor.fetchone()[0])


def test_the_others_see_who_is_there_and_who_types(alice: Staff, bob: Staff, subject: UUID) -> None:
    page = uuid4()
    with acting(alice.actor):
        presence.here(page, subject)
        assert presence.around(subject) == []
    with acting(bob.actor):
        assert presence.around(subject) == [presence.Present("Alice", typing=False)]
        assert presence.present([subject, uuid4()]) == {subject: ["Alice"]}
    with acting(alice.actor):
        presence.here(page, subject, typing=True)
        presence.here(uuid4(), subject)
    with acting(bob.actor):
        assert presence.around(subject) == [presence.Present("Alice", typing=True)]


def test_a_page_that_closes_leaves_nothing(alice: Staff, bob: Staff, subject: UUID) -> None:
    page = uuid4()
    with acting(alice.actor):
        presence.here(page, subject)
    with acting(bob.actor):
        presence.gone(page)
    assert rows() == 1, "nobody closes the page of a colleague"
    with acting(alice.actor):
        presence.gone(page)
    assert rows() == 0


def test_a_page_that_broke_off_is_forgotten(alice: Staff, bob: Staff, subject: UUID) -> None:
    with acting(alice.actor):
        presence.here(uuid4(), subject)
    grow_silent()
    with acting(bob.actor):
        assert presence.around(subject) == []
    with acting(Actor.job("live.forget_presence")), as_owner():
        presence.forget()
    assert rows() == 0
    assert forget_presence.name == "live.forget_presence"


def test_a_page_of_another_is_not_taken_over(alice: Staff, bob: Staff, subject: UUID) -> None:
    page, elsewhere = uuid4(), uuid4()
    with acting(alice.actor):
        presence.here(page, subject)
    with acting(bob.actor):
        presence.here(page, elsewhere)
        assert presence.present([subject, elsewhere]) == {subject: ["Alice"]}


def test_nobody_reads_the_table_and_no_session_is_nowhere(alice: Staff, subject: UUID) -> None:
    with acting(Actor.session("forged-" * 6, alice.account.pk, "correspondent")):
        presence.here(uuid4(), subject)
    assert rows() == 0
    with (
        acting(alice.actor),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT * FROM live.presence")
