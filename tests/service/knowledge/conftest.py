"""The catalogue and the articles are loaded; Alice writes, Bob publishes, Chloé reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.clock import now
from gruppetto.registry.organisations import seeding
from gruppetto.service.catalogue import verbs as catalogue
from gruppetto.service.knowledge import verbs
from tests.support.actors import Staff, staff
from tests.support.database import as_owner


@pytest.fixture
def loaded(db: None) -> None:
    """What the files say, in force since a month."""
    since = now() - timedelta(days=30)
    with as_owner():
        seeding.load()
        catalogue.load(since)
        verbs.load(since)


@pytest.fixture
def alice(loaded: None) -> Staff:
    """Keeps the catalogue."""
    return staff("Alice", "back_office")


@pytest.fixture
def bob(loaded: None) -> Staff:
    """Reads again what Alice writes."""
    return staff("Bob", "supervisor")


@pytest.fixture
def chloe(loaded: None) -> Staff:
    """Answers the phone."""
    return staff("Chloé", "agent")
