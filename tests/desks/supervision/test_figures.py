"""Indicators, waiting, call backs and the map at the desk: figures lead to rows, say how sure they are, rank nobody."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.supervision.drawing import Place, draw, ranges
from gruppetto.insight.indicators.busy import busy_hours, refresh_calls
from gruppetto.insight.indicators.counting import count_current, count_period
from gruppetto.insight.indicators.line import crew, waiting_now
from gruppetto.insight.indicators.measures import MEASURES
from gruppetto.insight.indicators.models import CallSlot
from gruppetto.insight.indicators.periods import Period
from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.staff import verbs
from gruppetto.service.contacts.models import CallBack, LineCall
from tests.insight.indicators.conftest import AT, World, lived, stage
from tests.service.conftest import Cast
from tests.support.database import as_owner

__all__ = ["stage"]
pytestmark = pytest.mark.django_db
DESK = "/responsable"
NOVEMBER = "periode=month&debut=2026-11-01"


@pytest.fixture
def counted(stage: World) -> World:
    """A world with its figures, as on 18 November 2026."""
    lived(stage, Random(11))
    with clock.at(AT), as_owner():
        count_current()
        refresh_calls(date(2026, 9, 14), AT.date())
        Commune.objects.filter(code="31451").update(latitude=43.46, longitude=2.0, precision="commune")
    return stage


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u00a0", " "))


def browser(world: World) -> Client:
    return world.cast.sylvie.signed_in.client()


def test_every_figure_says_what_it_is_on_how_many_and_leads_to_its_rows(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT):
        text = page(sylvie, f"{DESK}/indicateurs/")
        for measure in MEASURES.values():
            assert str(measure.label) in text
            assert f"/indicateurs/{measure.code}/lignes/?" in text
        for address in sorted(set(re.findall(r'href="(/responsable/indicateurs/[^"]+)"', text))):
            page(sylvie, address.replace("&amp;", "&"))


def test_each_list_of_rows_opens_for_each_group(counted: World) -> None:
    sylvie = browser(counted)
    groups = ("", "&groupe=age&valeur=75-84", "&groupe=need&valeur=sight", "&groupe=commune&valeur=31451")
    with clock.at(AT):
        for measure in MEASURES.values():
            for part in ("oui", "non", "tout"):
                for more in groups if measure.cut and part == "oui" else groups[:1]:
                    page(sylvie, f"{DESK}/indicateurs/{measure.code}/lignes/?{NOVEMBER}&part={part}{more}")


def test_the_detail_cuts_by_zone_and_profile_and_never_by_colleague(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT):
        for measure in MEASURES.values():
            text = page(sylvie, f"{DESK}/indicateurs/{measure.code}/?{NOVEMBER}")
            assert "Alice" not in text
            assert "Bob" not in text
            assert "Portefeuille 1" not in text
        text = page(sylvie, f"{DESK}/indicateurs/repeat/?periode=quarter")
        assert "Zone Lauragais" in text
        assert "de 75 à 84 ans" in text


WRONG = (
    "indicateurs/nombre-d-appels-par-agent/",
    "indicateurs/repeat/lignes/?part=peut-etre",
    "indicateurs/repeat/lignes/?groupe=agent&valeur=1",
    "indicateurs/repeat/lignes/?groupe=zone&valeur=1",
    "indicateurs/?periode=siecle",
    "indicateurs/?debut=demain",
    "indicateurs/?equipe=01a2027d-f7e6-70ac-9fba-961afb41cab2",
    "carte/?chiffre=agents",
    "attente/appels/?jour=9&creneau=99",
    "attente/appels/?jour=lundi",
    "rappels/?file=toutes",
)


def test_what_does_not_exist_is_said(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT):
        for address in WRONG:
            assert sylvie.get(f"{DESK}/{address}").status_code == 404, address


def test_pages_hold_when_nothing_was_ever_counted(cast: Cast, sylvie: Client) -> None:
    assert "Pas encore de chiffre" in page(sylvie, f"{DESK}/indicateurs/")
    assert "Les heures d’affluence seront ici" in page(sylvie, f"{DESK}/attente/")
    assert "Aucun appel pris depuis deux heures" in page(sylvie, f"{DESK}/attente/")
    assert "Aucun rappel" in page(sylvie, f"{DESK}/rappels/")
    assert "trop peu pour le dire, ou rien" in page(sylvie, f"{DESK}/carte/")
    page(sylvie, f"{DESK}/indicateurs/fcr/")


def test_the_team_may_be_chosen_and_its_figures_differ(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT):
        text = page(sylvie, f"{DESK}/indicateurs/?equipe={counted.cast.team.pk}")
        assert "Appels perdus" not in text
        page(sylvie, f"{DESK}/indicateurs/repeat/lignes/?equipe={counted.cast.team.pk}")


def test_the_map_has_its_table_and_each_dot_its_words(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT):
        for figure in ("personnes", "retard", "delai", "reiterations"):
            text = page(sylvie, f"{DESK}/carte/?chiffre={figure}&periode=quarter")
            assert re.search(r'<a href="/interventions/\?[^"]*31451[^"]*" aria-label="Revel : ', text)
            assert "<td" in text
            assert "<circle" in text


def test_dots_stay_inside_the_drawing_and_apart_from_each_other() -> None:
    chance = Random(4)
    places = [
        Place(str(n), f"Commune {n}", 43 + chance.random(), 1 + chance.random(), chance.randint(0, 90), value)
        for n, value in enumerate([None, *(chance.random() * 10 for _ in range(40))])
    ]
    drawn = draw(places)
    for dot in drawn.dots:
        assert float(dot.x) - float(dot.r) >= 0
        assert float(dot.x) + float(dot.r) <= float(drawn.width)
        assert float(dot.y) - float(dot.r) >= 0
        assert float(dot.y) + float(dot.r) <= float(drawn.height)
        assert (dot.shade == 0) == (dot.code == "0")
    assert {dot.shade for dot in drawn.dots} == {0, 1, 2, 3, 4}
    assert len(ranges(drawn.steps)) == 4
    radii = [float(dot.r) for dot in drawn.dots]
    assert radii == sorted(radii, reverse=True)
    assert draw([]).dots == ()
    assert [dot.shade for dot in draw(places[:1]).dots] == [0]


def test_communes_without_a_position_of_their_own_stand_apart_from_each_other() -> None:
    places = [Place(str(n), f"Commune {n}", 43.5, 2.0, 1, None, exact=False) for n in range(30)]
    places.append(Place("x", "Revel", 43.6, 2.1, 50, 1.0))
    drawn = draw(places)
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == len(places)
    assert [dot.name for dot in drawn.dots if dot.named] == ["Revel"]
    for dot in drawn.dots:
        assert 0 <= float(dot.x) <= float(drawn.width)
        assert 0 <= float(dot.y) <= float(drawn.height)


def test_names_never_hide_each_other() -> None:
    chance = Random(9)
    places = [
        Place(str(n), "Villefranche-de-Lauragais", 43 + chance.random() / 9, 1 + chance.random() / 9, n, 1.0)
        for n in range(40)
    ]
    lines = [
        (float(dot.label_x) - (200 if dot.anchor == "end" else 0), float(dot.label_y))
        for dot in draw(places).dots
        if dot.named
    ]
    assert lines
    for number, (x, y) in enumerate(lines):
        for other_x, other_y in lines[:number]:
            assert abs(x - other_x) >= 190 or abs(y - other_y) >= 17


def test_busy_hours_are_those_of_the_calls_and_each_leads_to_them(counted: World) -> None:
    sylvie = browser(counted)
    with clock.at(AT), as_owner():
        busy = busy_hours()
        over = [
            one
            for one in counted.calls
            if one.state != "ringing" and one.rang_at.astimezone(clock.PARIS).date() < AT.date()
        ]
        assert sum(one.calls for one in busy.hours) == len(over)
        assert sum(one.missed for one in busy.hours) == sum(one.state == "missed" for one in over)
        before = list(CallSlot.objects.order_by("day", "slot").values_list("day", "slot", "waits"))
        refresh_calls(date(2026, 9, 14), AT.date())
        assert list(CallSlot.objects.order_by("day", "slot").values_list("day", "slot", "waits")) == before
    with clock.at(AT):
        text = page(sylvie, f"{DESK}/attente/")
        links = sorted(set(re.findall(r'href="(/responsable/attente/appels/[^"]+)"', text)))
        assert len(links) == sum(bool(one.calls) for one in busy.hours)
        rows = sum(page(sylvie, one.replace("&amp;", "&")).count('<th scope="row">') for one in links)
        assert rows == len(over)


def test_the_wait_now_is_said_honestly(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        assert waiting_now(AT).sentence.startswith("Aucun appel pris")
    with as_owner():
        for wait in (10, 30, 50):
            rang = AT - timedelta(minutes=wait)
            LineCall.objects.create(
                contact_id=new_id(),
                line="main",
                masked="06",
                recognition="known",
                state="done",
                rang_at=rang,
                taken_at=rang + timedelta(seconds=wait),
            )
        LineCall.objects.create(
            contact_id=new_id(),
            line="main",
            masked="06",
            recognition="known",
            state="ringing",
            rang_at=AT - timedelta(seconds=75),
        )
    with acting(cast.sylvie.actor):
        now = waiting_now(AT)
    assert (now.ringing, now.longest, now.taken, now.median) == (1, 75, 3, 30)
    assert "30 secondes" in now.sentence


def test_who_is_free_leaves_out_who_has_somebody_in_hand(cast: Cast) -> None:
    """On a Wednesday at 10:00, all are on shift; Charlie has a visitor, whom the supervisor cannot see."""
    with as_owner():
        verbs.plan_rota(AT.date(), AT.date())
        cast.bob.record.languages = ["fr", "pt"]
        cast.bob.record.save(update_fields=["languages"])
    world = World(cast, [])
    contact = world.contact(None, AT, channel="counter", state="taken")
    contact.taken_by_id, contact.taken_at = cast.charlie.account.pk, AT
    world.write()
    with acting(cast.sylvie.actor):
        there = crew(at=AT)
        assert [one.staff.account.name for one in there.free] == ["Alice", "Bob", "Sylvie"]
        assert [one.staff.account.name for one in there.busy] == ["Charlie"]
        assert [one.staff.account.name for one in crew("pt", at=AT).free] == ["Bob"]
        assert crew("fsl", at=AT).free == []
    with clock.at(AT):
        text = page(cast.sylvie.signed_in.client(), f"{DESK}/attente/?langue=pt")
    assert "Bob (portugais)" in text


def test_call_backs_show_their_tries_and_numbers_stay_masked(counted: World) -> None:
    sylvie = browser(counted)
    with as_owner():
        due = CallBack.objects.filter(state="due").count()
    with clock.at(AT + timedelta(days=30)):
        text = page(sylvie, f"{DESK}/rappels/?file=faire")
    assert f"À faire ({due})" in text
    assert "+33561000001" not in text
    assert "05 61 00 00 01" not in text


def test_the_pages_cost_few_queries_whatever_the_rows(counted: World) -> None:
    sylvie = browser(counted)
    addresses = [
        f"{DESK}/indicateurs/?{NOVEMBER}",
        f"{DESK}/indicateurs/repeat/?{NOVEMBER}",
        f"{DESK}/indicateurs/repeat/lignes/?{NOVEMBER}&part=tout",
        f"{DESK}/carte/?{NOVEMBER}",
        f"{DESK}/attente/",
        f"{DESK}/rappels/",
    ]
    with clock.at(AT):
        page(sylvie, addresses[0])
        costs = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                page(sylvie, address)
            costs[address] = len(asked)
        lived(World(counted.cast, counted.persons), Random(12))
        with as_owner():
            count_period(Period.holding("month", AT.date()))
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                page(sylvie, address)
            assert len(asked) == costs[address], address
