"""What the verbs share: a contact in the actor's own hands, its trace, and calls of the room's SQL functions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import human
from gruppetto.kernel.actors.memory import forget, know, known
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.journal import act
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.states import DONE, TAKEN, WRAPPING

SUBJECT = "contacts.contact"


def in_hand(contact_id: UUID) -> Contact:
    """The contact, locked, if the actor has it under way (1 query; none when this act has it locked already).

    Raises ``Unknown`` when they cannot see it, ``NotYours`` when a colleague has it, ``Refused`` when it is over.
    """
    contact = (
        known((Contact, contact_id)) or Contact.objects.select_for_update().filter(pk=contact_id).first()
    )
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    if contact.taken_by_id != human():
        raise NotYours(_("Ce contact n’est pas entre vos mains."), code="contact-not-yours")
    if contact.state == DONE:
        raise Refused(_("Ce contact est terminé."), code="contact-done")
    if contact.state not in (TAKEN, WRAPPING):
        raise Refused(_("Cet appel sonne chez un collègue. Reprenez-le d’abord."), code="contact-passed-on")
    return know((Contact, contact.pk), contact)


def change(contact: Contact, **fields: Any) -> Contact:
    """Write ``fields`` of a contact that is locked, and count its version."""
    changed = Contact.objects.filter(pk=contact.pk).update(version=F("version") + 1, **fields)
    if changed != 1:
        raise Unknown(_("Ce contact n’est plus dans votre périmètre."), code="contact-unknown")
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.version += 1
    return know((Contact, contact.pk), contact)


def trace(verb: str, contact: Contact, **body: object) -> None:
    """Write in the journal what was done with ``contact``."""
    act(
        verb,
        subject=(SUBJECT, contact.pk),
        person_id=contact.subject_id,
        portfolio_id=contact.portfolio_id,
        body=body,
    )


Argument = UUID | list[UUID] | datetime | None


def ask(function: str, *arguments: Argument) -> Any:
    """The single answer of one of the room's SQL functions (``take``, ``let_go``…); its name is ours, never typed."""
    answer = ask_each((function, *arguments))[0]
    forget()
    return answer


def ask_each(*calls: tuple[str, *tuple[Argument, ...]]) -> tuple[Any, ...]:
    """As ``ask``, several in turn in one query, of functions that leave the contact itself as it is."""
    places = ", ".join(f"contacts.{function}({', '.join(['%s'] * len(given))})" for function, *given in calls)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {places}", [value for _function, *given in calls for value in given])
        answers: tuple[Any, ...] = cursor.fetchone()
    return answers
