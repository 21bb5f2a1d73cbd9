"""With many deliveries, the list of those to decide and the story of a request read by their indexes (decisions 4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.actors import acting
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.search.pages import lateral
from gruppetto.registry.people.models import Person
from gruppetto.service.interventions.reads import story_of
from gruppetto.service.messages.reads import to_decide
from tests.support.database import as_owner
from tests.support.factories import Colleague
from tests.support.plans import plans, read_whole, settle

pytestmark = pytest.mark.django_db
MANY = """
INSERT INTO service_messages_delivery (id, shelf, portfolio_id, department, person_id, subject_id, channel, urgent,
    state, recipient, title, text, key, receipt, parts, mills, queued_at, due_at, sent_at, attempts, why)
SELECT gen_random_uuid(), %(shelf)s, %(portfolio)s, '31', %(person)s, %(person)s, 'email', false,
    CASE WHEN n %% 500 = 0 THEN 'unknown' ELSE 'arrived' END, 'jeanne@example.test', 'Objet', repeat('mot ', 60),
    'key ' || n, '', 1, 0, now() - n * interval '1 minute', now(), now(), 1, ''
FROM generate_series(1, 8000) AS n
"""


def test_deliveries_are_found_by_their_indexes(jeanne: Person, leader: Colleague) -> None:
    about: dict[str, Any] = {"shelf": jeanne.shelf, "portfolio": jeanne.portfolio_id, "person": jeanne.pk}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(MANY, about)
        settle("service_messages_delivery")
    with acting(leader.actor):
        with CaptureQueriesContext(connection) as asked:
            found = lateral(to_decide(), "portfolio_id", [jeanne.portfolio_id], ["queued_at"], None, 10)
            story_of(new_id())
        assert len(found.rows) == 10
        assert found.cursor
        read = plans(asked, "service_messages_delivery")
        assert len(read) >= 2
        for steps in read:
            assert "service_messages_delivery" not in read_whole(steps), steps
