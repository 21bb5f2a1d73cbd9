"""Calls we owe: from missed calls, promises, identities not confirmed; tried twice, never by two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import CallBack, Contact, Draft
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
        assert line.why_not == "Le numéro était caché : on ne peut pas rappeler cette personne."
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


def owed_for_an_answer(cast: Cast) -> CallBack:
    """Jeanne has an answer that nobody has read to her yet."""
    opened = make.intervention(cast.jeanne, cast.alice)
    with acting(Actor.job("test")), as_owner():
        return verbs.owe_call_back("confirm", person_id=cast.jeanne.pk, intervention_id=opened.pk)


def test_an_agent_sees_the_calls_owed_for_an_answer_without_a_name_nor_a_number(cast: Cast) -> None:
    owed = owed_for_an_answer(cast)
    with acting(cast.charlie.actor):
        (line,) = reads.call_backs_due()
        assert line.call_back is not None
        assert (line.shown, line.call_back.pk, line.call_back.why) == ("05 •• •• •• 01", owed.pk, "confirm")
        assert (line.call_back.number, line.call_back.person_id) == ("", None)
        assert reads.call_backs_owed() == 1
        assert not CallBack.objects.exists()
    # Another correspondent owes what is owed in their portfolios.
    with acting(cast.bob.actor):
        assert reads.call_backs_due() == []
        with pytest.raises(Unknown):
            verbs.start_call_back(owed.pk)


def test_dialling_a_call_owed_opens_the_person_to_one_agent_like_a_call(cast: Cast) -> None:
    owed = owed_for_an_answer(cast)
    dana = make.colleague("Dana", "agent")
    with acting(cast.charlie.actor):
        contact = verbs.start_call_back(owed.pk)
        assert (contact.person_id, contact.number) == (cast.jeanne.pk, JEANNES)
        assert cast.jeanne.pk in set(type(cast.jeanne).objects.values_list("pk", flat=True))
    with acting(dana.actor):
        assert [one.held_by for one in reads.call_backs_due()] == ["Charlie"]
        assert not type(cast.jeanne).objects.exists()
        with pytest.raises(TooLate, match="Charlie rappelle déjà cette personne"):
            verbs.start_call_back(owed.pk)
    with acting(cast.charlie.actor):
        assert verbs.attempt_call_back(owed.pk, reached=False).attempts == 1
        verbs.conclude(contact.pk, "personne")
    assert journaled(owed.pk) == ["call_back.owed", "call_back.started", "call_back.attempted"]


@pytest.mark.parametrize("number", ["+33612345678", "+33561000001", "+33187654321"])
def test_a_number_is_masked_by_the_database_as_by_the_pages(number: str) -> None:
    with connection.cursor() as cursor, as_owner():
        cursor.execute("SELECT contacts.masked(%s)", [number])
        assert cursor.fetchone()[0] == mask(number)


def test_all_the_drafts_of_a_contact_go_when_it_is_concluded(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        for part in ("", ":motifs", ":demande-bank-card-block", ":signaler-danger"):
            verbs.save_draft(f"contact:{call.pk}{part}", {"text": "à moitié"})
        verbs.save_draft("intervention:autre:note", {"text": "reste"})
        verbs.conclude(call.pk, "fini")
        assert list(Draft.objects.values_list("form", flat=True)) == ["intervention:autre:note"]
