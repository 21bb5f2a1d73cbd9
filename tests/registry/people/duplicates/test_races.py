"""A merge and what is filed meanwhile, with real commits and real web logins: nothing stays behind."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from gruppetto import launcher
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.registry.people import verbs
from gruppetto.registry.people.duplicates.plan import plan
from gruppetto.registry.people.duplicates.verbs import merge, undo
from gruppetto.registry.people.merging import Pair
from gruppetto.registry.people.models import Person, Phone
from tests.support import factories as make
from tests.support.database import owning

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"


def test_what_is_filed_while_two_records_merge_is_refused_or_follows(
    server: launcher.Server, committed: str
) -> None:
    with owning(server, committed):
        dora = make.colleague("Dora", "supervisor")
        portfolio = make.portfolio(make.team(leader=dora))
        kept = make.person("Martin", "Jeanne", within=portfolio, first_visit_on=None)
        lost = make.person("Martin", "Jeanne", within=portfolio, first_visit_on=None)
    actor = dora.signed_in.actor
    told: list[Any] = []

    def file(person_id: UUID) -> None:
        try:
            with acting(actor):
                told.append(verbs.add_phone(person_id, "0561000001", asked="face").pk)
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    with acting(actor):
        assert not plan(Pair(kept, lost)).conflicts
        made = merge(kept.pk, lost.pk, "la même", {})
        late = threading.Thread(target=file, args=[lost.pk])
        late.start()
        with psycopg.connect(server.superuser_url(committed), autocommit=True) as admin:
            while not admin.execute(WAITS, [committed]).fetchone()[0]:  # type: ignore[index]
                assert late.is_alive(), told
    late.join()
    assert told == ["person-merged"]
    file(kept.pk)
    with acting(actor):
        phone = Phone.objects.get(pk=told[1])
        assert (phone.person_id, phone.subject_id) == (kept.pk, kept.pk)
        undo(made.pk, "non")
        assert Person.objects.get(pk=lost.pk).merged_into is None
    file(lost.pk)
    with acting(actor):
        assert Phone.objects.filter(subject_id=lost.pk).count() == 1


def test_what_was_being_filed_first_follows_the_merge(server: launcher.Server, committed: str) -> None:
    with owning(server, committed):
        dora = make.colleague("Dora", "supervisor")
        portfolio = make.portfolio(make.team(leader=dora))
        kept = make.person("Martin", "Jeanne", within=portfolio, first_visit_on=None)
        lost = make.person("Martin", "Jeanne", within=portfolio, first_visit_on=None)
    actor = dora.signed_in.actor

    def unite() -> None:
        with acting(actor):
            merge(kept.pk, lost.pk, "la même", {})
        connection.close()

    with acting(actor):
        # Filed without the lock on the record that the verbs take first: the wall holds alone.
        row = Phone.objects.create(
            person_id=lost.pk,
            shelf=lost.shelf,
            portfolio_id=portfolio.pk,
            number="+33561000009",
            kind="landline",
        )
        merging = threading.Thread(target=unite)
        merging.start()
        with psycopg.connect(server.superuser_url(committed), autocommit=True) as admin:
            while not admin.execute(WAITS, [committed]).fetchone()[0]:  # type: ignore[index]
                assert merging.is_alive()
    merging.join()
    with acting(actor):
        assert Phone.objects.get(pk=row.pk).subject_id == kept.pk
