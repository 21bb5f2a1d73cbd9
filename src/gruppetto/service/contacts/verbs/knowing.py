"""Whom a contact is about, who speaks, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.actors.memory import forget, know, known
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.identifiers.names import readings
from gruppetto.kernel.journal import look
from gruppetto.kernel.outbox import publish
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.registry.people import identity
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.events import IDENTITY_FAILED
from gruppetto.registry.people.models import Person, Phone
from gruppetto.registry.people.reads import kept
from gruppetto.service.contacts import events
from gruppetto.service.contacts.models import CallBack, Contact, LineCall
from gruppetto.service.contacts.verbs.hands import SUBJECT, ask, ask_each, change, in_hand, trace
from gruppetto.service.contacts.verbs.noting import recount

UNKNOWN, CONFIRMED = 0, 3
KNOWN_BY = ("face", "voice")


@dataclass(frozen=True)
class Answer:
    """What an answer changed. ``blocked``: three were wrong; no other question in this contact, a call back instead."""

    match: bool
    level: int
    failures: int
    blocked: bool


@dataclass(frozen=True)
class Namesake:
    """A person found for the contact under way; enough to tell namesakes apart, no more."""

    person_id: UUID
    likeness: float
    name: str
    birth_year: int | None
    commune: str


@verb
def find_persons(
    contact_id: UUID, name: str, birth_date: date | None = None, postcode: str = ""
) -> list[Namesake]:
    """At most eight persons whose name is written like ``name``, then sounds like it, for the contact in hand.

    The search leaves a trace. Raises as ``in_hand``.
    """
    contact = in_hand(contact_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, likeness, name, birth_year, commune FROM contacts.find(%s, %s, %s, %s, %s)",
            [contact.pk, name[:200], birth_date, "".join(postcode.split())[:5], readings(name[:200])],
        )
        found = [Namesake(*row) for row in cursor.fetchall()]
    look("person.searched", subject=(SUBJECT, contact.pk))
    return found


@verb
def choose_person(
    contact_id: UUID, person_id: UUID, caller_id: UUID | None = None, link: str = ""
) -> Contact:
    """Say whom the contact is about and, when it is somebody else, who speaks and their ``link`` (« sa fille »).

    Both records open to the actor, with their trace; one opened by mistake closes at once. The level of identity is
    that of who speaks. Raises as ``in_hand``; ``Unknown`` for no such person.
    """
    contact = in_hand(contact_id)
    caller_id = None if caller_id == person_id else caller_id
    concerned = [person_id, *([caller_id] if caller_id else [])]
    ask_each(
        *(("open_person", contact.pk, one) for one in concerned), ("leave_others", contact.pk, concerned)
    )
    persons = Person.objects.in_bulk(concerned)
    if len(persons) < len(concerned):
        raise Unknown(_("Cette personne n’existe pas dans nos dossiers."), code="unknown-person")
    person, before = know((Person, person_id), persons[person_id]), contact.subject_id
    change(
        contact,
        person_id=person.pk,
        subject_id=person.pk,
        person_shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        caller_id=caller_id,
        caller_link=link.strip()[:60] if caller_id else "",
    )
    set_level(contact, persons[caller_id or person_id])
    if known((CallBack, contact.pk)) != ():
        CallBack.objects.filter(contact_id=contact.pk, state=CallBack.State.DUE).update(
            person_id=person.pk, portfolio_id=person.portfolio_id, department=person.department
        )
    recount(contact)
    trace("contact.person_chosen", contact, caller=caller_id, link=contact.caller_link, before=before)
    publish(events.PERSON_CHOSEN, contact.pk, portfolio_id=contact.portfolio_id)
    return contact


@verb
def new_person(
    contact_id: UUID, family_name: str, given_names: str = "", *, keep_number: bool = False, **facts: Any
) -> Person:
    """Add the person the contact is about, unknown until now; ``facts`` as ``people.add_person``.

    ``keep_number``: the number they call from is theirs. Raises as ``in_hand`` and ``people.add_person``.
    """
    contact, person_id = in_hand(contact_id), new_id()
    # Opened first: the row is then within sight of the one who writes it.
    ask("open_person", contact.pk, person_id)
    person = people.add_person(family_name, given_names, person_id=person_id, **facts)
    if keep_number and contact.number:
        people.first_phone(person, contact.number)
    choose_person(contact.pk, person.pk)
    return person


@verb
def new_caller(contact_id: UUID, name: str, link: str, *, keep_number: bool = False) -> Person:
    """Add who speaks for the person of the contact: a name as said, and their ``link``.

    Raises as ``in_hand``; ``Refused`` when nobody is chosen yet (nobody-chosen).
    """
    contact, caller_id = in_hand(contact_id), new_id()
    if contact.subject_id is None:
        raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
    ask("open_person", contact.pk, caller_id)
    caller = people.caller(name, contact.number if keep_number else "", person_id=caller_id)
    choose_person(contact.pk, contact.subject_id, caller.pk, link)
    return caller


@verb
def ask_identity(contact_id: UUID) -> list[identity.Question]:
    """Draw questions for who speaks; the agent reads them aloud and never sees the answers on file.

    Raises as ``in_hand`` and ``identity.draw``; ``Refused`` when nobody is chosen yet.
    """
    contact = in_hand(contact_id)
    refuse_if_blocked(contact)
    return identity.draw(speaker_of(contact).pk, contact.pk)


@verb
def answer_identity(contact_id: UUID, check_id: UUID, typed: str) -> Answer:
    """Judge what who speaks said. Three wrong answers: level 0 for the whole contact, and a call back to propose.

    Raises as ``in_hand`` and ``identity.judge``.
    """
    contact = in_hand(contact_id)
    speaker, confirmed = speaker_of(contact), contact.level == CONFIRMED
    match = identity.judge(check_id, typed, contact_id=contact.pk)
    if not match:
        change(contact, failures=contact.failures + 1)
        _tell_if_blocked(contact, speaker)
    set_level(contact, speaker, confirmed=confirmed)
    return Answer(match, contact.level, contact.failures, contact.failures >= identity.WRONG_ANSWERS)


@verb
def vouch(contact_id: UUID, how: str) -> Contact:
    """The person's own correspondent knows them, by ``how``: "face" or "voice"; on record. Level 3, within the ceiling.

    The correspondent has the contact in hand, or has joined the call. Raises ``NotYours`` for anybody else;
    ``Refused``: nobody-chosen, identity-blocked, caller-is-another (a relative is not the person).
    """
    if how not in KNOWN_BY:
        raise Refused(
            _("Dites si vous l’avez reconnue de vue ou à la voix."), code="unknown-choice", field="how"
        )
    if LineCall.objects.filter(pk=contact_id, joined_by_id=human()).exists():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    else:
        contact = in_hand(contact_id)
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans votre périmètre."), code="contact-unknown")
    person = speaker_of(contact)
    if contact.caller_id is not None:
        raise Refused(_("La personne qui parle n’est pas la personne suivie."), code="caller-is-another")
    if worker_of(person.portfolio_id, today()).account_id != human():
        raise NotYours(
            _("Seul son correspondant peut reconnaître la personne."), code="not-their-correspondent"
        )
    refuse_if_blocked(contact)
    trace("identity.vouched", contact, how=how)
    set_level(contact, person, confirmed=True)
    return contact


@verb
def see_failures(contact_id: UUID) -> None:
    """A supervisor has read that three answers were wrong. Raises ``Unknown``, ``TooLate`` (failures-seen)."""
    seen = Contact.objects.filter(
        pk=contact_id, failures__gte=identity.WRONG_ANSWERS, failures_seen_at=None
    ).update(failures_seen_by=human(), failures_seen_at=now())
    forget()
    contact = Contact.objects.filter(pk=contact_id, failures__gte=identity.WRONG_ANSWERS).first()
    if contact is None:
        raise Unknown(_("Ce contact n’est pas dans cette liste."), code="contact-unknown")
    if not seen:
        raise TooLate(_("Un collègue l’a déjà lu."), code="failures-seen")
    trace("identity.failures_seen", contact)
    publish(events.FAILURES_SEEN, contact.pk, portfolio_id=contact.portfolio_id)


def speaker_of(contact: Contact) -> Person:
    """Who speaks: the caller if it is another, else the person. Raises ``Refused`` (nobody-chosen)."""
    key = contact.caller_id or contact.subject_id
    speaker = kept([key]).get(key) if key else None
    if speaker is None:
        raise Refused(_("Choisissez d’abord la personne concernée."), code="nobody-chosen")
    return speaker


def set_level(contact: Contact, speaker: Person, *, confirmed: bool = False) -> None:
    """The level that this contact has reached for who speaks.

    The wrong answers kept with the contact count too: those about a person opened by mistake are out of sight.
    """
    known = bool(contact.number) and (
        Phone.objects.filter(subject_id=speaker.pk, number=contact.number, ended_at=None).exists()
    )
    level = identity.reached(speaker, contact.pk, number_known=known, confirmed=confirmed)
    if contact.failures >= identity.WRONG_ANSWERS:
        level = UNKNOWN
    if level != contact.level:
        trace("identity.level", contact, before=contact.level, level=level)
        change(contact, level=level)


def _tell_if_blocked(contact: Contact, speaker: Person) -> None:
    """Tell the supervisor of the third wrong answer when ``judge`` could not: some were about somebody else."""
    seen = identity.standing(speaker.pk, contact.pk).wrong
    if contact.failures == identity.WRONG_ANSWERS and seen < identity.WRONG_ANSWERS:
        publish(IDENTITY_FAILED, contact.pk, portfolio_id=speaker.portfolio_id, person=speaker.pk)


def refuse_if_blocked(contact: Contact) -> None:
    if contact.failures >= identity.WRONG_ANSWERS:
        raise Refused(
            _("Trois réponses ne vont pas : rappelez la personne sur un numéro vérifié."),
            code="identity-blocked",
        )
