"""Calls we owe: from missed calls, promises, identities not confirmed; tried twice, never by two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import CallBack, Contact
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled, published
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import JEANNES, STRANGERS, ring, tell

pytestmark = pytest.mark.django_db


def missed(gateway: Actor, number: str = STRANGERS) -> Contact:
    """A call that nobody took."""
    return tell(gateway, "missed", ring(gateway, number).call_id, number)


def test_a_missed_call_is_owed_at_once_masked_and_once_per_number(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    missed(gateway)
    missed(gateway, JEANNES)
    with acting(cast.charlie.actor):
        assert [(one.shown, one.calls, one.why_not) for one in reads.call_backs_due()] == [
            ("06 •• •• •• 42", 2, ""),
            ("05 •• •• •• 01", 1, ""),
        ]


def test_a_withheld_number_cannot_be_called_back_and_says_so(cast: Cast, gateway: Actor) -> None:
    call = missed(gateway, "")
    with acting(cast.charlie.actor):
        (line,) = reads.call_backs_due()
        assert (line.call_back, line.shown) == (None, "numéro caché")
        assert line.why_not == "Le numéro était caché : on ne peut pas rappeler cette personne."
        assert [row.shown for row in reads.missed(now() - timedelta(hours=1))] == ["numéro caché"]
    ringing = ring(gateway, "")
    with acting(cast.charlie.actor):
        verbs.take(ringing.pk)
        with pytest.raises(Refused) as refusal:
            verbs.owe_call_back("promised", contact_id=ringing.pk)
    assert (refusal.value.code, call.number) == ("number-withheld", "")


def test_the_second_try_that_fails_is_the_last_and_is_told(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    with acting(cast.charlie.actor):
        owed = reads.call_backs_due()[0].call_back
        assert owed is not None
        first = verbs.attempt_call_back(owed.pk, reached=False)
        assert (first.state, first.attempts) == ("due", 1)
        assert first.due_at > now() + timedelta(hours=3)
        assert reads.call_backs_due() == []
        second = verbs.attempt_call_back(owed.pk, reached=False)
        assert (second.state, second.attempts) == ("given_up", 2)
        with pytest.raises(Refused, match="abandonné"):
            verbs.attempt_call_back(owed.pk, reached=True)
    assert published("call_back.given_up") == [owed.pk]
    assert journaled(owed.pk) == ["call_back.attempted", "call_back.attempted"]


def test_whoever_is_reached_needs_no_other_call_back(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    missed(gateway)
    with acting(cast.charlie.actor):
        owed = reads.call_backs_due()[0].call_back
        assert owed is not None
        contact = verbs.start_call_back(owed.pk)
        assert (contact.direction, contact.number, contact.state) == ("out", STRANGERS, "taken")
        verbs.attempt_call_back(owed.pk, reached=True)
        assert reads.call_backs_due() == []
    with as_owner():
        assert list(CallBack.objects.values_list("state", flat=True)) == ["done", "done"]


def test_whoever_calls_again_and_is_answered_is_not_called_back(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    again = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        verbs.take(again.pk)
        assert reads.call_backs_due() == []


def test_whoever_calls_after_our_try_was_asked_by_us(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    with acting(cast.charlie.actor):
        owed = reads.call_backs_due()[0].call_back
        assert owed is not None
        verbs.attempt_call_back(owed.pk, reached=False)
    again = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        assert verbs.take(again.pk).asked_by_us


def test_a_call_being_dialled_is_held_by_name(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    with acting(cast.charlie.actor):
        owed = reads.call_backs_due()[0].call_back
        assert owed is not None
        verbs.start_call_back(owed.pk)
    with acting(cast.bob.actor):
        assert [one.held_by for one in reads.call_backs_due()] == ["Charlie"]
        with pytest.raises(TooLate, match="Charlie rappelle déjà"):
            verbs.start_call_back(owed.pk)


def test_a_promise_to_a_person_is_their_correspondents(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        when = now() + timedelta(hours=2)
        owed = verbs.owe_call_back("promised", contact_id=call.pk, number="05 61 00 00 01", due_at=when)
        assert verbs.owe_call_back("promised", contact_id=call.pk, due_at=when).pk == owed.pk
        with pytest.raises(Refused):
            verbs.owe_call_back("promised", contact_id=call.pk, number="zéro six")
        with pytest.raises(Refused):
            verbs.owe_call_back("envie", contact_id=call.pk)
    with acting(cast.bob.actor):
        assert reads.call_backs_due(now() + timedelta(days=1)) == []
        with pytest.raises(Unknown):
            verbs.start_call_back(owed.pk)
    with acting(cast.alice.actor):
        assert [one.shown for one in reads.call_backs_due(now() + timedelta(days=1))] == ["05 •• •• •• 01"]
        contact = verbs.start_call_back(owed.pk)
        assert (contact.person_id, contact.level) == (cast.jeanne.pk, 1)
    assert published("call_back.due") == [owed.pk]


def test_an_identity_not_confirmed_is_called_back_on_a_verified_number_only(
    cast: Cast, call: Contact
) -> None:
    lea = make.person("Martin", "Léa", within=cast.other)
    make.phone(lea, "+33639980009")
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, lea.pk)
        for number in ("", "06 39 98 00 09"):
            with pytest.raises(Refused) as refusal:
                verbs.owe_call_back("safety", contact_id=call.pk, number=number)
            assert refusal.value.code == "no-verified-number"
