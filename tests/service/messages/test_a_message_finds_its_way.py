"""The preferred, consented way that still answers; quiet hours; one message rather than three; budgets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import at
from gruppetto.registry.people.models import Consent, Person, Phone
from gruppetto.service.messages import ports
from gruppetto.service.messages.models import Budget, DeadEnd, Message, Spending
from gruppetto.service.messages.sending import send_what_is_due
from gruppetto.service.messages.verbs import decide
from tests.service.messages.stage import (
    LANDLINE,
    NIGHT,
    NOON,
    FakeCarrier,
    consents,
    deliveries,
    delivery_of,
    job,
    said,
    state_of,
    worker,
)
from tests.support.database import as_owner
from tests.support.factories import Colleague, person, phone, portfolio, same_rows, team

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


def sent_after(delay: timedelta = LATER, start=NOON) -> int:
    with at(start + delay), worker():
        return send_what_is_due()


def test_an_acknowledgement_goes_by_the_way_preferred(
    jeanne: Person, sms: FakeCarrier, email: FakeCarrier
) -> None:
    with at(NOON):
        message = said(jeanne)
    assert (state_of(message), message.channel) == ("queued", "sms")
    assert sent_after() == 1
    assert state_of(message) == "sent"
    assert "I-4K7Q-M2X9" in sms.texts[0]
    assert "Jeanne" not in sms.texts[0]
    assert not email.taken


def test_without_a_carrier_a_human_hands_over(jeanne: Person) -> None:
    assert state_of(said(jeanne)) == "prepared"


def test_without_consent_the_next_way_is_taken(jeanne: Person, sms: FakeCarrier, email: FakeCarrier) -> None:
    with as_owner():
        Consent.objects.filter(purpose="sms").update(withdrawn_on=date(2026, 5, 1))
    with at(NOON):
        assert said(jeanne).channel == "email"


def test_a_landline_never_receives_an_sms(leader: Colleague, sms: FakeCarrier) -> None:
    lady = person(within=portfolio(team("Autre")), preferred_channel="sms")
    phone(lady, LANDLINE)
    consents(lady, "sms")
    with at(NOON):
        assert state_of(said(lady)) == "prepared"


def test_a_private_answer_is_not_said_by_sms(jeanne: Person, sms: FakeCarrier, email: FakeCarrier) -> None:
    with at(NOON):
        assert said(jeanne, "answer-to-confirm", facts={"answer": "Accordé."}).channel == "email"


def test_nothing_rings_at_night(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NIGHT):
        message = said(jeanne)
    assert delivery_of(message).due_at.isoformat() == "2026-05-06T07:00:00+00:00"
    assert sent_after(start=NIGHT) == 0
    assert state_of(message) == "queued"


def test_three_requests_of_a_call_are_acknowledged_once(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        for key in "abc":
            said(jeanne, key=key, facts={"reference": f"I-{key}"})
    assert len(deliveries()) == 1
    assert sent_after() == 1
    assert all(f"I-{key}" in sms.texts[0] for key in "abc")
    with as_owner():
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_what_is_urgent_does_not_wait_for_the_rest(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        said(jeanne)
        said(jeanne, "delay", key="two", facts={"why": "Attente."})
    assert [one.urgent for one in deliveries()] == [False, True]


def test_the_same_key_is_one_message(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        said(jeanne)
        said(jeanne)
    assert sent_after() == 1
    assert sent_after(2 * LATER) == 0
    assert len(sms.taken) == 1


def test_two_thousand_characters_take_another_way(
    jeanne: Person, sms: FakeCarrier, email: FakeCarrier
) -> None:
    with at(NOON):
        message = said(jeanne, facts={"delay": "x" * 2_000})
    assert message.channel == "email"


def test_messages_that_are_too_long_together_take_another_way(
    jeanne: Person, sms: FakeCarrier, email: FakeCarrier
) -> None:
    with at(NOON):
        for number in range(3):
            said(jeanne, key=str(number), facts={"delay": "x" * 300})
    sent_after()
    sent_after(2 * LATER)
    assert [(one.channel, one.state, one.why) for one in deliveries()] == [
        ("sms", "failed", "too-long"),
        ("email", "sent", ""),
    ]
    assert not sms.taken


def test_consent_withdrawn_before_it_leaves_is_heeded(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    with as_owner():
        Consent.objects.all().update(withdrawn_on=date(2026, 5, 5))
    sent_after()
    assert not sms.taken
    assert state_of(message) == "prepared"


def test_the_number_is_looked_at_again_when_it_leaves(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        said(jeanne)
    with as_owner():
        Phone.objects.update(number="+33639980009")
    sent_after()
    assert sms.taken[0].recipient == "+33639980009"


def test_a_dead_end_is_left_aside(jeanne: Person, sms: FakeCarrier, email: FakeCarrier) -> None:
    with as_owner():
        DeadEnd.objects.create(
            person_id=jeanne.pk,
            channel="sms",
            coordinate="+33639980001",
            why="bounced",
            since=NOON,
            **same_rows(jeanne),
        )
    with at(NOON):
        assert said(jeanne).channel == "email"


def test_nothing_is_sent_to_who_died(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    with as_owner():
        Person.objects.update(died_on=date(2026, 5, 5))
    sent_after()
    assert not sms.taken
    assert delivery_of(message).why == "person-died"
    assert state_of(message) == "prepared"


def test_beyond_the_budget_the_ordinary_waits_and_the_urgent_leaves(
    jeanne: Person, sms: FakeCarrier, leader: Colleague
) -> None:
    with at(NOON):
        held, urgent = said(jeanne), said(jeanne, "delay", key="two", facts={"why": "Attente."})
    with as_owner():
        Budget.objects.create(team_id=delivery_of(held).team_id, mills=10, from_month=date(2026, 5, 1))
    assert sent_after() == 1
    assert (delivery_of(held).state, delivery_of(held).why) == ("held", "budget")
    assert state_of(urgent) == "sent"
    with acting(leader.actor), at(NOON + LATER):
        decide(delivery_of(held).pk, "release")
    assert sent_after(2 * LATER) == 1
    assert state_of(held) == "sent"


def test_what_is_spent_is_counted_by_parts(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        said(jeanne, facts={"worker": "Zoé 🙂"})
    sent_after()
    with as_owner():
        counted = Spending.objects.get()
    assert (counted.month, counted.deliveries, counted.parts, counted.mills) == (date(2026, 5, 1), 1, 3, 147)


def test_a_team_s_budget_wins_over_its_department_s(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    with as_owner():
        Budget.objects.create(department="31", mills=0, from_month=date(2026, 5, 1))
        Budget.objects.create(team_id=delivery_of(message).team_id, mills=5_000, from_month=date(2026, 1, 1))
    assert sent_after() == 1


def test_routing_twice_changes_nothing(jeanne: Person, sms: FakeCarrier) -> None:
    from gruppetto.service.messages.routing import route

    with at(NOON):
        message = said(jeanne)
        with job():
            assert route(message.pk) is None
    assert len(deliveries()) == 1


def test_the_printer_s_way_needs_a_printer(jeanne: Person) -> None:
    ports.use_printer(None)
    assert state_of(said(jeanne, channel="letter")) == "prepared"
    assert not deliveries()
