"""Sylvie at her desk, with a little of everything in her queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, ProtectedRecord
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.verbs import prepare
from tests.service.conftest import Cast, cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, in_service, ring, tell

__all__ = ["cast"]


@pytest.fixture
def sylvie(cast: Cast) -> Client:
    """The supervisor's browser."""
    return cast.sylvie.signed_in.client()


@pytest.fixture
def request_of_jeanne(cast: Cast) -> Intervention:
    """A request of Jeanne's, confided to Alice."""
    return make.intervention(cast.jeanne, cast.alice)


@pytest.fixture
def paul(cast: Cast) -> Person:
    """A subscriber of Revel in no portfolio yet."""
    paul = make.person("Petit", "Paul")
    make.home(paul, make.commune())
    return paul


@pytest.fixture
def letter(cast: Cast) -> Message:
    """A letter prepared for Jeanne."""
    with acting(cast.sylvie.actor):
        return prepare(
            cast.jeanne.pk,
            kind="new-correspondent",
            key="test",
            channel="letter",
            facts={"day": "mardi 3 mai", "worker": "Bob", "reason": "Alice part à la retraite"},
        )


@dataclass(frozen=True)
class Line:
    """Calls on the stage."""

    waiting: LineCall
    missed: LineCall
    owed: CallBack
    unattached: Contact


@pytest.fixture
def line(cast: Cast) -> Line:
    """One call waits, one was missed and is owed a call back, one contact is nobody's."""
    with as_owner():
        return Line(
            waiting=_call("ringing"),
            missed=_call("missed"),
            owed=_owed(),
            unattached=_contact(cast.charlie.account.pk),
        )


def _call(state: str) -> LineCall:
    return LineCall.objects.create(
        contact_id=new_id(),
        line="main",
        masked="06 •• •• •• 78",
        recognition="known",
        state=state,
        rang_at=now(),
    )


def _owed() -> CallBack:
    key = new_id()
    return CallBack.objects.create(
        id=key, shelf=shelf_of(key), number="+33612345678", why="missed", due_at=now() - timedelta(minutes=1)
    )


def _contact(taken_by: UUID) -> Contact:
    key, at = new_id(), now()
    return Contact.objects.create(
        id=key,
        shelf=shelf_of(key),
        channel="phone",
        state="done",
        happened_at=at,
        number="+33698765432",
        taken_by_id=taken_by,
        taken_at=at,
        ended_at=at,
        concluded_at=at,
        summary="Demandait un taxi, a raccroché",
    )


@pytest.fixture
def doubted(cast: Cast) -> Contact:
    """Somebody said to be Jeanne and answered three questions wrongly."""
    gateway = in_service()
    with as_owner():
        cast.jeanne.energy_provider, cast.jeanne.phone_provider = "Enercoop", "Orange"
        cast.jeanne.save(update_fields=["energy_provider", "phone_provider"])
        other = make.person("Martin", "Léa", within=cast.other, energy_provider="EDF", phone_provider="SFR")
    ringing = ring(gateway)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        for person, asked in ((other, 2), (cast.jeanne, 1)):
            verbs.choose_person(contact.pk, person.pk)
            for question in verbs.ask_identity(contact.pk)[:asked]:
                verbs.answer_identity(contact.pk, question.check_id, "rien")
    return contact


@pytest.fixture
def given_up(cast: Cast) -> CallBack:
    """Nobody knows the number that called, and it never answered."""
    return in_vain(cast, STRANGERS)


def in_vain(cast: Cast, number: str) -> CallBack:
    """A call from ``number`` that nobody took, called back twice by Charlie without an answer."""
    missed = ring(in_service(), number)
    tell(in_service(), "missed", missed.call_id, number)
    with as_owner():
        owed = CallBack.objects.get(contact_id=missed.pk)
    with acting(cast.charlie.actor):
        for _each in range(2):
            owed = verbs.attempt_call_back(owed.pk, reached=False)
    return owed


@pytest.fixture
def alarm(cast: Cast) -> ProtectedRecord:
    """What Charlie heard from Jeanne, about nobody of ours."""
    return make_alarm(cast)


def make_alarm(cast: Cast, about: UUID | None = None) -> ProtectedRecord:
    """A protected record about Jeanne, perhaps about a colleague."""
    with as_owner():
        return ProtectedRecord.objects.create(
            person_id=cast.jeanne.pk,
            guide="scam-in-progress",
            words="On lui a demandé son code de carte.",
            written_by=cast.charlie.account.pk,
            about_account=about,
            **make.same_rows(cast.jeanne),
        )
