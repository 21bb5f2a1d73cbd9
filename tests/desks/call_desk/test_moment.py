"""Who answers reads how long one waits now and when many will call, on the page between two calls."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from gruppetto.insight.indicators.busy import refresh_calls
from gruppetto.kernel import clock
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.contacts.models import LineCall
from tests.service.conftest import Cast
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
# A Tuesday; the Monday before, nine calls at ten, one at four in the afternoon.
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
HOME, PART = "/plate-forme/", "/plate-forme/moment/"


def calls(day: date, hour: int, number: int, wait: int = 20) -> None:
    for rank in range(number):
        rang = datetime.combine(day, time(hour, rank), PARIS)
        with as_owner():
            LineCall.objects.create(
                contact_id=new_id(),
                line="main",
                masked="06",
                recognition="known",
                state="done",
                rang_at=rang,
                taken_at=rang + timedelta(seconds=wait),
            )


def read(cast: Cast, address: str, at: datetime) -> str:
    with clock.at(at):
        page = cast.charlie.signed_in.client().get(address)
    assert page.status_code == 200
    return page.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_an_agent_reads_the_wait_and_the_next_busy_half_hour(cast: Cast) -> None:
    calls(MONDAY, 10, 9)
    calls(MONDAY, 16, 1)
    with clock.at(datetime.combine(TUESDAY, time(9), PARIS)), as_owner():
        refresh_calls(MONDAY, MONDAY)
    calls(TUESDAY, 10, 3, wait=40)
    for address in (HOME, PART):
        text = read(cast, address, datetime.combine(TUESDAY, time(10, 15), PARIS))
        assert "la moitié ont attendu moins de 40 secondes" in text
        assert "Prochaine demi-heure chargée d’habitude : lundi 23 novembre" in text
        assert "de 10 h à 10 h 30." in text
    at_ten = read(cast, HOME, datetime.combine(MONDAY + timedelta(days=7), time(10, 5), PARIS))
    assert "Beaucoup d’appels d’habitude en ce moment, jusqu’à 10 h 30." in at_ten
    before = read(cast, HOME, datetime.combine(MONDAY + timedelta(days=7), time(8), PARIS))
    assert "chargée d’habitude : aujourd’hui, de 10 h à 10 h 30." in before


def test_nothing_counted_is_said_and_nothing_is_invented(cast: Cast) -> None:
    text = read(cast, HOME, datetime.combine(TUESDAY, time(9), PARIS))
    assert "Aucun appel pris depuis deux heures" in text
    assert "chargée" not in text
