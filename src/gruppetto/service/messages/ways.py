"""How a person may be reached in writing now: consent, coordinate, what still answers, and who carries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gruppetto.registry.people.models import Address, Channel, Consent, Person, Phone
from gruppetto.service.messages.models import DeadEnd
from gruppetto.service.messages.ports import carrier, printer

# After the one they prefer: what arrives at once before what takes days.
ORDER = (Channel.SMS, Channel.EMAIL, Channel.LETTER)


@dataclass(frozen=True)
class Way:
    """A channel and where it leads: E.164 number, address of courriel, or the lines of a postal address."""

    channel: str
    recipient: str


def carried(channel: str) -> bool:
    """Does the platform send by this channel by itself?"""
    return printer() is not None if channel == Channel.LETTER else carrier(channel) is not None


def ways_of(person: Person, wanted: str) -> list[Way]:
    """The ways that may be used for a message, ``wanted`` first (4 queries). Each needs its consent.

    A landline never receives an SMS. Whoever prefers the telephone has heard it there: what is written comes beside.
    """
    if person.died_on is not None:
        return []
    consents = set(
        Consent.objects.filter(subject_id=person.pk, withdrawn_on=None).values_list("purpose", flat=True)
    )
    dead = set(
        DeadEnd.objects.filter(subject_id=person.pk, ended_at=None).values_list("channel", "coordinate")
    )
    found = [
        Way(channel, recipient)
        for channel, recipient in (
            *((Channel.SMS, number) for number in _mobiles(person.pk)),
            (Channel.EMAIL, person.email),
            (Channel.LETTER, _postal(person)),
        )
        if recipient and channel in consents and carried(channel) and (channel, recipient) not in dead
    ]
    rank = {channel: position for position, channel in enumerate(ORDER)}
    return sorted(found, key=lambda way: (way.channel != wanted, rank[Channel(way.channel)]))


def in_writing(person: Person) -> str:
    """The written channel they prefer and consented to, else a letter (1 query)."""
    wanted = person.preferred_channel
    agreed = Consent.objects.filter(subject_id=person.pk, purpose=wanted, withdrawn_on=None)
    return wanted if wanted in ORDER and agreed.exists() else Channel.LETTER


def _mobiles(person_id: UUID) -> list[str]:
    numbers = Phone.objects.filter(subject_id=person_id, kind=Phone.Kind.MOBILE, ended_at=None)
    return list(numbers.order_by("-main", "id").values_list("number", flat=True))


def _postal(person: Person) -> str:
    """The address where mail is wanted, else the home, as an envelope has it."""
    homes = Address.objects.filter(subject_id=person.pk, until=None).select_related("commune")
    where = min(homes, key=lambda home: home.kind != Address.Kind.MAIL, default=None)
    if where is None:
        return ""
    return "\n".join(
        [person.full_name, *where.lines.splitlines()[:4], f"{where.postcode} {where.commune.name}"]
    )
