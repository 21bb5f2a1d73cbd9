"""The file holds the rows of the list, in its order, and no formula; it leaves a trace with its filters."""

from __future__ import annotations

import csv
import io
import json

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.search.pages import Count
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.exporting import export, harmless
from gruppetto.service.worklists.filters import Filters
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, days
from tests.service.worklists.conftest import Work
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def lines(content: bytes) -> list[list[str]]:
    """The cells of a file, as a French spreadsheet reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_is_the_list(cast: Cast, work: Work) -> None:
    asked = Filters.of(qui="moi", tri="recentes")
    with as_owner():
        Intervention.objects.filter(pk=work.jeanne[0]).update(title='=HYPERLINK("http://x";"voir")\n; fin')
    with acting(cast.alice.actor), clock.at(MONDAY + days(5)):
        head, *rows = lines(export(asked))
        shown = reads.page(reads.ask(asked)).rows
    assert head[:3] == ["Référence", "Personne", "Demande"]
    assert [row[0] for row in rows] == [row.reference for row in shown]
    assert {row[1] for row in rows} == {"Mme Jeanne Roux"}
    assert rows[-1][2] == '\'=HYPERLINK("http://x";"voir")\n; fin'
    assert rows[0][6:8] == ["Alice", "Portefeuille 1"]
    with as_owner():
        entry = Entry.objects.get(verb="worklist.exported")
        assert json.loads(Body.objects.get(entry_id=entry.pk).data) == {"lines": 3, "query": asked.query()}


def test_a_stranger_s_file_is_empty(cast: Cast, work: Work) -> None:
    with acting(cast.charlie.actor):
        assert len(lines(export(Filters.of(etat="toutes")))) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+33 5", "-2", "@SUM(A1)", "\t=1", "  =1", "\r=1", "|cmd", "%0A=1"])
def test_nothing_begins_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"Mme {cell}") == f"Mme {cell}"


def test_too_long_a_file_is_refused(cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gruppetto.service.worklists.reads.total", lambda asked: Count(10_000, capped=True))
    with acting(cast.alice.actor), pytest.raises(Refused, match="ajoutez un filtre"):
        export(Filters())
