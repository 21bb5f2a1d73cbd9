"""A code sent to a verified number and said again: who speaks is then confirmed (level 3)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import phones
from gruppetto.registry.people import identity
from gruppetto.registry.people.models import Phone
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.verbs.hands import in_hand
from gruppetto.service.contacts.verbs.knowing import (
    CONFIRMED,
    Answer,
    refuse_if_blocked,
    set_level,
    speaker_of,
)
from gruppetto.service.messages import codes
from gruppetto.service.messages.models import Code


@dataclass(frozen=True)
class CodeBox:
    """What the call screen offers: verified numbers of who speaks, masked, and the last code of the contact."""

    numbers: tuple[tuple[UUID, str, bool], ...]
    code: Code | None

    @property
    def waiting(self) -> bool:
        """May a code be typed?"""
        one = self.code
        return one is not None and one.state in codes.UNDER_WAY and one.tries < codes.MOST_TRIES


def code_box(contact: Contact) -> CodeBox | None:
    """What may be offered to confirm who speaks in ``contact``; None without a carrier or a number (2 queries)."""
    speaker_id = contact.caller_id or contact.subject_id
    if speaker_id is None or contact.level >= CONFIRMED or contact.failures >= identity.WRONG_ANSWERS:
        return None
    if not codes.carried():
        return None
    verified = Phone.objects.filter(subject_id=speaker_id, ended_at=None).exclude(verified_how="")
    numbers = tuple(
        (phone.pk, phones.mask(phone.number), codes.way_to(phone) == Code.How.VOICE)
        for phone in verified.order_by("-main", "id")
        if codes.way_to(phone)
    )
    return CodeBox(numbers, codes.current(contact.pk, speaker_id)) if numbers else None


@verb
def send_code(contact_id: UUID, phone_id: UUID) -> Code:
    """Have a code sent to a verified number of who speaks. Nobody here ever sees it.

    Raises as ``in_hand`` and ``codes.ask_code``; ``Refused``: nobody-chosen, identity-blocked, before-first-visit.
    """
    contact = in_hand(contact_id)
    refuse_if_blocked(contact)
    speaker = speaker_of(contact)
    if identity.ceiling(speaker) < CONFIRMED:
        raise Refused(
            _("Avant la première visite, un code ne suffit pas : posez les questions."),
            code="before-first-visit",
        )
    phone = Phone.objects.filter(pk=phone_id, subject_id=speaker.pk).first()
    if phone is None:
        raise Unknown(_("Ce numéro n’est pas celui de qui parle."), code="phone-unknown")
    return codes.ask_code(speaker, phone, contact.pk)


@verb
def answer_code(contact_id: UUID, typed: str) -> Answer:
    """Compare the code as who speaks says it: right, they are confirmed; wrong, one of three tries is spent.

    Raises as ``in_hand`` and ``codes.try_code``; ``Unknown`` when no code was sent to who speaks in this contact.
    """
    contact = in_hand(contact_id)
    refuse_if_blocked(contact)
    speaker = speaker_of(contact)
    code = codes.current(contact.pk, speaker.pk)
    if code is None:
        raise Unknown(_("Aucun code n’est parti dans ce contact."), code="code-unknown")
    right = codes.try_code(code.pk, typed)
    if right:
        set_level(contact, speaker, confirmed=True)
    return Answer(right, contact.level, contact.failures, blocked=False)
