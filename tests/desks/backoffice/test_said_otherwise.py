"""What no reason of the list says is read each month by who keeps the list: words and how often, nobody's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.contacts import verbs
from tests.service.conftest import Cast
from tests.support.database import as_owner
from tests.support.telephony import JEANNES, in_service, ring

pytestmark = pytest.mark.django_db
PAGE = "/gestion/motifs/"


def said(cast: Cast, words: str, days: int = 0) -> None:
    """Jeanne calls, and Charlie writes why in clear, so many days ago."""
    with clock.at(clock.now() - timedelta(days=days)):
        call = ring(in_service(), JEANNES)
        with acting(cast.charlie.actor):
            verbs.take(call.pk)
            verbs.choose_person(call.pk, cast.jeanne.pk)
            verbs.note_reasons(call.pk, [("understand", "", words)])
            verbs.conclude(call.pk, "Noté")


def shown(client: Client) -> list[tuple[str, int]]:
    return [(one.words, one.times) for one, _reason in client.get(PAGE).context["otherwise"]]


def test_words_are_counted_however_they_are_written_and_leave_once_dealt_with(
    cast: Cast, office: Client
) -> None:
    assert "Rien n’a été dit autrement" in office.get(PAGE).content.decode()
    said(cast, "Borne électrique", days=3)
    said(cast, "borne  electrique")
    said(cast, "Chien perdu")
    said(cast, "Trop vieux", days=40)
    text = re.sub(r"\s+", " ", office.get(PAGE).content.decode())
    assert "<strong>borne electrique</strong> – 2 fois" in text
    assert "Roux" not in text
    assert shown(office) == [("borne electrique", 2), ("Chien perdu", 1)]
    done = office.post(f"{PAGE}dits-autrement/traites/", {"words": "borne electrique"}, follow=True)
    assert "C’est traité." in done.content.decode()
    assert shown(office) == [("Chien perdu", 1)]
    with as_owner():
        body = Body.objects.get(pk=Entry.objects.get(verb="reasons.settled").pk).data
    assert '"times":2' in body
    assert "borne" not in body
    again = office.post(f"{PAGE}dits-autrement/traites/", {"words": "borne electrique"}, follow=True)
    assert "Ces mots n’attendent plus rien." in again.content.decode()
    said(cast, "Borne électrique")
    assert ("Borne électrique", 1) in shown(office)


def test_the_database_tells_them_to_nobody_else(cast: Cast) -> None:
    said(cast, "Chien perdu")
    for one in (cast.sylvie, cast.charlie):
        with acting(one.actor):
            assert verbs.said_otherwise() == []
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT contacts.settle_otherwise('Chien perdu', now() - interval '1 day', now())"
                )
                assert cursor.fetchone() == (0,)
