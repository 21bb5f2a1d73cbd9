"""The signed door: forged, replayed, late, doubled, contradicting events; odd numbers; refusals on record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gruppetto.gateways.telephony.views import receive
from gruppetto.kernel.access.rules import rule_of
from gruppetto.kernel.actors import Actor
from gruppetto.kernel.clock import now
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.contacts.models import Contact, LineCall, TelephonyEvent
from tests.gateways.telephony.conftest import DOOR, body_of, send
from tests.support.database import as_owner
from tests.support.telephony import in_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(db: None) -> Actor:
    return in_service()


def contacts() -> list[Contact]:
    with as_owner():
        return list(Contact.objects.order_by("recorded_at"))


def refusals() -> list[str]:
    """The codes of the refusals in the journal, with who was refused."""
    with as_owner():
        entries = Entry.objects.filter(kind="refusal").order_by("recorded_at", "id")
        return [
            f"{entry.actor} {json.loads(Body.objects.get(entry_id=entry.pk).data)['code']}"
            for entry in entries
        ]


def test_a_signed_event_makes_a_call_ring() -> None:
    answer = send(body_of())
    assert answer.status_code == 200
    (contact,) = contacts()
    assert answer.json() == {"contact": str(contact.pk), "state": "ringing"}
    assert (contact.line, contact.number, contact.call_id) == ("main", "+33561000001", "c1")


@pytest.mark.parametrize(
    ("headers", "secret", "ago", "code"),
    [
        ({"X-Gruppetto-Signature": ""}, "", 0, "signature-missing"),
        ({}, "guessed", 0, "signature-wrong"),
        ({"X-Gruppetto-Timestamp": "1"}, "", 0, "signature-wrong"),
        ({}, "", 301, "signature-expired"),
        ({}, "", -302, "signature-expired"),
    ],
)
def test_a_forged_or_replayed_event_is_refused_and_journaled(
    headers: dict[str, str], secret: str, ago: int, code: str
) -> None:
    more = {"secret": secret} if secret else {}
    answer = send(body_of(), ago=ago, **more, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert contacts() == []
    assert refusals() == [f"service:telephony {code}"]


def test_a_flood_of_forged_events_leaves_one_entry_a_minute() -> None:
    for _attempt in range(5):
        assert send(body_of(), secret="guessed").status_code == 401
    assert len(refusals()) == 1


def test_a_stranger_does_not_learn_which_lines_exist() -> None:
    known = send(body_of(), secret="guessed")
    unknown = send(body_of(), door="/hooks/telephony/other", secret="guessed")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_the_door_is_only_posted_to_and_needs_no_form_token() -> None:
    assert Client().get(DOOR).status_code == 405
    assert (
        Client(enforce_csrf_checks=True).post(DOOR, b"{}", content_type="application/json").status_code == 401
    )
    rule = rule_of(receive, "telephony")
    assert rule is not None
    assert (rule.service, rule.streams) == ("telephony", True)


def test_the_same_event_again_is_taken_and_changes_nothing() -> None:
    body = body_of()
    first, second = send(body), send(body, ago=120)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    with as_owner():
        assert (Contact.objects.count(), TelephonyEvent.objects.count()) == (1, 1)
        assert Entry.objects.filter(verb="call.received").count() == 1


def test_the_same_event_with_another_content_is_a_conflict_on_record() -> None:
    send(body_of())
    answer = send(body_of(**{"from": "+33561000009"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "event-contradicts")
    assert [contact.number for contact in contacts()] == ["+33561000001"]
    assert refusals() == ["service:telephony event-contradicts"]


def test_events_out_of_order_come_to_the_same_call() -> None:
    for state in ("ended", "missed", "answered", "ringing"):
        assert send(body_of(state)).status_code == 200
    assert [contact.state for contact in contacts()] == ["answered"]


def test_an_event_a_day_late_is_taken_and_a_later_one_refused() -> None:
    assert send(body_of(at=(now() - timedelta(hours=23)).isoformat())).status_code == 200
    assert [contact.state for contact in contacts()] == ["missed"]
    answer = send(body_of(call_id="c2", at=(now() - timedelta(hours=25)).isoformat()))
    assert (answer.status_code, answer.json()["code"], answer.json()["pointer"]) == (
        422,
        "event-too-late",
        "/at",
    )
    assert refusals() == ["service:telephony event-too-late"]


@pytest.mark.parametrize(
    ("number", "recognition", "shown"),
    [
        ("06 AB 12", "unknown", ""),
        ("0" * 40, "unknown", ""),
        (None, "withheld", ""),
        ("anonymous", "withheld", ""),
        ("+32470123456", "unknown", "+32 ••• •• •• 56"),
        ({"odd": 1}, "unknown", ""),
    ],
)
def test_an_odd_number_is_worked_as_unknown(number: Any, recognition: str, shown: str) -> None:
    assert send(body_of(**{"from": number})).status_code == 200
    with as_owner():
        line = LineCall.objects.get()
    assert (line.recognition, line.masked, line.state) == (recognition, shown, "ringing")


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.fixed_dictionaries(
        {
            "call_id": st.text(max_size=130),
            "from": st.none() | st.text(max_size=60) | st.integers(),
            "digits": st.text(max_size=20),
            "duration_s": st.integers() | st.text(max_size=5),
        }
    )
)
def test_no_signed_body_breaks_the_door(changed: dict[str, Any]) -> None:
    assert send(body_of(**changed)).status_code in (200, 409, 422)


@pytest.mark.parametrize("body", [b"", b"[]", b"{\xff}", b"{", b" " * 100_000])
def test_a_body_that_is_no_event_is_said_to_be_none(body: bytes) -> None:
    answer = send(body)
    assert answer.status_code == 422
    assert answer.json()["title"]
