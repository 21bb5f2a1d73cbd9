"""The day on paper, for an outage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people.verbs import note_need
from tests.kernel.documents.papers import needs_reader, words
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
SHEET = "/correspondant/feuille-du-jour.pdf"


@needs_reader
def test_the_sheet_has_what_one_needs_without_a_screen(cast: Cast) -> None:
    with acting(cast.alice.actor):
        note_need(
            cast.jeanne.pk, "hearing", "Entend mal", "elle-même", helps="parler fort", frightens="le noir"
        )
    with clock.at(clock.now() - timedelta(days=30)):
        make.intervention(cast.jeanne, cast.alice, title="Une demande en retard")
    make.intervention(cast.jeanne, cast.alice, title="Une demande du jour")
    stage.put(make.intervention(cast.jeanne, cast.alice), "answered")
    got = cast.alice.signed_in.client().get(SHEET)
    assert (got.status_code, got["Content-Type"]) == (200, "application/pdf")
    text = words(got.content)
    for said in (
        "Feuille du jour",
        "Alice",
        "Mme Jeanne Roux",
        "05 61 00 00 01",
        "12 rue du Temple, 31250 Revel",
        "parler fort",
        "à éviter : le noir",
        "En retard",
        "Une demande en retard",
        "Une demande du jour",
        "Réponses à lire aux personnes",
        "3114",
    ):
        assert said in text, said
    assert text.index("Une demande en retard") < text.index("Une demande du jour")


def test_each_person_printed_is_a_look(cast: Cast) -> None:
    make.intervention(cast.jeanne, cast.alice)
    make.intervention(cast.jeanne, cast.alice)
    cast.alice.signed_in.client().get(SHEET)
    with as_owner():
        assert Entry.objects.get(verb="day_sheet.printed").person_id == cast.jeanne.pk


@needs_reader
def test_an_empty_day_still_has_the_numbers_to_call(cast: Cast) -> None:
    text = words(cast.alice.signed_in.client().get(SHEET).content)
    assert "Rien de prévu" in text
    assert "Numéros utiles" in text
