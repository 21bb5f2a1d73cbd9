"""Each figure of the desk leads to its rows, and the rows are those of the supervisor's teams."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from gruppetto.desks.supervision.board import board
from gruppetto.desks.supervision.kinds import KINDS
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox import subscribers
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.coverage.events import MAP_CHANGED
from gruppetto.registry.coverage.jobs import the_map_changed
from gruppetto.registry.coverage.models import Coverage
from gruppetto.registry.coverage.verbs import cover
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts.models import CallBack, Contact, ProtectedRecord
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.models import Message
from tests.desks.supervision.conftest import Line, make_alarm
from tests.service.conftest import Cast
from tests.service.messages.stage import worker
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def counts(cast: Cast) -> dict[str, str]:
    with acting(cast.sylvie.actor):
        return {one.kind.code: one.value for _title, figures in board().families for one in figures}


def rows(client: Client, code: str) -> list[str]:
    """The lines of the queue that the figure of ``code`` leads to."""
    kind = next(kind for kind in KINDS if kind.code == code)
    shown = client.get(kind.href).context
    if code == "envois":
        return [str(line) for line in (*shown["sendings"], *shown["dead_ends"])]
    if code == "non-servies":
        return [str(line) for line in shown["gap_rows"]]
    return [item.key for item in shown["listed"].items]


def test_an_empty_desk_counts_nothing_and_says_so(cast: Cast, sylvie: Client) -> None:
    assert set(counts(cast).values()) == {"0"}
    page = sylvie.get("/responsable/interventions/?file=sans-correspondant").content.decode()
    assert "Toutes les demandes ont quelqu’un qui les suit." in page


def test_every_figure_is_the_number_of_its_rows(
    cast: Cast,
    sylvie: Client,
    line: Line,
    request_of_jeanne: Intervention,
    paul: Person,
    letter: Message,
    alarm: ProtectedRecord,
    doubted: Contact,
    given_up: CallBack,
) -> None:
    make.intervention(paul, cast.sylvie)
    with as_owner():
        Intervention.objects.filter(pk=request_of_jeanne.pk).update(due_at=now() - timedelta(hours=1))
    found = counts(cast)
    assert found == found | {
        "attente": "1",
        "manques": "2",
        "rappels": "1",
        "identites": "1",
        "rappels-abandonnes": "1",
        "sans-personne": "1",
        "sans-correspondant": "1",
        "retard": "1",
        "en-cours": "1",
        "a-placer": "1",
        "a-remettre": "1",
        "a-lire": "1",
    }
    assert {code: str(len(rows(sylvie, code))) for code in found} == found


def test_what_nobody_serves_any_more_is_told_to_who_led_there(cast: Cast, sylvie: Client) -> None:
    with as_owner():
        served = Coverage.objects.get()
        Coverage.objects.update(during=(today() - timedelta(days=30), today()))
    follow_the_map()
    assert counts(cast)["non-servies"] == "1"
    assert sylvie.get(told(sylvie)).context["gap_rows"][0][:2] == ["Revel", "31250"]
    with acting(make.colleague("Gisèle", "back_office").actor):
        cover(served.zone_id, served.team_id, today())
    with as_owner():
        assert Fact.objects.filter(topic=MAP_CHANGED).exists()
    assert subscribers(MAP_CHANGED) == ["coverage.keep_gaps"]
    follow_the_map()
    assert counts(cast)["non-servies"] == "0"


def follow_the_map() -> None:
    """The job, as the worker's role."""
    with worker():
        the_map_changed()


def told(client: Client) -> str:
    """Where the figure of the parts that nobody serves leads, as the page says."""
    found = re.search(r'href="([^"]*file=non-servies)"', client.get("/responsable/").content.decode())
    assert found
    return found[1]


def test_the_first_page_shows_figures_the_load_and_how_they_are_counted(
    sylvie: Client, request_of_jeanne: Intervention, line: Line
) -> None:
    page = sylvie.get("/responsable/")
    chart = page.context["load"]
    assert dict(zip(chart.labels, chart.series[0].values, strict=True)) == {"Alice": 1, "Bob": 0}
    assert all(str(kind.definition) in page.content.decode() for kind in KINDS)
    assert "Le plus ancien attend depuis" in page.content.decode()


def test_the_load_is_in_the_order_of_the_alphabet_never_a_ranking(
    cast: Cast, sylvie: Client, paul: Person
) -> None:
    for _ in range(2):
        make.intervention(make.person("Blanc", "Luc", within=cast.other), cast.bob)
    make.intervention(paul, cast.sylvie)
    chart = sylvie.get("/responsable/").context["load"]
    assert list(chart.labels) == ["Alice", "Bob", "Sans correspondant"]
    assert list(chart.series[0].values) == [0, 2, 1]
    mine = sylvie.get(chart.links[1]).context["listed"]
    assert len(mine.items) == 2
    assert mine.extra["whose"] == "Bob"


def test_panes_are_read_again_alone_and_lists_bring_their_lines_alone(sylvie: Client, line: Line) -> None:
    for address in ("chiffres/", "charge/", "files/?ici=attente"):
        part = sylvie.get(f"/responsable/{address}").content.decode()
        assert "<html" not in part
    lines = sylvie.get("/responsable/appels/?file=attente", headers={"HX-Target": "items"})
    assert "<html" not in lines.content.decode()
    assert "06 •• •• •• 78" in lines.content.decode()


def test_a_list_is_read_page_by_page_without_loss(cast: Cast, sylvie: Client) -> None:
    made = {str(make.intervention(cast.jeanne, cast.alice).pk) for _ in range(30)}
    first = sylvie.get("/responsable/interventions/?file=en-cours").context["listed"]
    second = sylvie.get(f"/responsable/interventions/?file=en-cours&apres={first.after}").context["listed"]
    keys = [item.key for item in (*first.items, *second.items)]
    assert len(first.items) == 25
    assert second.after == ""
    assert len(keys) == len(set(keys))
    assert set(keys) == made


@pytest.mark.parametrize(
    "address",
    [
        "interventions/?file=inconnue",
        "interventions/?qui=x",
        "interventions/?apres=x",
        "appels/?file=retard",
        "fiches-protegees/?file=x",
    ],
)
def test_an_address_that_means_nothing_is_said_so(sylvie: Client, address: str) -> None:
    assert sylvie.get(f"/responsable/{address}").status_code == 404


def test_reading_a_request_leaves_a_look(cast: Cast, sylvie: Client, request_of_jeanne: Intervention) -> None:
    page = sylvie.get(f"/responsable/interventions/{request_of_jeanne.pk}/")
    assert page.status_code == 200
    with as_owner():
        assert Entry.objects.filter(
            verb="intervention.looked_at", account_id=cast.sylvie.account.pk, subject_id=request_of_jeanne.pk
        ).exists()


def test_requests_of_another_team_are_not_there(cast: Cast) -> None:
    stranger = make.colleague("Zoé", "supervisor")
    make.team("Comminges", leader=stranger)
    request = make.intervention(cast.jeanne, cast.alice)
    browser = stranger.signed_in.client()
    assert browser.get("/responsable/interventions/").context["listed"].items == []
    assert browser.get(f"/responsable/interventions/{request.pk}/").status_code == 404


def test_a_protected_record_is_read_with_a_trace_and_counted_read(
    cast: Cast, sylvie: Client, alarm: ProtectedRecord
) -> None:
    listed = sylvie.get("/responsable/fiches-protegees/").content.decode()
    assert "code de carte" not in listed
    read = sylvie.get(f"/responsable/fiches-protegees/{alarm.pk}/").content.decode()
    assert "code de carte" in read
    with as_owner():
        assert Entry.objects.filter(verb="protected.read", subject_id=alarm.pk).count() == 1
    assert rows(sylvie, "a-lire") == []


def test_a_record_about_oneself_is_not_there(cast: Cast, sylvie: Client) -> None:
    about_me = make_alarm(cast, about=cast.sylvie.account.pk)
    assert sylvie.get("/responsable/fiches-protegees/").context["listed"].items == []
    assert sylvie.get(f"/responsable/fiches-protegees/{about_me.pk}/").status_code == 404
    assert counts(cast)["a-lire"] == "0"


def test_who_called_is_masked_until_somebody_takes_the_call(sylvie: Client, line: Line) -> None:
    for file in ("attente", "manques", "rappels"):
        page = sylvie.get(f"/responsable/appels/?file={file}").content.decode()
        assert "06 •• •• •• 78" in page
        assert "612345678" not in page


def test_the_territory_shows_portfolios_zones_and_gaps(cast: Cast, sylvie: Client) -> None:
    make.commune("31499", "Saint-Julia", "31540")
    page = sylvie.get("/responsable/territoire/")
    text = page.content.decode()
    assert {"Portefeuille 1", "Revel (31250)", "Saint-Julia"} <= {
        *(row[0] for row in page.context["portfolio_rows"]),
        *(row[2] for row in page.context["zone_rows"]),
        *(row[0] for row in page.context["gap_rows"]),
    }
    assert "Il y a des trous dans le territoire" in text
