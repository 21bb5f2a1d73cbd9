"""Which invented person plays each scenario, and what they know of themselves (owner role, when training starts)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from gruppetto.demo import names
from gruppetto.demo.voices import Voice, facts_of, themselves
from gruppetto.kernel.actors import acting
from gruppetto.kernel.identifiers import phones
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.people.models import Person, Phone, Relative
from gruppetto.training.scenarios import Caller, Scenario, scenarios

FILE = "cast.json"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Part:
    """``number``: as the telephone gives it, None when withheld; ``voice``: the sheet of the one who speaks."""

    number: str | None
    voice: Voice


def write(folder: Path) -> None:
    """Give each scenario to somebody else, and leave the sheets for the pages."""
    with acting(themselves()):
        parts = {one.code: asdict(_part(rank, one)) for rank, one in enumerate(scenarios().values())}
    draft = folder / f"{FILE}.new"
    draft.write_text(json.dumps(parts, ensure_ascii=False))
    draft.replace(folder / FILE)


def read(folder: Path) -> dict[str, Part]:
    """Who plays what; nobody when no training runs."""
    try:
        found = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return {}
    return {code: Part(one["number"], Voice(**one["voice"])) for code, one in found.items()}


def _part(rank: int, scenario: Scenario) -> Part:
    number: str | None
    if scenario.caller is Caller.STRANGER:
        number = names.mobile(names.STRANGERS + rank)
        return Part(number, _voice(scenario, number, "Quelqu’un que nous ne connaissons pas", ()))
    if scenario.caller is Caller.RELATIVE:
        near = Relative.objects.filter(ended_on=None, relative_id__in=_reached()).select_related("subject")
        link = _nth(near.order_by("id"), rank)
        numbers = Phone.objects.filter(subject_id=link.relative_id, ended_at=None).select_related("subject")
        phone = numbers.order_by("-main", "id")[0]
        who = f"{phone.subject.full_name} ({link.link} de {link.subject.full_name})"
        knows = [("Qui est la personne ?", link.subject.full_name), *_birth(link.subject)]
        return Part(phone.number, _voice(scenario, phone.number, who, knows))
    owners = Phone.objects.filter(ended_at=None, main=True, subject__subscriber_since__isnull=False)
    phone = _nth(owners.filter(subject__subscriber_until=None, subject__died_on=None).order_by("id"), rank)
    person = Person.objects.get(pk=phone.subject_id)
    knows = [("Quel est votre nom ?", person.full_name), *_birth(person), *facts_of(person)]
    number = None if scenario.caller is Caller.HIDDEN else phone.number
    return Part(number, _voice(scenario, number, person.full_name, knows))


def _reached() -> QuerySet[Any]:
    """Those who have a number and are no subscribers themselves."""
    return Phone.objects.filter(ended_at=None, subject__subscriber_since=None).values("subject_id")


def _nth(found: QuerySet[Row], rank: int) -> Row:
    """Another one for each scenario, as far as there are enough. Raises ``LookupError`` when there is none."""
    return list(found[: rank + 1])[-1]


def _voice(scenario: Scenario, number: str | None, who: str, knows: Iterable[tuple[str, str]]) -> Voice:
    shown = phones.display(number) if number else "numéro masqué"
    return Voice(shown, who, scenario.wants, [*scenario.answers, *knows])


def _birth(person: Person) -> list[tuple[str, str]]:
    if person.birth_date is None:
        return []
    return [("Quelle est votre date de naissance ?", day_text(person.birth_date, year=True, weekday=False))]
