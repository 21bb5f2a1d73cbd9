"""What who speaks may hear and ask in a contact."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.access.rows import records_of
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.registry.people import identity
from gruppetto.registry.people.models import Relative
from gruppetto.service.contacts.models import Contact, LineCall
from gruppetto.service.contacts.states import TAKEN, WRAPPING

NOT_HEARD = gettext_lazy("Confirmez d’abord l’identité : à ce niveau, rien de personnel ne se dit.")
NOT_ASKED = gettext_lazy("La personne n’a pas donné à ce proche le droit de demander pour elle.")


@dataclass(frozen=True)
class Standing:
    """What who speaks may hear and ask in a contact: their level, and their rights when they are a relative."""

    contact: Contact
    rights: tuple[str, ...] | None

    @property
    def mine(self) -> bool:
        """Is the contact in the hands of the one who looks?"""
        return self.contact.taken_by_id == current_actor().account_id and self.contact.state in (
            TAKEN,
            WRAPPING,
        )

    @property
    def may_hear(self) -> bool:
        """May the person's requests be spoken of?"""
        return identity.may_hear(self.contact.level, identity.Hearing.OWN_REQUESTS) and self._has(
            Relative.Right.SEE
        )

    @property
    def may_hear_all(self) -> bool:
        """May everything in the record be spoken of?"""
        return identity.may_hear(self.contact.level, identity.Hearing.EVERYTHING) and self.rights is None

    def may_order(self, level: int) -> bool:
        """May they order what needs ``level``? Help with what they say themselves needs no right."""
        return self.contact.level >= level and (level == 0 or self._has(Relative.Right.ASK))

    def _has(self, right: str) -> bool:
        return self.rights is None or right in self.rights

    def check_hearing(self) -> None:
        """Raise ``Refused`` (identity-too-low) when the person's requests may not be spoken of."""
        if not self.may_hear:
            raise Refused(NOT_HEARD, code="identity-too-low", facts={"level": self.contact.level})

    def check_order(self, level: int) -> None:
        """Raise ``Refused`` (relative-may-not-ask) when a relative orders without the right to ask.

        The level itself is judged by the verb.
        """
        if level and not self._has(Relative.Right.ASK):
            raise Refused(NOT_ASKED, code="relative-may-not-ask", facts={"contact": self.contact.pk})


def standing(contact_id: UUID) -> Standing:
    """Who may hear what in a contact in one's hands (2 queries). Raises ``NotYours`` for another's contact."""
    contact = Contact.objects.filter(pk=contact_id).first()
    found = Standing(contact, rights_of(contact)) if contact else None
    if found is None or not found.mine:
        raise NotYours(_("Ce contact n’est pas entre vos mains."), code="contact-not-yours")
    return found


def rights_of(contact: Contact) -> tuple[str, ...] | None:
    """What the person lets the caller do; None when they speak for themselves (1 query)."""
    if contact.caller_id is None or contact.subject_id is None:
        return None
    found = Relative.objects.filter(
        subject_id=contact.subject_id, relative_id__in=records_of(contact.caller_id), ended_on=None
    ).values_list("rights", flat=True)
    return tuple(found.first() or ())


def speech_with(person_id: UUID) -> identity.Speech | None:
    """The last contact that the actor took or joined with this person and has not concluded (1 query).

    Who speaks for another is nobody's own voice but their own: a relative changes their own record, not the person's.
    """
    me = current_actor().account_id
    if me is None:
        return None
    joined = LineCall.objects.filter(joined_by_id=me).values("contact_id")
    mine = Contact.objects.filter(Q(taken_by_id=me) | Q(pk__in=joined), state__in=(TAKEN, WRAPPING))
    found = mine.filter(Q(subject_id=person_id) | Q(caller_id__in=records_of(person_id))).order_by(
        "-taken_at"
    )
    contact = found.first()
    if contact is None:
        return None
    another = contact.subject_id == person_id and contact.caller_id is not None
    return identity.Speech(contact.pk, contact.level, another)


identity.declare_speech(speech_with)
