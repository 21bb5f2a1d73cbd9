"""Opening hours are dated rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from gruppetto.kernel.actors import acting
from gruppetto.kernel.calendars import PLATFORM_HOURS, OpeningRules
from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.reads import hours_in_force
from tests.support.actors import Staff, staff

pytestmark = pytest.mark.django_db
SUMMER = OpeningRules.of(["08:00-12:00"] * 5 + ["", ""])


@pytest.fixture
def gisele(db: None) -> Staff:
    """Of the back office, who keeps the hours."""
    return staff("Gisèle", "back_office")


def test_each_moment_has_the_hours_of_its_time(gisele: Staff) -> None:
    assert hours_in_force(datetime(2026, 6, 1, tzinfo=UTC)) == PLATFORM_HOURS
    with acting(gisele.actor):
        OpeningHours.objects.create(
            name="platform", valid_from=datetime(2026, 7, 1, tzinfo=UTC), rules=SUMMER.to_json()
        )
    assert hours_in_force(datetime(2026, 6, 30, tzinfo=UTC)) == PLATFORM_HOURS
    assert hours_in_force(datetime(2026, 7, 1, tzinfo=UTC)) == SUMMER


def test_hours_are_set_by_those_who_keep_them(db: None) -> None:
    with pytest.raises(DatabaseError, match="kept by"), acting(staff("Charlie", "agent").actor):
        OpeningHours.objects.create(
            name="platform", valid_from=datetime(2026, 7, 1, tzinfo=UTC), rules=SUMMER.to_json()
        )


def test_hours_that_were_in_force_are_not_rewritten(gisele: Staff) -> None:
    with acting(gisele.actor):
        hours = OpeningHours.objects.create(
            name="platform", valid_from=datetime(2026, 7, 1, tzinfo=UTC), rules=SUMMER.to_json()
        )
    with pytest.raises(DatabaseError, match=r"what_is_written_stays|permission denied"), acting(gisele.actor):
        OpeningHours.objects.filter(pk=hours.pk).update(rules={})
