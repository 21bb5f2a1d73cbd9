"""What the desk costs the database: the same number of queries for one row as for twenty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.supervision.board import board, load_chart
from gruppetto.kernel.actors import acting
from gruppetto.service.interventions.models import Intervention
from tests.service.conftest import Cast
from tests.support import factories as make

pytestmark = pytest.mark.django_db

LISTS = (
    "/responsable/",
    "/responsable/interventions/",
    "/responsable/personnes/",
    "/responsable/appels/?file=rappels",
    "/responsable/courriers/",
    "/responsable/fiches-protegees/",
)


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_counts_of_all_queues_cost_fifteen_queries(cast: Cast) -> None:
    with acting(cast.sylvie.actor), CaptureQueriesContext(connection) as asked:
        board()
    assert len(asked) <= 15


def test_the_load_of_everybody_costs_three_queries(cast: Cast) -> None:
    make.intervention(cast.jeanne, cast.alice)
    with acting(cast.sylvie.actor), CaptureQueriesContext(connection) as asked:
        load_chart()
    assert len(asked) <= 3


def test_lists_cost_the_same_for_one_row_as_for_twenty(
    cast: Cast, sylvie: Client, request_of_jeanne: Intervention
) -> None:
    make.person("Petit", "Paul")
    sylvie.get("/responsable/")
    one = {address: cost(sylvie, address) for address in LISTS}
    for _ in range(20):
        make.intervention(cast.jeanne, cast.alice)
        make.person("Petit", "Paul")
    assert {address: cost(sylvie, address) for address in LISTS} == one


def test_what_is_weighed_for_a_person_costs_the_same_for_two_portfolios_as_for_ten(
    cast: Cast, sylvie: Client
) -> None:
    paul = make.person("Petit", "Paul")
    make.home(paul, make.commune())
    addresses = (f"/responsable/personnes/{paul.pk}/", "/responsable/territoire/")
    sylvie.get("/responsable/")
    two = [cost(sylvie, address) for address in addresses]
    for _ in range(8):
        make.portfolio(cast.team, cast.bob, substitute=cast.alice)
    assert [cost(sylvie, address) for address in addresses] == two
