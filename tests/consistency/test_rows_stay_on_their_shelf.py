"""The key of distribution: on every row about a person, from its person, unique with the id, never changed."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.apps import apps
from django.db import InternalError, ProgrammingError, connection, models, transaction

from gruppetto.kernel.access.rows import PersonRow
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.registry.people import shelves
from gruppetto.registry.people.models import Person, Phone, ShelfCheck
from tests.consistency.telling import nothing
from tests.registry.people.conftest import as_worker
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

SHELVED = [m for m in apps.get_models() if any(field.name == "shelf" for field in m._meta.fields)]
HELD = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'stays_on_its_shelf' AND t.tgenabled = 'O'
"""


def test_every_row_about_a_person_has_a_shelf_unique_with_its_id() -> None:
    assert {m for m in apps.get_models() if issubclass(m, PersonRow)} <= set(SHELVED)
    rules = {
        model: [rule.fields for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
        for model in SHELVED
    }
    nothing(
        [model._meta.label for model in SHELVED if ("shelf", "id") not in rules[model]],
        'models.UniqueConstraint(fields=["shelf", "id"], name="…_on_shelf"):',
    )


def test_the_database_holds_each_of_them_on_its_shelf() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        held = {row[0] for row in cursor.fetchall()}
    nothing(
        {model._meta.db_table for model in SHELVED} - held, "walls.shelf(table) in a migration of the room:"
    )


def test_not_even_the_owner_moves_a_row_to_another_shelf() -> None:
    lady = make.person()
    phone = make.phone(lady)
    for row in (lady, phone):
        with (
            as_owner(),
            pytest.raises((InternalError, ProgrammingError), match="a_row_stays_on_its_shelf"),
            transaction.atomic(),
        ):
            type(row).objects.filter(pk=row.pk).update(shelf=(row.shelf + 1) % 1024)


def test_the_shelf_of_a_person_is_the_hash_of_their_id_in_the_database_too() -> None:
    with connection.cursor() as cursor:
        for _ in range(50):
            key = new_id()
            cursor.execute(f"SELECT {shelves.HASH} FROM (SELECT %s::uuid AS id) one", [key])
            assert cursor.fetchone() == (shelf_of(key),)


def test_every_table_is_looked_at_each_night_and_what_is_astray_is_counted() -> None:
    lady = make.person()
    make.phone(lady)
    assert set(look()) == {model._meta.db_table for model in SHELVED}
    assert not any(look().values())
    wrong = new_id()
    with as_owner():
        put(Person, wrong, shelf=(shelf_of(wrong) + 1) % 1024)
        put(
            Phone,
            new_id(),
            shelf=(lady.shelf + 1) % 1024,
            person_id=lady.pk,
            number="+33561000009",
            main=False,
        )
    assert {table for table, count in look().items() if count} == {"people_person", "people_phone"}
    with as_owner():
        assert ShelfCheck.objects.get(pk="people_phone").astray == 1


def look() -> dict[str, int]:
    with as_worker("people.check_shelves"):
        return shelves.check(now())


def put(model: type[models.Model], key: UUID, **values: object) -> None:
    """Write a row as no verb does: a copy of one of the table, with these values."""
    row = model._default_manager.all()[0]
    row._state.adding = True
    for name, value in {"id": key, **values}.items():
        setattr(row, name, value)
    row.save(force_insert=True)
