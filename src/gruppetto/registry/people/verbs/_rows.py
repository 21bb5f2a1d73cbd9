"""What the verbs of this room share: the row to change, locked; texts as typed, cleaned."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock, journal
from gruppetto.kernel.access.rows import SENTENCES
from gruppetto.kernel.actors.memory import forget
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import dates
from gruppetto.kernel.typed import written
from gruppetto.registry.people.models import Person

Row = TypeVar("Row", bound=models.Model)
MERGED = "a_merged_record_takes_nothing_more"


def locked_person(person_id: UUID) -> Person:
    """The person, locked until the act ends.

    Raises ``Unknown`` for a stranger as for nobody, ``Refused`` (person-merged) for a record merged into another.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans vos dossiers."), code="unknown-person")
    if person.merged_into is not None:
        raise Refused(SENTENCES[MERGED], code="person-merged")
    forget()
    return person


def locked(model: type[Row], row_id: UUID) -> Row:
    """One row about a person, locked until the act ends. Raises ``Unknown``."""
    row = model._default_manager.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise Unknown(_("Cette ligne n’est pas dans vos dossiers."), code="unknown-row")
    return row


def about(person: Person) -> dict[str, object]:
    """The columns that each row about a person copies from theirs, for a new row."""
    return {
        "person_id": person.pk,
        "shelf": person.shelf,
        "portfolio_id": person.portfolio_id,
        "department": person.department,
    }


def note(name: str, row: models.Model, person_id: UUID, portfolio_id: int, **body: object) -> None:
    """Write act ``name`` on ``row`` of this person to the journal."""
    journal.act(
        name,
        subject=(row._meta.label_lower, row.pk),
        person_id=person_id,
        portfolio_id=portfolio_id,
        body=body,
    )


def clean(typed: str, field: str, longest: int) -> str:
    """A short text as typed, spaces tidied. Raises ``Refused``: too-long, unreadable-characters."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} for character in text):
        raise Refused(
            _("Ce texte contient des signes illisibles."), code="unreadable-characters", field=field
        )
    return written(text, field, longest)


def needed(typed: str, field: str, longest: int) -> str:
    """As ``clean``, and not empty (Refused: empty)."""
    return written(clean(typed, field, longest), field, longest, _("Remplissez ce champ."))


def choice(value: str, choices: type[models.TextChoices], field: str) -> str:
    """``value`` if it is one of ``choices`` (Refused: unknown-choice)."""
    if value not in choices.values:
        raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field=field)
    return value


def past_day(typed: date | str | None, field: str) -> date:
    """A day that has come, as typed or as a date; today when nothing is said (Refused: date-…)."""
    today = clock.today()
    if typed is None or typed == "":
        return today
    day = dates.parse_date(typed, today, latest=today, field=field) if isinstance(typed, str) else typed
    if day > today:
        raise Refused(_("Cette date est dans l’avenir."), code="date-too-late", field=field)
    return day
