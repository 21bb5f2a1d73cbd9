"""Carriers that are away, refuse, or cut the line; a worker that stops between acceptance and our commit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import at
from gruppetto.kernel.errors import Refused
from gruppetto.registry.people.models import Consent, Person
from gruppetto.service.messages.leaving import claim
from gruppetto.service.messages.models import DeadEnd, Delivery, Report, Spending
from gruppetto.service.messages.returns import Told, receive, take_up_reports
from gruppetto.service.messages.sending import send_what_is_due, settle_what_is_uncertain
from gruppetto.service.messages.verbs import decide, end_dead_end
from tests.service.messages.stage import (
    MOBILE,
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
from tests.support.factories import Colleague, person, phone, portfolio, team

pytestmark = pytest.mark.django_db


def after(minutes: float) -> None:
    """A round of the worker, so many minutes later."""
    with at(NOON + timedelta(minutes=minutes)), worker():
        send_what_is_due()
        settle_what_is_uncertain()


def told(kind: str, about: str = "", **more: object) -> Told:
    return Told("sms", f"{kind} {about} {more.get('sender', '')}", kind, NOON, about, **more)  # type: ignore[arg-type]


def reported(one: Told, minutes: float = 30) -> None:
    with at(NOON + timedelta(minutes=minutes)):
        with job():
            receive(one)
        with job():
            take_up_reports()


def test_a_carrier_away_for_an_hour_loses_and_doubles_nothing(jeanne: Person, sms: FakeCarrier) -> None:
    sms.mood = "away"
    with at(NOON):
        message = said(jeanne)
    for minute in range(3, 64):
        after(minute)
    waiting = delivery_of(message)
    assert (waiting.state, waiting.why) == ("queued", "carrier-away")
    assert waiting.attempts < 10
    sms.mood = ""
    for minute in range(64, 200):
        after(minute)
    assert len(sms.taken) == 1
    assert state_of(message) == "sent"
    with as_owner():
        assert Spending.objects.get().deliveries == 1


def test_a_carrier_away_for_a_day_gives_way_to_the_next(
    jeanne: Person, sms: FakeCarrier, email: FakeCarrier
) -> None:
    sms.mood = "away"
    with at(NOON):
        message = said(jeanne)
    for minute in range(5, 26 * 60, 60):
        after(minute)
    after(26 * 60)
    assert [one.text.split("\n")[0] for one in email.taken] == ["Mme Jeanne Roux,"]
    assert state_of(message) == "sent"
    with as_owner():
        assert Spending.objects.get(channel="sms").mills == 0


def test_a_wrong_number_is_marked_and_the_next_way_is_tried(
    jeanne: Person, sms: FakeCarrier, email: FakeCarrier, leader: Colleague
) -> None:
    sms.mood = "wrong"
    with at(NOON):
        message = said(jeanne)
    after(5)
    after(6)
    assert (state_of(message), delivery_of(message).channel) == ("sent", "email")
    with acting(leader.actor):
        end_dead_end(DeadEnd.objects.get(coordinate=MOBILE, ended_at=None).pk)
        with pytest.raises(Refused):
            end_dead_end(DeadEnd.objects.get(coordinate=MOBILE).pk)


def test_when_every_way_fails_a_human_is_told(jeanne: Person, sms: FakeCarrier) -> None:
    sms.mood = "refuses"
    with at(NOON):
        message = said(jeanne)
    after(5)
    assert state_of(message) == "prepared"
    assert delivery_of(message).state == "failed"


def test_a_worker_stopped_before_our_commit_leaves_an_uncertain_sending(
    jeanne: Person, email: FakeCarrier, leader: Colleague
) -> None:
    with at(NOON):
        message = said(jeanne, channel="email")
    # Taken by the carrier, and the worker dies before it writes so.
    with at(NOON + timedelta(minutes=4)), job():
        email.send(claim(delivery_of(message).pk))  # type: ignore[arg-type]
    assert delivery_of(message).state == "sending"
    for minute in range(5, 120, 5):
        after(minute)
    assert delivery_of(message).state == "unknown"
    assert len(email.taken) == 1
    with acting(leader.actor):
        assert decide(delivery_of(message).pk, "believe").state == "sent"
        with pytest.raises(Refused, match="n’attend plus"):
            decide(delivery_of(message).pk, "again")
    assert state_of(message) == "sent"


def test_a_human_may_send_an_uncertain_courriel_again_under_a_new_identity(
    jeanne: Person, email: FakeCarrier, leader: Colleague
) -> None:
    email.mood = "cut"
    with at(NOON):
        message = said(jeanne, channel="email")
    after(5)
    assert delivery_of(message).state == "unknown"
    email.mood = ""
    with acting(leader.actor), at(NOON + timedelta(minutes=10)):
        decide(delivery_of(message).pk, "again")
    after(11)
    assert state_of(message) == "sent"
    assert len({one.key for one in email.taken}) == 2


@pytest.mark.parametrize(("mood", "times"), [("cut", 1), ("cut-before", 0)])
def test_a_carrier_that_remembers_settles_it_alone(
    jeanne: Person, sms: FakeCarrier, mood: str, times: int
) -> None:
    sms.mood, sms.remembers = mood, True
    with at(NOON):
        message = said(jeanne)
    after(5)
    assert (delivery_of(message).state, len(sms.taken)) == ("unknown", times)
    sms.mood = ""
    for minute in range(6, 20):
        after(minute)
    assert state_of(message) == "sent"
    assert len(sms.taken) == 1


def test_two_workers_send_it_once(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    with at(NOON + timedelta(minutes=5)):
        key = delivery_of(message).pk
        with job():
            assert claim(key) is not None
            assert claim(key) is None


def test_what_arrives_is_noted(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    after(5)
    reported(told("arrived", sms.taken[0].key))
    reported(told("arrived", sms.taken[0].key))
    assert delivery_of(message).state == "arrived"


def test_a_report_before_our_own_commit_waits(jeanne: Person, sms: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    with at(NOON + timedelta(minutes=5)), job():
        claim(delivery_of(message).pk)
    key = str(delivery_of(message).key)
    reported(told("arrived", key), 5)
    assert delivery_of(message).state == "sending"
    after(11)
    assert delivery_of(message).state == "unknown"
    reported(told("arrived", key), 12)
    assert (delivery_of(message).state, state_of(message)) == ("arrived", "sent")


def test_a_report_of_failure_takes_the_next_way(jeanne: Person, sms: FakeCarrier, email: FakeCarrier) -> None:
    with at(NOON):
        message = said(jeanne)
    after(5)
    reported(told("failed", sms.taken[0].key, why="wrong-number", for_ever=True))
    after(31)
    assert [(one.channel, one.state) for one in deliveries()] == [("sms", "failed"), ("email", "sent")]
    assert state_of(message) == "sent"


def test_a_stranger_s_report_changes_nothing_and_is_put_away_after_a_day(
    jeanne: Person, sms: FakeCarrier
) -> None:
    with at(NOON), job():
        receive(told("arrived", "nobody-knows"))
    with job():
        take_up_reports(NOON)
        assert not Report.objects.get().taken_up_at
        take_up_reports(Report.objects.get().received_at + timedelta(days=2))
        assert Report.objects.get().taken_up_at


def test_stop_withdraws_the_consent_of_who_was_written_to_and_spares_the_number(
    jeanne: Person, sms: FakeCarrier, leader: Colleague
) -> None:
    husband = person("Roux", "Paul", within=portfolio(team("Autre")), preferred_channel="sms")
    phone(husband, MOBILE)
    consents(husband, "sms")
    with at(NOON):
        said(jeanne)
    after(5)
    reported(told("opt_out", sender=MOBILE))
    with as_owner():
        assert Consent.objects.get(person=jeanne, purpose="sms").withdrawn_on
        assert not Consent.objects.get(person=husband, purpose="sms").withdrawn_on
        assert DeadEnd.objects.filter(coordinate=MOBILE).count() == 2
    with at(NOON + timedelta(hours=1)):
        assert state_of(said(husband, key="two")) == "prepared"


def test_what_was_said_by_whom_is_forgotten_once_taken_up(jeanne: Person, sms: FakeCarrier) -> None:
    reported(told("opt_out", sender=MOBILE))
    with as_owner():
        assert Report.objects.get().sender is None


def test_a_colleague_may_hand_it_over_instead(jeanne: Person, email: FakeCarrier, leader: Colleague) -> None:
    email.mood = "cut"
    with at(NOON):
        message = said(jeanne, channel="email")
    after(5)
    with acting(leader.actor):
        with pytest.raises(Refused):
            decide(delivery_of(message).pk, "release")
        assert decide(delivery_of(message).pk, "by-hand").state == Delivery.State.DROPPED
    assert state_of(message) == "prepared"
