"""What the tests of contacts share: telephony in service, a call in Charlie's hands."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F

from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox.models import Fact
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.verbs import take
from tests.service.conftest import Cast
from tests.support.database import as_owner
from tests.support.telephony import in_service, ring


@pytest.fixture
def gateway(db: None) -> Actor:
    return in_service()


@pytest.fixture
def call(cast: Cast, gateway: Actor) -> Contact:
    """Jeanne's number calls, Charlie takes it."""
    ringing = ring(gateway)
    with acting(cast.charlie.actor):
        return take(ringing.pk)


def journaled(subject_id: UUID) -> list[str]:
    """The verbs written about a thing, in order."""
    with as_owner():
        entries = Entry.objects.filter(subject_id=subject_id).order_by("recorded_at", "id")
        return list(entries.values_list("verb", flat=True))


def published(topic: str) -> list[UUID | None]:
    """The subjects of the facts of a topic."""
    with as_owner():
        return list(
            Fact.objects.filter(topic=topic).order_by("written_at", "id").values_list("subject_id", flat=True)
        )


def pass_time(contact: Contact, minutes: int) -> None:
    """Let ``minutes`` pass for the rights that a contact gives and for its end (the database's clock cannot be set)."""
    gone = timedelta(minutes=minutes)
    with as_owner():
        Grant.objects.filter(source=f"contact:{contact.pk}").update(until=F("until") - gone)
        Contact.objects.filter(pk=contact.pk).update(
            ended_at=F("ended_at") - gone, concluded_at=F("concluded_at") - gone
        )
