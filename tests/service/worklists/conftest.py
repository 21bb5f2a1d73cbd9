"""The cast of the trade, and a little work for each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from gruppetto.kernel import clock
from gruppetto.registry.people.models import Person
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make


@dataclass(frozen=True)
class Work:
    """Three requests of Jeanne, worked by Alice, one of Paul, worked by Bob; opened one day after the other."""

    jeanne: list[UUID]
    paul: UUID
    paul_himself: Person


@pytest.fixture
def work(cast: Cast) -> Work:
    """Opened from Monday on."""
    paul = make.person("Petit", "Paul", within=cast.other)
    keys = []
    for day in range(3):
        with clock.at(MONDAY + days(day)):
            keys.append(make.intervention(cast.jeanne, cast.alice).pk)
    with clock.at(MONDAY + days(3)):
        return Work(keys, make.intervention(paul, cast.bob).pk, paul)
