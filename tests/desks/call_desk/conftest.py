"""What the tests of the call desk share: browsers signed in, a call of Jeanne's that rings, or in Charlie's hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.registry.people.models import Need
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import Contact
from tests.service.conftest import Cast, cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import in_service, ring

__all__ = ["cast"]

# What control questions may be drawn from, and what Jeanne answers.
SAID = {
    "électricité": "Enercoop",
    "téléphone": "Orange",
    "mot": "mésange",
    "correspondant": "Alice",
    "proche": "Paul",
    "demande": "Refaire une carte Vitale",
}


@dataclass(frozen=True)
class Desk:
    """One browser on one contact: ``at("motifs")`` is the address of a form of its screen."""

    client: Client
    contact_id: UUID

    def at(self, part: str = "") -> str:
        """An address under the contact's."""
        return f"/plate-forme/contacts/{self.contact_id}/{part}"

    def see(self, part: str = "", status: int = 200) -> str:
        """The page, as its text."""
        page = self.client.get(self.at(part))
        assert page.status_code == status, page.content.decode()[:2000]
        return page.content.decode()

    def send(self, part: str, status: int = 303, **typed: object) -> str:
        """Send a form; the text of what comes back."""
        page = self.client.post(self.at(part), typed)
        assert page.status_code == status, (page.status_code, page.content.decode()[:3000])
        return page.content.decode()

    def contact(self) -> Contact:
        """The contact as it is now."""
        with as_owner():
            return Contact.objects.get(pk=self.contact_id)


@pytest.fixture
def gateway(db: None) -> Actor:
    return in_service()


@pytest.fixture
def facts(cast: Cast) -> None:
    """Jeanne's record: facts to ask for, a word, what helps her."""
    jeanne = cast.jeanne
    with as_owner():
        jeanne.energy_provider, jeanne.phone_provider, jeanne.chosen_word = "Enercoop", "Orange", "mésange"
        jeanne.save(update_fields=["energy_provider", "phone_provider", "chosen_word"])
        Need.objects.create(
            person=jeanne,
            kind=Need.Kind.HEARING,
            words="Sourde de l’oreille gauche depuis 2019",
            helps="Parler lentement",
            frightens="Les silences",
            source="elle-même",
            noted_on="2026-01-12",
            review_on="2027-01-12",
            **make.same_rows(jeanne),
        )


@pytest.fixture
def ringing(cast: Cast, facts: None, gateway: Actor) -> Contact:
    """Jeanne's number calls."""
    return ring(gateway)


@pytest.fixture
def call(cast: Cast, ringing: Contact) -> Desk:
    """Charlie has taken Jeanne's call; nobody is chosen yet."""
    with acting(cast.charlie.actor):
        verbs.take(ringing.pk)
    return Desk(cast.charlie.signed_in.client(), ringing.pk)


@pytest.fixture
def chosen(cast: Cast, call: Desk) -> Desk:
    """The call is about Jeanne, known by her number only (level 1)."""
    with acting(cast.charlie.actor):
        verbs.choose_person(call.contact_id, cast.jeanne.pk)
    return call


@pytest.fixture
def matched(cast: Cast, chosen: Desk) -> Desk:
    """Jeanne answered two questions rightly (level 2)."""
    answer_rightly(cast, chosen)
    return chosen


def answer_rightly(cast: Cast, desk: Desk) -> None:
    """Two questions, two right answers."""
    with acting(cast.charlie.actor):
        for question in verbs.ask_identity(desk.contact_id):
            said = next(answer for word, answer in SAID.items() if word in question.text)
            assert verbs.answer_identity(desk.contact_id, question.check_id, said).match


def script_of(kind: str) -> dict[str, Any]:
    """The script of a kind, filled as an agent types it."""
    with as_owner():
        return {f"q-{name}": str(value) for name, value in make.answers(kind_in_force(kind, now())).items()}
