"""Lists of work: oldest due first, page by page, at the same cost whatever there is (architecture, « Every list »)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.reads import (
    count,
    figures,
    next_task,
    of_person,
    page_of,
    work_list,
)
from gruppetto.service.interventions.verbs import answer, attach, attempt, confirm, note, start, wait
from tests.kernel.files.stage import given_by
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole, settle

pytestmark = pytest.mark.django_db


@contextmanager
def queries(number: int) -> Iterator[None]:
    """Exactly so many queries of ours, savepoints apart."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == number, "\n".join(asked)


def requests(cast: Cast, number: int) -> list[UUID]:
    """Requests opened one day after the other."""
    keys = []
    for day in range(number):
        with clock.at(MONDAY + days(day)):
            keys.append(make.intervention(cast.jeanne, cast.alice).pk)
    return keys


def next_of(who: make.Colleague) -> UUID | None:
    """The next task of a colleague."""
    found = next_task(who.account.pk)
    return found.pk if found else None


def many(like: UUID, number: int, portfolios: int) -> None:
    """Rows like this one, spread over portfolios from 100 on, due one minute after the other.

    Its worker has thirteen of the portfolios, others the rest.
    """
    columns = [str(f.column) for f in Intervention._meta.concrete_fields]
    place = f"(n / 6) % {portfolios}"
    own = {
        "id": "gen_random_uuid()",
        "reference": "'T' || n",
        "portfolio_id": f"100 + {place}",
        "worker_id": f"CASE WHEN {place} < 13 THEN worker_id ELSE md5(({place})::text)::uuid END",
        "due_at": "due_at + (n - 19000) * interval '1 minute'",
        "person_id": "gen_random_uuid()",
        "state": "(ARRAY['assigned', 'in_progress', 'waiting_person', 'closed', 'closed', 'closed'])[1 + n % 6]",
        "closed_at": "CASE WHEN n % 6 > 2 THEN due_at END",
        "answered_at": "CASE WHEN n % 6 > 2 THEN due_at END",
        "outcome": "CASE WHEN n % 6 > 2 THEN 'done' ELSE '' END",
    }
    chosen = ", ".join(own.get(name, f'"{name}"') for name in columns)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO interventions_intervention ({', '.join(columns)}) SELECT {chosen}"
            f" FROM interventions_intervention, generate_series(1, {number}) n WHERE id = '{like}'"
        )
        settle("interventions_intervention")


def test_the_work_is_listed_oldest_due_first_page_by_page(cast: Cast) -> None:
    keys = requests(cast, 5)
    with acting(cast.alice.actor):
        first = work_list(size=2)
        second = work_list(size=2, after=UUID(first.after))
        third = work_list(size=2, after=UUID(second.after))
    shown = [row.pk for page in (first, second, third) for row in page.rows]
    assert shown == keys
    assert third.after == ""
    assert str(vars(first.rows[0])["person"]) == "Mme Jeanne Roux"


def test_the_list_is_narrowed_by_state_by_worker_and_by_lateness(cast: Cast) -> None:
    keys = requests(cast, 4)
    stage.put(Intervention(pk=keys[0]), "waiting_person", worker=cast.alice)
    stage.put(Intervention(pk=keys[1]), "in_progress", worker=cast.sylvie)
    with acting(cast.alice.actor), clock.at(MONDAY + days(20)):
        assert [row.pk for row in work_list(states_in=["waiting_person"]).rows] == keys[:1]
        assert [row.pk for row in work_list(worker=cast.sylvie.account.pk).rows] == keys[1:2]
        # What waits for the person is not late: its clock is stopped.
        assert [row.pk for row in work_list(late=True).rows] == keys[1:]
        portfolio = [cast.portfolio.pk]
        assert count(portfolio, ["assigned"]) == 2
        assert count(portfolio, ["assigned", "waiting_person"], late=True) == 2
        assert count(portfolio, ["assigned"], worker=cast.sylvie.account.pk) == 0


def test_each_sees_the_work_of_their_portfolios(cast: Cast) -> None:
    mine = make.intervention(cast.jeanne, cast.alice).pk
    paul = make.person("Petit", "Paul", within=cast.other)
    other = make.intervention(paul, cast.bob).pk
    for who, seen in (
        (cast.alice, {mine}),
        (cast.bob, {other}),
        (cast.sylvie, {mine, other}),
        (cast.charlie, set()),
    ):
        with acting(who.actor):
            assert {row.pk for row in work_list().rows} == seen
    with acting(cast.alice.actor):
        assert work_list([cast.other.pk]).rows == []


def test_a_cursor_that_is_gone_says_so(cast: Cast) -> None:
    paul = make.person("Petit", "Paul", within=cast.other)
    theirs = make.intervention(paul, cast.bob).pk
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        work_list(after=theirs)
    assert refused.value.code == "cursor-gone"


def test_the_next_task_is_the_urgent_one_then_the_oldest_due(cast: Cast) -> None:
    keys = requests(cast, 3)
    with acting(cast.alice.actor):
        assert next_of(cast.alice) == keys[0]
    with clock.at(MONDAY + days(4)):
        urgent = make.intervention(cast.jeanne, cast.alice, urgent=True).pk
    with acting(cast.alice.actor):
        assert next_of(cast.alice) == urgent
        for key in (*keys, urgent):
            start(key)
            wait(key, "person", "son relevé")
        assert next_task(cast.alice.account.pk) is None
    with acting(cast.sylvie.actor):
        assert next_task(cast.sylvie.account.pk) is None


def test_the_figures_count_the_rows_they_lead_to(cast: Cast) -> None:
    keys = requests(cast, 7)
    for key, state in zip(
        keys,
        [
            "opened",
            "assigned",
            "in_progress",
            "waiting_person",
            "waiting_provider",
            "answered",
            "not_confirmed",
        ],
        strict=True,
    ):
        stage.put(Intervention(pk=key), state, worker=cast.alice)
    with acting(cast.sylvie.actor), clock.at(MONDAY + days(30)):
        shown = figures([cast.portfolio.pk, cast.other.pk], cast.alice.account.pk)
        assert shown == {
            "unassigned": 1,
            "working": 2,
            "waiting": 2,
            "late": 4,
            "to_confirm": 1,
            "not_confirmed": 1,
            "active": 5,
            "mine": 5,
            "aside": 0,
            "unread": 0,
        }
        assert len(work_list(late=True).rows) == shown["late"]
        assert len(work_list().rows) == shown["active"]


def test_a_page_costs_the_same_whatever_there_is(cast: Cast) -> None:
    requests(cast, 2)
    with acting(cast.alice.actor), queries(4):
        work_list(size=1)
    requests(cast, 3)
    with acting(cast.alice.actor):
        with queries(4):
            page = work_list(size=3)
        with queries(5):
            work_list(size=3, after=UUID(page.after))
        with queries(1):
            next_task(cast.alice.account.pk)
        with queries(1):
            figures([cast.portfolio.pk])
        with queries(1):
            of_person(cast.jeanne.pk)


def test_the_page_of_one_costs_the_same_whatever_happened_to_it(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    file = given_by(cast.alice.signed_in, None)
    with acting(cast.alice.actor):
        # One of them asks what must be there before it is filed.
        with queries(6):
            page_of(key)
        start(key)
        note(key, "us", "La caisse ouvre à 9 h.")
        note(key, "person", "Je vous rappelle demain.")
        attach(key, file.pk, "Attestation")
        answer(key, "done", "La carte arrive mardi.")
        attempt(key)
        attempt(key)
        confirm(key, "au téléphone")
        with queries(7):
            page = page_of(key)
    assert [(line.what, line.code) for line in page.story] == [
        ("move", "open"),
        ("move", "assign"),
        ("move", "start"),
        ("note", "us"),
        ("note", "person"),
        ("file", ""),
        ("move", "answer"),
        ("attempt", "call"),
        ("attempt", "call"),
        ("message", "letter"),
        ("attempt", "letter"),
        ("move", "confirm"),
    ]
    assert page.worker_name == "Alice"
    assert page.files[file.pk].state == "quarantined"
    assert [step.verb for step in page.possible] == ["close", "reopen"]
    assert len(page.answers) > 3


@pytest.mark.parametrize("width", [1, 13])
def test_on_a_large_table_the_list_follows_its_index_under_row_security(cast: Cast, width: int) -> None:
    many(make.intervention(cast.jeanne, cast.alice).pk, 20_000, 130)
    portfolios = list(range(100, 100 + width))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_grant (id, account_id, portfolio_id, starts, source, why)"
            " SELECT gen_random_uuid(), %s, p, now() - interval '1 day', 'test:large', 'test' FROM unnest(%s::int[]) p",
            [cast.alice.account.pk, portfolios],
        )
    with acting(cast.alice.actor):
        for narrowed in ({}, {"late": True}, {"worker": cast.alice.account.pk}, {"states_in": ["closed"]}):
            with CaptureQueriesContext(connection) as asked:
                rows = work_list(portfolios, **narrowed).rows
            assert len(rows) == 25
            assert any("LATERAL" in query["sql"] for query in asked)
            never_whole(asked)
        with CaptureQueriesContext(connection) as asked:
            figures(portfolios)
            next_task(cast.alice.account.pk)
        never_whole(asked)


def never_whole(asked: CaptureQueriesContext) -> None:
    """No question reads all the requests."""
    found = plans(asked, "interventions_intervention")
    assert found
    for steps in found:
        assert "interventions_intervention" not in read_whole(steps), steps
