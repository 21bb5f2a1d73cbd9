"""Is the change ordered by the person, and how do we know? Asked by each verb that changes what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.errors import Refused
from gruppetto.registry.people.identity.levels import Order, allows


class Asked(TextChoices):
    """How we know that the person asks it, when no contact is under way with them."""

    FACE = "face", _("en face de moi")
    CALLED = "called", _("au téléphone : j’ai appelé un numéro vérifié")
    LETTER = "letter", _("par un courrier signé")
    OURS = "ours", _("elle n’a rien demandé : je corrige une erreur de notre part")


@dataclass(frozen=True, slots=True)
class Speech:
    """A contact that the actor has in hand about a person. ``by_another``: somebody else speaks for them."""

    contact_id: UUID
    level: int
    by_another: bool

    def allows(self, order: Order) -> bool:
        """May who speaks order that? For somebody else, never what needs the person confirmed."""
        return allows(self.level, order) and not self.by_another


SpeechWith = Callable[[UUID], Speech | None]
_speech_with: list[SpeechWith] = []


def declare_speech(with_whom: SpeechWith) -> None:
    """Declare how the contact in the actor's hands about a person is found: once, by the room of contacts.

    Raises ``ValueError`` the second time.
    """
    if _speech_with:
        raise ValueError("the contact in hand is found one way")
    _speech_with.append(with_whom)


def speech_with(person_id: UUID) -> Speech | None:
    """The contact that the actor has in hand about the person, if any (1 query)."""
    return next((found for find in _speech_with if (found := find(person_id))), None)


def ordered(person_id: UUID, order: Order, asked: str) -> dict[str, object]:
    """Make sure that the person may order this; what to write in the journal about how we know (1 query).

    In a contact its level decides, whatever is ``asked``. Outside, the human who acts says it (``Asked``); a job does
    what somebody decided before. Raises ``Refused``: identity-too-low, order-of-another, asked-how.
    """
    speech = speech_with(person_id)
    if speech is not None:
        if speech.by_another:
            raise Refused(
                _("Cela ne se change qu’avec la personne elle-même : proposez de la rappeler, elle."),
                code="order-of-another",
                facts={"contact": speech.contact_id},
            )
        if not speech.allows(order):
            raise Refused(
                _("Confirmez d’abord l’identité : à ce niveau, rien ne change dans la fiche."),
                code="identity-too-low",
                facts={"contact": speech.contact_id, "level": speech.level},
            )
        return {"contact": speech.contact_id, "level": speech.level}
    if current_actor().account_id is None:
        return {}
    if asked not in Asked.values:
        raise Refused(_("Dites comment la personne vous l’a demandé."), code="asked-how", field="asked")
    return {"asked": asked}
