"""Carriers are put away after each test; a person in a portfolio, reachable by mobile, courriel and letter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gruppetto.registry.people.models import Person
from gruppetto.service.messages import ports
from tests.service.messages.stage import MOBILE, FakeCarrier, consents
from tests.support.factories import Colleague, colleague, commune, home, person, phone, portfolio, team


@pytest.fixture(autouse=True)
def carriers_put_away() -> Iterator[None]:
    yield
    for channel in ("sms", "email", ports.VOICE):
        ports.use_carrier(channel, None)
    ports.use_printer(None)


@pytest.fixture
def sms() -> FakeCarrier:
    one = FakeCarrier()
    ports.use_carrier("sms", one)
    return one


@pytest.fixture
def email() -> FakeCarrier:
    one = FakeCarrier()
    ports.use_carrier("email", one)
    return one


@pytest.fixture
def leader(db: None) -> Colleague:
    return colleague("Sophie", "supervisor")


@pytest.fixture
def jeanne(leader: Colleague) -> Person:
    """Prefers SMS, agrees to SMS and courriel and letters."""
    lady = person(
        within=portfolio(team(leader=leader)), preferred_channel="sms", email="jeanne.roux@example.test"
    )
    phone(lady, MOBILE)
    home(lady, commune())
    consents(lady, "sms", "email", "letter")
    return lady
