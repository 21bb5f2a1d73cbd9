"""Events in any order, twice, contradicting, late: the same call in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import at, now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, TelephonyEvent
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled
from tests.support.database import as_owner
from tests.support.telephony import JEANNES, STRANGERS, event, ring, tell

pytestmark = pytest.mark.django_db

STATES = ("ringing", "answered", "missed", "recorded", "ended")


def picture(call_id: str) -> dict[str, Any]:
    """What a call has come to, whatever the way."""
    with as_owner():
        contact = Contact.objects.get(call_id=call_id)
        line = LineCall.objects.get(pk=contact.pk)
        return {
            "contact": (contact.state, contact.happened_at, contact.ended_at, contact.number),
            "line": (line.state, line.rang_at, line.ended_at, line.masked, line.recognition, line.repeat),
            "owed": CallBack.objects.filter(contact_id=contact.pk, state="due").count(),
            "events": TelephonyEvent.objects.filter(call_id=call_id).count(),
        }


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    story=st.sets(st.sampled_from(STATES), min_size=1),
    number=st.sampled_from([JEANNES, STRANGERS, ""]),
    data=st.data(),
)
def test_any_order_and_any_repetition_of_the_events_ends_in_the_same_state(
    gateway: Actor, story: set[str], number: str, data: st.DataObject
) -> None:
    in_order = [state for state in STATES if state in story]
    shuffled = data.draw(st.permutations(in_order))
    again = data.draw(st.lists(st.sampled_from(in_order), max_size=4))
    began = now()
    moments = {state: began + timedelta(seconds=5 * STATES.index(state)) for state in STATES}
    pictures = []
    for told in (in_order, [*shuffled, *again]):
        with transaction.atomic(), at(began + timedelta(seconds=40)):
            call_id = new_id().hex
            for state in told:
                tell(gateway, state, call_id, number, at=moments[state])
            pictures.append(picture(call_id))
            transaction.set_rollback(True)
    assert pictures[0] == pictures[1]


def test_the_same_event_twice_changes_nothing_and_another_under_its_name_is_refused(gateway: Actor) -> None:
    first = event("ringing", "twice")
    with acting(gateway):
        contact = verbs.receive_call(first)
        assert verbs.receive_call(first).version == contact.version
    with pytest.raises(Refused) as refusal, acting(gateway):
        verbs.receive_call(event("ringing", "twice", STRANGERS))
    assert (refusal.value.code, refusal.value.status) == ("event-contradicts", 409)
    assert journaled(contact.pk) == ["call.received"]
    with as_owner():
        refused = Entry.objects.get(kind="refusal")
        assert "event-contradicts" in Body.objects.get(entry_id=refused.pk).data


def test_a_call_missed_then_said_answered_is_owed_no_longer(gateway: Actor) -> None:
    call = ring(gateway)
    tell(gateway, "missed", call.call_id)
    with as_owner():
        assert CallBack.objects.get().state == "due"
    tell(gateway, "answered", call.call_id)
    with as_owner():
        assert CallBack.objects.get().state == "moot"
        assert Contact.objects.get().state == "answered"
    assert journaled(call.pk) == ["call.received", "call.missed", "call_back.moot", "call.lifted"]


def test_a_ringing_heard_of_much_later_is_a_missed_call(gateway: Actor) -> None:
    late = ring(gateway, at=now() - timedelta(hours=2))
    assert late.state == "missed"
    with as_owner():
        assert CallBack.objects.get().contact_id == late.pk


def test_a_call_whose_end_is_never_told_stops_ringing(cast: Cast, gateway: Actor) -> None:
    call, taken = ring(gateway), ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        verbs.take(taken.pk)
        verbs.pass_on(taken.pk)
    with as_owner():
        assert verbs.stop_ringing(now() + timedelta(minutes=9)) == 0
        assert verbs.stop_ringing(now() + timedelta(minutes=11)) == 1
        assert verbs.stop_ringing(now() + timedelta(minutes=11)) == 0
        assert CallBack.objects.get().contact_id == call.pk
        assert LineCall.objects.get(pk=call.pk).state == "missed"


def test_a_number_told_only_by_a_later_event_is_taken_up(gateway: Actor) -> None:
    tell(gateway, "answered", "late-number", "")
    tell(gateway, "ringing", "late-number", STRANGERS)
    with as_owner():
        assert LineCall.objects.get().masked == "06 •• •• •• 42"


def test_the_event_is_kept_word_for_word_and_sealed(gateway: Actor) -> None:
    ring(gateway, "", withheld=False, body='{"from": "zéro-six"}')
    with as_owner():
        kept = TelephonyEvent.objects.get()
        assert kept.body == '{"from": "zéro-six"}'
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM contacts_telephonyevent")
            assert b"six" not in bytes(cursor.fetchone()[0])


def test_a_ringing_costs_few_round_trips(gateway: Actor) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        acting(gateway),
    ):
        verbs.receive_call(event("ringing", "counted"))
    ours = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(ours) <= 6, ours


def test_only_telephony_writes_calls_and_events(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal, acting(cast.charlie.actor):
        verbs.receive_call(event("ringing", "forged"))
    assert refusal.value.code == "out-of-scope"
    with as_owner():
        assert not TelephonyEvent.objects.exists()
