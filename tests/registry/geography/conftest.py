"""A map of four departments: a large city, Corsica's codes, a city of districts, a merger."""

from __future__ import annotations

import pytest

from gruppetto.registry.geography.seeding import Loaded, load
from tests.support.database import as_owner

DEPARTMENTS = ("31", "2A", "75", "01")


@pytest.fixture
def loaded(db: None) -> Loaded:
    """The seed of four departments, brought in by the owner; the test goes on as the web role."""
    with as_owner("seed"):
        return load(DEPARTMENTS)
