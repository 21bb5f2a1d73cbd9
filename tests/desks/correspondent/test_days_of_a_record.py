"""Days of a person's record are those of France: half an hour after midnight, it is still the day before in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gruppetto.desks.correspondent.dossier import ago, repeated
from gruppetto.desks.correspondent.past import Past
from gruppetto.desks.correspondent.record import aside
from gruppetto.kernel import clock
from gruppetto.kernel.identifiers import new_id
from tests.service.conftest import Cast
from tests.support.database import as_owner

LATE = datetime(2026, 5, 3, 23, 50, tzinfo=clock.PARIS).astimezone(UTC)
NIGHT = LATE + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("moment", "at", "said"),
    [
        (NIGHT, NIGHT, "aujourd’hui"),
        (LATE, NIGHT, "il y a 1 jour"),
        (NIGHT, NIGHT + timedelta(hours=12), "aujourd’hui"),
        (NIGHT, NIGHT + timedelta(days=12, hours=-12), "il y a 11 jours"),
        (LATE, LATE + timedelta(days=70), "il y a 2 mois"),
    ],
)
def test_an_age_counts_nights_in_france(moment: datetime, at: datetime, said: str) -> None:
    assert ago(moment, at) == said


def test_a_repeat_counts_the_days_of_france() -> None:
    found = Past("repeat", new_id(), NIGHT, "", "alert", "3", "alerte", LATE - timedelta(days=8), None)
    assert repeated([found]).startswith("3ᵉ contact en 9 jours pour")


@pytest.mark.django_db
def test_somebody_is_a_year_older_from_the_midnight_of_france(cast: Cast) -> None:
    assert str(cast.jeanne.birth_date) == "1944-05-03"
    with as_owner():
        shown = []
        for minutes in (-1, 1):
            with clock.at(LATE.replace(day=2) + timedelta(minutes=10 + minutes)):
                shown.append(aside(cast.jeanne).born)
    assert [text.split("(")[1] for text in shown] == ["81 ans)", "82 ans)"]
