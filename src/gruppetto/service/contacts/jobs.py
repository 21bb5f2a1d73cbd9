"""What the clock does in this room, and what the telephone is asked to do. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.staff.models import Staff
from gruppetto.service.contacts.models import Contact, Draft, TelephonyEvent
from gruppetto.service.contacts.ports import telephone
from gruppetto.service.contacts.privacy import DRAFT_DAYS, EVENT_DAYS
from gruppetto.service.contacts.states import TAKEN
from gruppetto.service.contacts.verbs import conclude_forgotten, stop_ringing, write_instead


@every("contacts.stop_ringing", "* * * * *")
def stop_what_rings() -> None:
    """A call whose end was never told is missed."""
    stop_ringing()


@every("contacts.conclude_forgotten", "*/10 * * * *")
def conclude_what_was_left() -> None:
    """A contact left open closes, and with it the person's record."""
    conclude_forgotten()


@every("contacts.forget", "40 2 * * *")
def forget() -> None:
    """Drafts and events of telephony are kept 30 days."""
    forget_what_is_old()


def forget_what_is_old() -> None:
    """Remove drafts and events of telephony beyond their time."""
    Draft.objects.filter(saved_at__lt=now() - timedelta(days=DRAFT_DAYS)).delete()
    TelephonyEvent.objects.filter(received_at__lt=now() - timedelta(days=EVENT_DAYS)).delete()


@job("contacts.write_instead")
def write_after_two_tries(subject_id: str, **fact: object) -> None:
    """A call back was given up: what follows is in writing."""
    write_instead(UUID(subject_id))


# A telephone that rings twice is worse than one that does not: tried once, the number stays on the screen.
@job("contacts.place_call", attempts=1)
def place_call(subject_id: str, **fact: object) -> None:
    """Have the number of an outgoing contact dialled."""
    dial(UUID(subject_id))


def dial(contact_id: UUID) -> None:
    """Ask the provider to dial the number of an outgoing contact that is still under way."""
    provider = telephone()
    contact = Contact.objects.filter(pk=contact_id, state=TAKEN, direction=Contact.Direction.OUT).first()
    if provider is not None and contact is not None:
        provider.place_call(contact.number)


@job("contacts.connect", attempts=1)
def connect(subject_id: str, about: dict[str, str], **fact: object) -> None:
    """Have a colleague's telephone brought into a call."""
    bring_telephone(UUID(subject_id), UUID(about["account"]))


def bring_telephone(contact_id: UUID, account_id: UUID) -> None:
    """Ask the provider to bring the telephone of a colleague into a call that is still under way."""
    provider = telephone()
    contact = Contact.objects.filter(pk=contact_id, state=TAKEN).exclude(call_id="").first()
    phone = Staff.objects.filter(account_id=account_id).values_list("phone", flat=True).first()
    if provider is not None and contact is not None and phone:
        provider.connect(contact.call_id, phone)
