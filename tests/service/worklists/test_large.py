"""Each order and each filter that is promised follows an index on a large table, under row security (decisions 4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.actors import acting
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.promises import announce_near
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.filters import ORDERS, Filters
from tests.service.conftest import Cast
from tests.service.worklists.conftest import Work
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

PORTFOLIOS, ROWS = 40, 24_000
STATES = (
    "ARRAY['assigned', 'in_progress', 'waiting_person', 'answered', 'closed', 'closed', 'closed', 'closed']"
)
WORKER = UUID("eccbc87e4b5ce2fe28308fd9f2a7baf3")  # md5('3')
OWN = {
    "id": "gen_random_uuid()",
    "reference": "'T' || n",
    "portfolio_id": f"100 + (n / 8) % {PORTFOLIOS}",
    "worker_id": f"md5(((n / 8) % {PORTFOLIOS})::text)::uuid",
    "due_at": "due_at + (n - 19000) * interval '1 minute'",
    "opened_at": "opened_at + (n * 7 % 40000 - 19000) * interval '1 minute'",
    "state_since": "opened_at + (n * 11 % 40000) * interval '1 minute'",
    "person_id": "md5(n::text)::uuid",
    "subject_id": "md5(n::text)::uuid",
    "state": f"({STATES})[1 + n % 8]",
    "closed_at": "CASE WHEN n % 8 > 3 THEN due_at END",
    "answered_at": "CASE WHEN n % 8 > 2 THEN due_at END",
    "outcome": "CASE WHEN n % 8 > 2 THEN 'done' ELSE '' END",
}


@pytest.fixture
def large(cast: Cast, work: Work) -> Cast:
    """Twenty-four thousand requests in forty portfolios of Sylvie's team, four in eight of them finished."""
    columns = [str(field.column) for field in Intervention._meta.concrete_fields]
    chosen = ", ".join(OWN.get(name, f'"{name}"') for name in columns)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO coverage_portfolio (id, team_id, name, target_size)"
            " SELECT 100 + n, %s, 'Portefeuille ' || (100 + n), 150 FROM generate_series(0, %s) n",
            [cast.team.pk, PORTFOLIOS - 1],
        )
        # Their triggers would take half a minute and change nothing here.
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE interventions_intervention DISABLE TRIGGER USER"
        )
        cursor.execute(
            f"INSERT INTO interventions_intervention ({', '.join(columns)}) SELECT {chosen}"
            f" FROM interventions_intervention, generate_series(1, {ROWS}) n WHERE id = '{work.jeanne[0]}'"
        )
        cursor.execute("ALTER TABLE interventions_intervention ENABLE TRIGGER USER")
        cursor.execute("ANALYZE interventions_intervention")
    return cast


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for one in plan.get("Plans", ()):
        yield from nodes(one)


def plans(ask: Callable[[], object]) -> list[list[dict[str, Any]]]:
    """The steps of the plan of each question that is asked of the interventions."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = []
    for query in asked:
        if "interventions_intervention" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"])
                plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            found.append(list(nodes(plan[0]["Plan"])))
    return found


def sound(who: make.Colleague, filters: Filters) -> None:
    """No table is read whole; what is sorted is one page of each branch: a portfolio, or a portfolio in a state."""
    with acting(who.actor):
        asked = reads.ask(filters)
        branches = len(asked.portfolios) * len(filters.states)
        found = plans(lambda: reads.page(asked))
    assert found
    for steps in found:
        whole = [step for step in steps if step.get("Relation Name") == "interventions_intervention"]
        assert whole
        assert [step for step in whole if step["Node Type"] == "Seq Scan"] == [], filters.query()
        sorted_rows = [step["Plan Rows"] for step in steps if "Sort" in step["Node Type"]]
        # The planner guesses 100 keys for an array it does not know: twenty-six rows of each.
        assert max(sorted_rows, default=0) <= (reads.PAGE + 1) * max(branches, 100), filters.query()
    # Within a branch, only what a narrow filter leaves (the work of one person) may be sorted rather than walked.
    for sort in [step for step in found[0] if "Sort" in step["Node Type"]][1:]:
        assert sort["Plan Rows"] <= reads.PAGE + 1, f"a branch sorts its rows: {filters.query()}"


def test_every_order_and_every_filter_follow_an_index(large: Cast) -> None:
    for states, order in product(
        ["a-faire", "en-attente", "a-confirmer", "finies", "toutes", "close"], ORDERS
    ):
        for who in (large.alice, large.sylvie):
            sound(who, Filters.of(etat=states, tri=order))
    for asked in (
        {"qui": WORKER},
        {"qui": WORKER, "etat": "toutes"},
        {"qui": [WORKER, "personne"], "retard": True},
        {"qui": "personne"},
        {"retard": True},
        {"echeance": "semaine"},
        {"urgent": True, "domaine": "health"},
        {"type": "health-card-renewal", "niveau": "simple"},
        {"depuis": 3, "etat": "en-attente", "tri": "immobiles"},
        {"portefeuille": [100, 101, 102]},
        {"equipe": "la-mienne"},
        {"territoire": "la-mienne", "departement": "31"},
        {"commune": "31451"},
        {"du": "2026-03-01", "au": "2026-03-31", "etat": "toutes"},
        {"besoin": "hearing"},
        {"protegee": True, "rouverte": True},
        {"cote": True},
    ):
        sound(large.sylvie, Filters.of(**asked))

    counts_of_the_rail(large)
    promises_about_to_be_broken(large)


def promises_about_to_be_broken(large: Cast) -> None:
    """In all portfolios, by their date: never all the requests, as the job asks every ten minutes."""
    with as_owner():
        moment = Intervention.objects.filter(state="assigned").order_by("-due_at")[50].due_at
        found = plans(lambda: announce_near(moment))
    for steps in found:
        if any(step["Node Type"] == "ModifyTable" for step in steps):
            continue
        read = [step for step in steps if step.get("Relation Name") == "interventions_intervention"]
        assert [step for step in read if step["Node Type"] == "Seq Scan"] == []
        assert {step.get("Index Name") for step in steps} & {"interventions_soon_due"}


def counts_of_the_rail(large: Cast) -> None:
    """Several lists counted at once, each up to its cap."""
    lists = [Filters(), Filters.of(qui="moi"), Filters.of(retard=True), Filters.of(etat="finies")]
    with acting(large.sylvie.actor):
        asked = reads.ask(Filters())
        (steps,) = plans(lambda: reads.counts(asked, lists))
        total, counted = reads.counts(asked, lists)
        assert 999 < total.number < 10_000
        assert not total.capped
        assert [str(count) for count in counted][::3] == ["999\u00a0+", "999\u00a0+"]
    assert len(asked.portfolios) == PORTFOLIOS + 3
    read = {step["Node Type"] for step in steps if step.get("Relation Name") == "interventions_intervention"}
    assert "Seq Scan" not in read
