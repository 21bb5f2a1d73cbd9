"""The person's own record: added once, corrected with what was before kept by the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, TooLate
from gruppetto.kernel.identifiers import dates, new_id, shelf_of
from gruppetto.kernel.identifiers.names import phonetic_key, sounds_of
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.levels import Order
from gruppetto.registry.people.identity.orders import ordered
from gruppetto.registry.people.models import Channel, Person
from gruppetto.registry.people.names import read_name
from gruppetto.registry.people.verbs._rows import choice, clean, locked_person, needed, note, past_day
from gruppetto.registry.people.verbs.phones import first_phone


def clean_email(typed: str) -> str:
    """An e-mail address, or an empty text (Refused: wrong-email)."""
    text = clean(typed, "email", 254).lower()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise Refused(
            _("Cette adresse de courriel n’est pas complète."), code="wrong-email", field="email"
        ) from None
    return text


def clean_language(typed: str) -> str:
    """A language tag: ``fr``, ``pt``, ``zh-CN`` (Refused: unknown-choice)."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", typed) or len(typed) > 5:
        raise Refused(_("Choisissez dans la liste."), code="unknown-choice", field="language")
    return typed


def clean_birth_date(typed: date | str | None) -> date | None:
    """A birth date as typed or as a date, None for an empty one (Refused: date-…)."""
    if typed is None or typed == "":
        return None
    text = typed if isinstance(typed, str) else typed.isoformat()
    return dates.parse_birth_date(text, clock.today(), field="birth_date")


def _name(field: str) -> Callable[[str], str]:
    return lambda typed: clean(typed, field, 120)


CLEANERS: Mapping[str, Callable[[Any], object]] = {
    "title": lambda value: choice(value, Person.Title, "title"),
    "given_names": _name("given_names"),
    "family_name": lambda typed: needed(typed, "family_name", 120),
    "usage_name": _name("usage_name"),
    "birth_date": clean_birth_date,
    "died_on": lambda typed: past_day(typed, "died_on") if typed else None,
    "language": clean_language,
    "preferred_channel": lambda value: choice(value, Channel, "preferred_channel"),
    "email": clean_email,
    "energy_provider": _name("energy_provider"),
    "phone_provider": _name("phone_provider"),
    "protected": bool,
}


@verb
def add_person(
    family_name: str,
    given_names: str = "",
    *,
    portfolio_id: int = UNASSIGNED,
    person_id: UUID | None = None,
    department: str = "",
    **facts: Any,
) -> Person:
    """Add a person; ``facts``: other fields of ``CLEANERS``, as typed.

    Names are kept as given; their keys for searching are derived. ``person_id``: the identifier to take, when a
    contact has opened it to the one who adds. Raises ``Refused`` with the field concerned.
    """
    key = person_id or new_id()
    person = Person(id=key, shelf=shelf_of(key), portfolio_id=portfolio_id, department=department)
    _set(person, {"family_name": family_name, "given_names": given_names, **facts})
    person.save(force_insert=True)
    note("person.added", person, key, portfolio_id)
    publish(events.ADDED, key, portfolio_id=portfolio_id)
    return person


@verb
def caller(
    name: str, number: str = "", *, person_id: UUID | None = None, portfolio_id: int = UNASSIGNED
) -> Person:
    """The least one knows of somebody who calls for another: a name as said, the number they call from."""
    read = read_name(name)
    person = add_person(
        read.family_name, read.given_names, title=read.title, person_id=person_id, portfolio_id=portfolio_id
    )
    if number:
        first_phone(person, number)
    return person


@verb
def correct_person(person_id: UUID, *, version: int | None = None, asked: str = "", **facts: Any) -> Person:
    """Change fields of ``CLEANERS``, as typed. ``version``: the one the user saw; ``asked``: as ``ordered``.

    Raises as ``ordered``; ``TooLate`` when somebody else changed the record since (person-changed).
    """
    person = locked_person(person_id)
    if version is not None and version != person.version:
        raise TooLate(
            _("Cette fiche vient d’être modifiée par quelqu’un d’autre : relisez-la, puis recommencez."),
            code="person-changed",
        )
    how = ordered(person_id, Order.CHANGE_DETAILS, asked)
    changed = _set(person, facts)
    if changed:
        person.version += 1
        person.save(update_fields=[*changed, "phonetic_key", "sounds", "version"])
        person.refresh_from_db(fields=["name_key", "sort_key"])
        note("person.corrected", person, person.pk, person.portfolio_id, fields=changed, **how)
        publish(events.CHANGED, person.pk, portfolio_id=person.portfolio_id)
    return person


@verb
def verify_email(person_id: UUID, *, holds: bool = True) -> Person:
    """The person says that the address on file is theirs; or it does not hold (what was sent there came back).

    Raises ``Refused`` (what-is-verified-is-an-address) when there is none.
    """
    person = locked_person(person_id)
    if not person.email:
        raise Refused(
            _("Il n’y a pas de courriel à vérifier dans cette fiche."), code="what-is-verified-is-an-address"
        )
    person.email_verified_at = clock.now() if holds else None
    person.save(update_fields=["email_verified_at"])
    note("email.verified", person, person.pk, person.portfolio_id, holds=holds)
    publish(events.CHANGED, person.pk, portfolio_id=person.portfolio_id)
    return person


@verb
def note_visit(person_id: UUID, on: date | str | None = None) -> Person:
    """Note that we visited the person at home: the first visit lifts the ceiling of their identity level."""
    person, day = locked_person(person_id), past_day(on, "on")
    person.first_visit_on = min(filter(None, (person.first_visit_on, day)))
    person.last_visit_on = max(filter(None, (person.last_visit_on, day)))
    person.save(update_fields=["first_visit_on", "last_visit_on"])
    note("person.visited", person, person.pk, person.portfolio_id, on=day.isoformat())
    return person


@verb
def set_subscription(person_id: UUID, since: date, until: date | None = None) -> Person:
    """Write the dates of the subscription on the record, for those who only need to know whether there is one."""
    person = locked_person(person_id)
    person.subscriber_since, person.subscriber_until = since, until
    person.save(update_fields=["subscriber_since", "subscriber_until"])
    note("person.subscribed", person, person.pk, person.portfolio_id, since=since, until=until)
    publish(events.CHANGED, person.pk, portfolio_id=person.portfolio_id)
    return person


def _set(person: Person, facts: Mapping[str, Any]) -> list[str]:
    """Put cleaned facts on the person; the names of the fields that changed."""
    if stray := facts.keys() - CLEANERS.keys():
        raise ValueError(f"not a fact of a person: {', '.join(sorted(stray))}")
    changed = []
    for field, typed in facts.items():
        value = CLEANERS[field](typed)
        if getattr(person, field) != value:
            setattr(person, field, value)
            changed.append(field)
    if "email" in changed and person.email_verified_at is not None:
        person.email_verified_at = None
        changed.append("email_verified_at")
    person.phonetic_key = phonetic_key(person.family_name)
    person.sounds = sounds_of(person.given_names, person.family_name, person.usage_name)
    return sorted(changed)
