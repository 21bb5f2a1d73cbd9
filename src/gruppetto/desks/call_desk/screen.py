"""The call screen: what it may show at the level of identity reached, and nothing else.

A template cannot leak what it is not given: the person's record is read here, and only what the level (and the rights
of a relative who speaks) lets be heard goes into ``Shown``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.call_desk.board import STATES
from gruppetto.desks.shared.deadlines import deadline
from gruppetto.desks.shared.looks import CHANNEL, INTERVENTION, Look
from gruppetto.kernel.actors import current_actor, human
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.registry.coverage.reads import Worker, today, worker_of
from gruppetto.registry.people import identity
from gruppetto.registry.people.identity.facts import fact
from gruppetto.registry.people.models import IdentityCheck, Need
from gruppetto.registry.people.reads import PersonCard, card, display_names
from gruppetto.service.catalogue.vocabulary import PersonFact
from gruppetto.service.contacts import reads
from gruppetto.service.contacts.models import CallBack, Contact, Draft
from gruppetto.service.contacts.standing import Standing
from gruppetto.service.contacts.states import TAKEN
from gruppetto.service.contacts.verbs.coding import CodeBox, code_box
from gruppetto.service.interventions.models import ACTIVE, Intervention, State
from gruppetto.service.interventions.reads import of_person
from gruppetto.service.notices.delays import announced

RESULTS: Mapping[str, Look] = {
    IdentityCheck.Result.MATCH: Look(gettext_lazy("La réponse correspond"), "good", "check-circle-fill"),
    IdentityCheck.Result.NO_MATCH: Look(gettext_lazy("La réponse ne correspond pas"), "danger", "x-circle"),
}


@dataclass(frozen=True)
class Help:
    """How to talk with the person, seen at every level; ``words``, what the need is, only once they are recognised."""

    need: Need
    words: str


@dataclass(frozen=True)
class Shown:
    """The person as the level lets the screen show them. ``facts``: (name, value) pairs of the record."""

    name: str
    helps: list[Help]
    has_word: bool
    near: list[tuple[UUID, str]]
    links: dict[UUID, str]
    born: str = ""
    place: str = ""
    phone: str = ""
    facts: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A control question of this contact; the answer on file is nowhere here."""

    check_id: UUID
    text: str
    result: Look | None


@dataclass(frozen=True)
class Request:
    """An intervention of the person, and what may be done with it from a call."""

    intervention: Intervention
    state: Look
    deadline: Look | None
    worker: str
    here: bool
    announced: datetime | None

    @property
    def to_confirm(self) -> bool:
        """Is there an answer that the person has not yet said yes to?"""
        return self.intervention.state in (State.ANSWERED, State.NOT_CONFIRMED)

    @property
    def waits(self) -> bool:
        """Does it wait for something that this contact may bring?"""
        return self.intervention.state in (State.WAITING_PERSON, State.WAITING_PAPER, State.WAITING_PROVIDER)

    @property
    def active(self) -> bool:
        """Is it still to be worked?"""
        return self.intervention.state in ACTIVE

    @property
    def reopens(self) -> bool:
        """Could the person come back on it?"""
        return self.intervention.state in (State.CONFIRMED, State.CLOSED)


@dataclass(frozen=True)
class Screen:
    """All that the call screen shows besides its forms."""

    page: reads.ContactPage
    standing: Standing
    state: Look
    channel: Look
    level: identity.Level
    person: Shown | None
    speaker: str
    asked: list[Asked]
    requests: list[Request]
    drafts: dict[str, dict[str, Any]]
    dialling: CallBack | None
    correspondent: bool
    code: CodeBox | None = None

    @property
    def contact(self) -> Contact:
        """The contact itself."""
        return self.page.contact

    @property
    def mine(self) -> bool:
        """May the one who looks write here?"""
        return self.standing.mine

    @property
    def talking(self) -> bool:
        """Is the conversation still going on, in one's own hands?"""
        return self.mine and self.contact.state == TAKEN

    @property
    def blocked(self) -> bool:
        """Were three answers wrong?"""
        return self.contact.failures >= identity.WRONG_ANSWERS

    @property
    def waiting(self) -> list[Asked]:
        """The questions that wait for their answer."""
        return [one for one in self.asked if one.result is None]

    @property
    def repeat(self) -> str:
        """The strongest repeat, in words; the matter itself is only named to who may hear of it."""
        if not self.page.repeats:
            return ""
        worst = max(self.page.repeats.values(), key=lambda repeat: repeat.rank)
        return worst.sentence

    @property
    def repeats(self) -> dict[str, str]:
        """The repeat of each reason, in words."""
        if not self.standing.may_hear:
            return {}
        return {code: repeat.sentence for code, repeat in self.page.repeats.items()}

    @property
    def history(self) -> list[reads.PastContact]:
        """Earlier contacts, for who may hear of them."""
        return self.page.history if self.standing.may_hear else []

    def channel_of(self, contact: Contact) -> Look:
        """How the channel of a contact is shown."""
        return CHANNEL[contact.channel]


def screen(contact_id: UUID) -> Screen:
    """Read the call screen: at most 12 queries of the contact, 5 of the person, 5 of its own. Raises ``Unknown``."""
    page = reads.contact_page(contact_id)
    contact = page.contact
    stands = Standing(contact, page.rights)
    known = card(contact.subject_id, look=False) if contact.subject_id else None
    worker = worker_of(known.portfolio_id, today()) if known else None
    return Screen(
        page=page,
        standing=stands,
        state=STATES[contact.state],
        channel=CHANNEL[contact.channel],
        level=identity.LEVELS[contact.level],
        person=_shown(known, worker, stands) if known else None,
        speaker=_speaker(contact, known),
        asked=_asked(contact, contact.caller_id or known.person.pk) if known else [],
        requests=_requests(known.person.pk, contact, stands) if known else [],
        drafts=drafts(contact_id),
        dialling=_dialling(contact),
        correspondent=worker is not None and worker.account_id == current_actor().account_id,
        code=code_box(contact) if stands.mine else None,
    )


def _shown(known: PersonCard, worker: Worker | None, stands: Standing) -> Shown:
    hear, hear_all, person = stands.may_hear, stands.may_hear_all, known.person
    facts: list[tuple[Any, Any]] = []
    if hear and worker:
        facts = [
            (_("Correspondant"), worker.name or worker.why),
            (_("Préfère"), person.get_preferred_channel_display()),
        ]
    if hear_all:
        facts += [
            (_("Domicile"), _place(known)),
            *((_("Téléphone"), f"{line.shown} ({_verified(line.verified_how)})") for line in known.phones),
            (_("Courriel"), person.email),
            *(
                (_("Proche"), f"{one.name}, {one.link} ({', '.join(one.rights_shown)})")
                for one in known.relatives
            ),
        ]
    return Shown(
        name=known.name,
        helps=[Help(need, need.words if hear else "") for need in known.needs],
        has_word=bool(person.chosen_word),
        # A relative's first name answers a control question: until then the link says enough.
        near=[
            (one.relative_id, f"{one.name} ({one.link})" if hear else _near(one.link, one.number))
            for one in known.relatives
        ],
        links={one.relative_id: one.link for one in known.relatives},
        born=_born(known) if hear_all else "",
        place=known.home.commune if hear and known.home else "",
        phone=known.main_phone.number if hear_all and known.main_phone else "",
        facts=facts,
    )


def _near(link: str, number: str) -> str:
    return f"{link} ({phones.mask(number)})" if number else link


def _place(known: PersonCard) -> str:
    home = known.home
    return f"{home.lines}, {home.postcode} {home.commune}" if home else ""


def _verified(how: str) -> str:
    return _("vérifié") if how else _("pas vérifié")


def _born(known: PersonCard) -> str:
    born = known.person.birth_date
    if born is None:
        return ""
    words = {"day": dates.day_text(born, year=True, weekday=False), "age": known.age}
    return _("%(day)s (%(age)s ans)") % words


def _speaker(contact: Contact, known: PersonCard | None) -> str:
    """Who speaks when it is not the person: by name, as the one who chose them said."""
    if contact.caller_id is None or known is None:
        return ""
    name = display_names([contact.caller_id]).get(contact.caller_id, "")
    return f"{name}, {contact.caller_link}" if contact.caller_link else name


def _asked(contact: Contact, speaker_id: UUID) -> list[Asked]:
    """The control questions of who speaks, in the order drawn, with what came of them (1 query)."""
    rows = list(
        IdentityCheck.objects.filter(contact_id=contact.pk, person_id=speaker_id).order_by("at", "id")
    )
    results = {row.question_id: row.result for row in rows if row.question_id}
    return [
        Asked(row.pk, str(known.question), RESULTS.get(results.get(row.pk, "")))
        for row in rows
        if row.result == IdentityCheck.Result.ASKED and (known := fact(row.fact))
    ]


def _requests(person_id: UUID, contact: Contact, stands: Standing) -> list[Request]:
    """Those opened in this very contact, which the person has just heard; all of them for who may hear (2 queries)."""
    rows = [row for row in of_person(person_id) if stands.may_hear or row.contact_id == contact.pk]
    later = announced(row.pk for row in rows)
    return [
        Request(
            row,
            INTERVENTION[row.state],
            deadline(row, now()),
            row.worker_name or "",  # type: ignore[attr-defined]  # given by of_person
            row.contact_id == contact.pk,
            later.get(row.pk),
        )
        for row in rows
    ]


def _dialling(contact: Contact) -> CallBack | None:
    """The call that we owe and that this outgoing contact is making (1 query, for outgoing ones)."""
    if contact.direction != Contact.Direction.OUT:
        return None
    return CallBack.objects.filter(
        held_by_id=contact.taken_by_id, number=contact.number, state=CallBack.State.DUE
    ).first()


def draft_key(contact_id: UUID, part: str = "") -> str:
    """Under which name the draft of one form of the screen is kept."""
    return f"contact:{contact_id}:{part}" if part else f"contact:{contact_id}"


def drafts(contact_id: UUID) -> dict[str, dict[str, Any]]:
    """What one was typing in the forms of this screen, by part (1 query)."""
    whole = draft_key(contact_id)
    rows = Draft.objects.filter(account_id=human(), form__startswith=whole)
    return {row.form.removeprefix(whole).removeprefix(":"): json.loads(row.fields) for row in rows}


def facts_to_compare(person_id: UUID, stands: Standing) -> dict[PersonFact, str]:
    """What a script's « renseignement déjà au dossier » is compared with, never read aloud (5 queries)."""
    if not stands.may_hear:
        return {}
    known = card(person_id, look=False)
    return {
        PersonFact.ADDRESS: _place(known),
        PersonFact.PHONE: known.main_phone.shown if known.main_phone else "",
        PersonFact.BIRTH_DATE: _born(known),
    }
