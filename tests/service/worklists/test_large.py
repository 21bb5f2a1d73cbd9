"""Each order and each filter that is promised follows an index on a large table, under row security (decisions 4)."""

from __future__ import annotations

from itertools import product
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
from tests.support.plans import below, plans, read_whole, settle

pytestmark = pytest.mark.django_db

PORTFOLIOS, ROWS = 40, 24_000
TABLE = "interventions_intervention"
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
        settle("interventions_intervention")
    return cast


def sound(who: make.Colleague, filters: Filters) -> None:
    """No table is read whole; what is sorted is one page of each branch: a portfolio, or a portfolio in a state."""
    with acting(who.actor):
        asked = reads.ask(filters)
        branches = len(asked.portfolios) * len(filters.states)
        with CaptureQueriesContext(connection) as captured:
            reads.page(asked)
        found = plans(captured, TABLE)
    assert found
    for steps in found:
        assert TABLE in {step.get("Relation Name") for step in steps}
        assert TABLE not in read_whole(steps), filters.query()
        sorted_rows = [step["Plan Rows"] for step in steps if "Sort" in step["Node Type"]]
        # The planner guesses 100 keys for an array it does not know: twenty-six rows of each.
        assert max(sorted_rows, default=0) <= (reads.PAGE + 1) * max(branches, 100), filters.query()
    # Within a branch, only what a narrow filter leaves (the work of one person) may be sorted rather than walked.
    branches_of = [step for step in found[0] if step.get("Parent Relationship") == "Inner"]
    assert "Limit" in {step["Node Type"] for step in branches_of}
    for step in [each for branch in branches_of for each in below(branch) if "Sort" in each["Node Type"]]:
        assert step["Plan Rows"] <= reads.PAGE + 1, f"a branch sorts its rows: {filters.query()}"


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
        with CaptureQueriesContext(connection) as asked:
            announce_near(moment)
        found = [steps for steps in plans(asked, TABLE) if steps[0]["Node Type"] != "ModifyTable"]
    assert found
    for steps in found:
        assert TABLE not in read_whole(steps)
        assert {step.get("Index Name") for step in steps} & {"interventions_soon_due"}


def counts_of_the_rail(large: Cast) -> None:
    """Several lists counted at once, each up to its cap."""
    lists = [Filters(), Filters.of(qui="moi"), Filters.of(retard=True), Filters.of(etat="finies")]
    with acting(large.sylvie.actor):
        asked = reads.ask(Filters())
        with CaptureQueriesContext(connection) as captured:
            total, counted = reads.counts(asked, lists)
        (steps,) = plans(captured, TABLE)
        assert 999 < total.number < 10_000
        assert not total.capped
        assert [str(count) for count in counted][::3] == ["999\u00a0+", "999\u00a0+"]
    assert len(asked.portfolios) == PORTFOLIOS + 3
    assert TABLE not in read_whole(steps)
