"""What an act says in the journal and the outbox is written once, at its end, and shares the fate of its rows."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.actors import acting, verb
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal import act, declare
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox import publish
from gruppetto.kernel.outbox.models import Fact
from tests.support.actors import Staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

for _rank in range(4):
    declare(f"test.line_{_rank}", f"a écrit la ligne {_rank}", ("what",))


def told() -> list[str]:
    with as_owner():
        entries = Entry.objects.filter(verb__startswith="test.line").order_by("recorded_at", "id")
        return [verb[-1] for verb in entries.values_list("verb", flat=True)]


def facts() -> list[str]:
    with as_owner():
        return list(Fact.objects.order_by("written_at").values_list("topic", flat=True))


@verb
def write(rank: int, *, refused: bool = False) -> None:
    """A verb of the test: says something, then may refuse."""
    act(f"test.line_{rank}", body={"what": 'été "\\ ☃ \u2028'})
    publish(f"fact.{rank}")
    if refused:
        raise Refused("Non.", code="no")


def test_all_the_lines_of_an_act_are_one_statement(alice: Staff) -> None:
    with CaptureQueriesContext(connection) as queries, acting(alice.actor):
        for rank in range(4):
            write(rank)
    lines = [query["sql"] for query in queries if "journal_entry" in query["sql"]]
    assert len(lines) == 1
    assert "outbox_fact" in lines[0]
    assert told() == ["0", "1", "2", "3"]
    assert facts() == ["fact.0", "fact.1", "fact.2", "fact.3"]


def test_an_act_that_says_nothing_writes_nothing(alice: Staff) -> None:
    with CaptureQueriesContext(connection) as queries, acting(alice.actor):
        pass
    assert not [query for query in queries if "INSERT" in query["sql"]]


def test_what_a_verb_said_goes_with_it_when_it_is_refused(alice: Staff) -> None:
    with acting(alice.actor):
        write(0)
        with pytest.raises(Refused):
            write(1, refused=True)
        write(2)
    assert told() == ["0", "2"]
    assert facts() == ["fact.0", "fact.2"]


def test_an_act_that_fails_says_nothing(alice: Staff) -> None:
    def act_of_alice() -> None:
        with acting(alice.actor):
            write(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_of_alice()
    assert told() == []


def test_whoever_reads_within_the_act_finds_its_lines_once(alice: Staff) -> None:
    with acting(alice.actor):
        write(0)
        assert Entry.objects.filter(verb="test.line_0").exists()
        write(1)
        assert Entry.objects.filter(verb="test.line_1").exists()
    assert told() == ["0", "1"]


def test_lines_read_in_a_step_that_is_undone_are_not_lost(alice: Staff) -> None:
    @transaction.atomic
    def undone() -> None:
        write(1)
        assert Entry.objects.filter(verb__startswith="test.line").count() == 2
        raise ZeroDivisionError

    with acting(alice.actor):
        write(0)
        with pytest.raises(ZeroDivisionError):
            undone()
        write(2)
    assert told() == ["0", "2"]


def test_each_act_writes_in_its_own_name_and_order(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        write(0)
        with acting(bob.actor):
            write(1)
        write(2)
    with as_owner():
        entries = Entry.objects.filter(verb__startswith="test.line").order_by("recorded_at")
        names: dict[UUID | None, str] = {alice.account.pk: "Alice", bob.account.pk: "Bob"}
        assert [names[one.account_id] for one in entries] == ["Alice", "Bob", "Alice"]
