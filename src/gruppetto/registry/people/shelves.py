"""No foreign key goes from shelf to shelf: what it would refuse is looked for each night (decisions 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from gruppetto.registry.people.holders import Holder, holders
from gruppetto.registry.people.models import Person, ShelfCheck

# As ``identifiers.shelf_of``, in the database.
HASH = "((get_byte(sha256(uuid_send(id)), 0) << 8) + get_byte(sha256(uuid_send(id)), 1)) %% 1024"


def check(at: datetime) -> dict[str, int]:
    """Count the rows astray of every table with a shelf and keep the counts; one query per table. Worker only."""
    found = {holder.model._meta.db_table: astray(holder).count() for holder in holders() if shelved(holder)}
    ShelfCheck.objects.exclude(table__in=found).delete()
    ShelfCheck.objects.bulk_create(
        [ShelfCheck(table=table, astray=count, checked_at=at) for table, count in found.items()],
        update_conflicts=True,
        unique_fields=["table"],
        update_fields=["astray", "checked_at"],
    )
    return found


def shelved(holder: Holder) -> bool:
    """Has the table a shelf?"""
    return _field(holder.model, "shelf") is not None


def astray(holder: Holder) -> models.QuerySet[Any]:
    """The rows of a table that name a person who is not there, or not on the shelf they say.

    A row that may exist before anybody knows whom it is about stands where it was born; a contact says both shelves.
    """
    rows, person = holder.model._default_manager.order_by(), holder.person_field
    if holder.model is Person:
        return rows.exclude(shelf=RawSQL(HASH, []))  # noqa: S611  (our own words, no value in them)
    owner = Person.objects.filter(pk=OuterRef(person))
    if _field(holder.model, "person_shelf"):
        owner = owner.filter(shelf=OuterRef("person_shelf"))
    elif not _may_be_nobody(holder):
        owner = owner.filter(shelf=OuterRef("shelf"))
    return rows.filter(Q(**{f"{person}__isnull": False}), ~Exists(owner))


def _may_be_nobody(holder: Holder) -> bool:
    """Can the column that names the person be empty?"""
    model, path = holder.model, holder.person_field.split("__")
    for name in path[:-1]:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # a way through keys only
    return bool(getattr(_field(model, path[-1]), "null", False))


def _field(model: type[models.Model], name: str) -> object | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
