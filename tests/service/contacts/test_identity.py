"""How sure we are of who speaks, in the contact: levels, three failures, the correspondent who knows them."""

from __future__ import annotations

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.facts import correspondent_first_name
from gruppetto.service.contacts.models import Contact
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled, published
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

SAID = {"électricité": "Enercoop", "téléphone": "Orange", "correspondant": "alice", "proche": "Paul"}


@pytest.fixture
def known(cast: Cast) -> None:
    """Facts that questions may be drawn from."""
    with as_owner():
        cast.jeanne.energy_provider, cast.jeanne.phone_provider = "Enercoop", "Orange"
        cast.jeanne.save(update_fields=["energy_provider", "phone_provider"])


def answer_all(contact: Contact, said: dict[str, str]) -> list[verbs.Answer]:
    """Ask, and answer each question by the word of ``said`` that it contains."""
    return [
        verbs.answer_identity(
            contact.pk,
            question.check_id,
            next((answer for word, answer in said.items() if word in question.text), "rien"),
        )
        for question in verbs.ask_identity(contact.pk)
    ]


def test_two_right_answers_lead_from_the_number_known_to_the_person_matched(
    cast: Cast, call: Contact, known: None
) -> None:
    with acting(cast.charlie.actor):
        assert verbs.choose_person(call.pk, cast.jeanne.pk).level == 1
        answers = answer_all(call, SAID)
    assert [(answer.match, answer.level) for answer in answers] == [(True, 1), (True, 2)]
    assert [(answer.failures, answer.blocked) for answer in answers] == [(0, False), (0, False)]
    assert journaled(call.pk).count("identity.level") == 2


def test_three_wrong_answers_bring_the_whole_call_to_level_zero_and_tell_the_supervisor(
    cast: Cast, call: Contact, known: None
) -> None:
    other = make.person("Martin", "Léa", within=cast.other, energy_provider="EDF", phone_provider="SFR")
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        assert answer_all(call, {})[-1].failures == 2
        verbs.choose_person(call.pk, other.pk)
        last = verbs.answer_identity(call.pk, verbs.ask_identity(call.pk)[0].check_id, "rien")
        assert (last.failures, last.blocked, last.level) == (3, True, 0)
        for person in (other, cast.jeanne):
            assert verbs.choose_person(call.pk, person.pk).level == 0
            with pytest.raises(Refused) as refusal:
                verbs.ask_identity(call.pk)
            assert refusal.value.code == "identity-blocked"
        owed = verbs.owe_call_back("safety", contact_id=call.pk)
    assert owed.number == "+33561000001"
    assert published("people.identity_failed") == [call.pk]


def test_a_relative_answers_for_themselves(cast: Cast, gateway: Actor, known: None) -> None:
    paul = make.person("Roux", "Paul", title="mr", subscriber_since=None, phone_provider="Free")
    make.phone(paul, STRANGERS)
    make.relative(cast.jeanne, paul, "son fils")
    ringing = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        assert verbs.choose_person(contact.pk, cast.jeanne.pk).level == 0
        assert verbs.choose_person(contact.pk, cast.jeanne.pk, paul.pk, "son fils").level == 1
        with pytest.raises(Refused) as refusal:
            verbs.ask_identity(contact.pk)
        assert refusal.value.code == "not-enough-facts"


def test_their_own_correspondent_vouches_on_record_and_nobody_else(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        with pytest.raises(Refused, match="Choisissez d’abord"):
            verbs.vouch(call.pk, "voice")
        verbs.choose_person(call.pk, cast.jeanne.pk)
        with pytest.raises(NotYours, match="Seul son correspondant"):
            verbs.vouch(call.pk, "voice")
        verbs.bring_in(call.pk)
    with acting(cast.alice.actor):
        with pytest.raises(NotYours):
            verbs.vouch(call.pk, "voice")
        verbs.join(call.pk)
        with pytest.raises(Refused, match="de vue ou à la voix"):
            verbs.vouch(call.pk, "intuition")
        assert verbs.vouch(call.pk, "voice").level == 3
    assert "identity.vouched" in journaled(call.pk)


def test_before_the_first_visit_even_the_correspondent_vouches_to_level_two(cast: Cast) -> None:
    new = make.person("Petit", "Ana", within=cast.portfolio, first_visit_on=None)
    with acting(cast.alice.actor):
        visit = verbs.visit("counter")
        verbs.choose_person(visit.pk, new.pk)
        assert verbs.vouch(visit.pk, "face").level == 2


def test_the_correspondents_first_name_is_a_fact_that_may_be_asked(cast: Cast) -> None:
    with acting(cast.alice.actor):
        assert correspondent_first_name(cast.jeanne) == "Alice"
        alone = make.person("Seul", "Luc", within=None)
        assert correspondent_first_name(alone) is None
