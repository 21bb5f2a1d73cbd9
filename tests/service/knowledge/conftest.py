"""The catalogue and the articles are loaded; Alice writes, Bob publishes, Chloé reads."""

from __future__ import annotations

import pytest

from gruppetto.registry.organisations import seeding
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner


@pytest.fixture
def loaded(db: None) -> None:
    """Ten kinds, the bodies they deal with, one article: as shipped."""
    with as_owner():
        seeding.load()
    make.catalogue()
    make.article()


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
