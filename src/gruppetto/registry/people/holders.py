"""The register of the tables that hold rows about a person: why, how long, how they end (RGPD article 30).

A lower floor never imports an upper one to reach its rows: each room declares its own models in its ``privacy.py``
and what happens to a person (moved to another portfolio, later merged or erased) goes through this register.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models

from gruppetto.kernel.access.rows import PersonRow, same_person
from gruppetto.kernel.actors.memory import forget

ERASURES = ("deleted", "blanked", "kept")


@dataclass(frozen=True)
class Holder:
    """A model with rows about a person, and what becomes of them.

    ``person_field``: the lookup that names the person. ``why``: what the rows are for, ``kept``: how long, both in
    French (the person reads them). ``days``: the same as a number after the event that ``kept`` names, None when
    they end with the person's record. ``erased``: "deleted" with the person, "blanked" (the fields of ``blank``
    emptied, the row stays) or "kept" (a proof that the law asks for).
    """

    model: type[models.Model]
    person_field: str
    why: object
    kept: object
    days: int | None
    erased: str
    blank: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Does a row follow its person into another portfolio? A journal entry or a grant stays what it was."""
        return issubclass(self.model, PersonRow)


_holders: dict[type[models.Model], Holder] = {}


def declare_rows(
    model: type[models.Model],
    person_field: str = "person_id",
    *,
    why: object,
    kept: object,
    days: int | None = None,
    erased: str = "deleted",
    blank: tuple[str, ...] = (),
) -> None:
    """Declare that ``model`` holds rows about a person; called once per model from its room's ``privacy.py``.

    Raises ``ValueError`` for a model declared twice, an unknown ending, or fields to blank that do not exist.
    """
    if model in _holders:
        raise ValueError(f"{model._meta.label} is declared twice")
    if erased not in ERASURES or (erased == "blanked") != bool(blank):
        raise ValueError(f"{model._meta.label}: rows end deleted, kept, or blanked with the fields to blank")
    for name in blank:
        model._meta.get_field(name)
    _holders[model] = Holder(model, person_field, why, kept, days, erased, blank)


def holders() -> tuple[Holder, ...]:
    """All declared models, in the order of their labels."""
    return tuple(sorted(_holders.values(), key=lambda holder: holder.model._meta.label_lower))


def undeclared() -> list[str]:
    """Labels of our models that hold a person and declare nothing: must be empty (consistency test)."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("gruppetto."))
    return sorted(model._meta.label for model in ours if holds_a_person(model) and model not in _holders)


def holds_a_person(model: type[models.Model]) -> bool:
    """Is there a person in this table: a row about one, or a column that names one?"""
    columns = {getattr(field, "attname", "") for field in model._meta.get_fields()}
    return issubclass(model, PersonRow) or "person_id" in columns


def move(person_id: UUID, portfolio_id: int) -> int:
    """Take all the rows about a person into another portfolio; called inside a verb. Returns how many moved.

    One statement per declared model; under row security the actor must have both portfolios in scope.
    """
    everywhere = same_person(person_id)
    forget()
    return sum(
        holder.model._default_manager.filter(**{f"{holder.person_field}__in": everywhere})
        .exclude(portfolio_id=portfolio_id)
        .update(portfolio_id=portfolio_id)
        for holder in holders()
        if holder.moves
    )
