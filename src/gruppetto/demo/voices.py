"""Who is on the telephone, and what they would answer: the demo's people know themselves (owner role)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import connection

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import phones
from gruppetto.kernel.identifiers.dates import MONTHS
from gruppetto.kernel.identifiers.names import Kind
from gruppetto.registry.people.identity import Fact, declared_facts
from gruppetto.registry.people.models import IdentityCheck, Person, Phone, Relative
from gruppetto.service.catalogue.reads import kinds_in_force

FILE = "calls.json"


@dataclass(frozen=True)
class Voice:
    """Somebody who calls: ``number`` as one reads it, ``who`` they are, what they want, what they know."""

    number: str
    who: str
    wants: str = ""
    knows: Sequence[tuple[str, str]] = field(default_factory=tuple)


def answer_to(check_id: UUID) -> str:
    """What the person answers to a question drawn, as they would say it. Raises ``LookupError`` when they cannot."""
    with acting(themselves()):
        check = IdentityCheck.objects.get(pk=check_id)
        person = Person.objects.get(pk=check.person_id)
        for fact in declared_facts():
            if fact.code == check.fact and (said := fact.answer_of(person)):
                return said
    raise LookupError(f"nobody knows {check.fact}")


def themselves() -> Actor:
    """The functions that guard a record see who asks by their key: people see their own, the demo sees all."""
    return Actor.service("demo", settings.GRUPPETTO_SERVICE_KEY)


def voice_of(number: str | None, chance: Random) -> Voice:
    """The voice behind a number; several persons may have it, one of them speaks."""
    with acting(themselves()):
        return _voice_of(number, chance)


def _voice_of(number: str | None, chance: Random) -> Voice:
    wants = chance.choice(kinds_in_force(now())).label
    if number is None:
        return Voice("numéro caché", "Quelqu’un qui ne dit pas son nom", "Un renseignement")
    shown = phones.display(number)
    owners = list(Phone.objects.filter(number=number, ended_at=None).select_related("subject").order_by("id"))
    if not owners:
        return Voice(shown, "Quelqu’un que nous ne connaissons pas", "Un renseignement")
    person = chance.choice(owners).subject
    near = Relative.objects.filter(relative_id=person.pk, ended_on=None).select_related("subject").first()
    if near is not None and person.subscriber_since is None:
        return Voice(shown, f"{person.full_name} ({near.link} de {near.subject.full_name})", wants)
    return Voice(shown, person.full_name, wants, facts_of(person))


def facts_of(person: Person) -> tuple[tuple[str, str], ...]:
    """The questions of identity, with what the person answers to each (owner role)."""
    answers = ((fact, fact.answer_of(person)) for fact in declared_facts())
    return tuple((str(fact.question), _aloud(fact, said)) for fact, said in answers if said)


def _aloud(fact: Fact, said: str) -> str:
    """A month is kept by its number, and said by its name."""
    return MONTHS[int(said) - 1] if fact.kind is Kind.MONTH and said.isdecimal() else said


def write(folder: Path, voices: Sequence[Voice]) -> None:
    """Leave for the demo's door who is on the telephone now."""
    draft = folder / f"{FILE}.new"
    draft.write_text(json.dumps([asdict(voice) for voice in voices], ensure_ascii=False))
    draft.replace(folder / FILE)
    # The thread that calls keeps no connection between two calls.
    connection.close()


def read(folder: Path) -> list[Voice]:
    """Who is on the telephone now; nobody when no one plays."""
    try:
        return [Voice(**voice) for voice in json.loads((folder / FILE).read_text())]
    except FileNotFoundError:
        return []
