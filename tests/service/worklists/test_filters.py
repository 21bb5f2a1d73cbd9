"""An address says what a list shows: written one way, read strictly, refused in words."""

from __future__ import annotations

from urllib.parse import parse_qs
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.desks.shared.lists import address
from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.models import ACTIVE
from gruppetto.service.worklists.fields import FIELDS, STATES, Choice
from gruppetto.service.worklists.filters import ORDERS, Filters
from gruppetto.service.worklists.presets import PRESETS

SOMEBODY = UUID("01a20285-3c4f-725a-8dbe-048df3ee2d9c")


def test_an_address_is_written_one_way() -> None:
    assert address() == "/interventions/"
    assert address(etat="a-confirmer", portefeuille=[3, 4]) == (
        "/interventions/?etat=a-confirmer&portefeuille=3&portefeuille=4"
    )
    assert address(tri="attente", retard=True, qui=SOMEBODY, niveau=None) == (
        f"/interventions/?qui={SOMEBODY}&retard=oui&tri=attente"
    )
    typed = {
        "qui": [str(SOMEBODY).upper(), "moi", "moi", " "],
        "du": ["3/5/26"],
        "vue": ["x"],
        "depuis": ["07"],
    }
    assert Filters.parse(typed).pairs() == [
        ("qui", str(SOMEBODY)),
        ("qui", "moi"),
        ("depuis", "7"),
        ("du", "2026-05-03"),
    ]


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"etat": ["x"]}, "filter-impossible", "etat"),
        ({"couleur": ["bleu"]}, "filter-unknown", None),
        ({"qui": ["'; DROP TABLE interventions_intervention; --"]}, "filter-impossible", "qui"),
        ({"commune": ["31451' OR 1=1"]}, "filter-impossible", "commune"),
        ({"type": ["a" * 10_000]}, "filter-impossible", "type"),
        ({"portefeuille": ["99999999999"]}, "filter-impossible", "portefeuille"),
        ({"portefeuille": [str(n) for n in range(60)]}, "filter-impossible", "portefeuille"),
        ({"type": ["a\0b"]}, "filter-impossible", "type"),
        ({"urgent": ["oui", "non"]}, "filter-impossible", "urgent"),
        ({"depuis": ["0"]}, "filter-impossible", "depuis"),
        ({"depuis": ["²"]}, "filter-impossible", "depuis"),
        ({"du": ["le 32 mai"]}, "filter-impossible", "du"),
        ({"tri": ["prix"]}, "filter-impossible", "tri"),
        ({"du": ["2026-05-03"], "au": ["2026-05-01"]}, "filters-contradict", "au"),
        ({"retard": ["oui"], "etat": ["close"]}, "filters-contradict", "retard"),
        ({"echeance": ["semaine"], "etat": ["toutes"]}, "filters-contradict", "echeance"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    asked: dict[str, list[str]], code: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        Filters.parse(asked)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert len(str(refused.value)) < 200


def test_work_comes_by_deadline_and_the_rest_by_age() -> None:
    assert Filters().states == ACTIVE
    assert Filters().way == "echeance"
    assert Filters.of(etat=["close", "en-cours"]).way == "recentes"
    assert {state for code in STATES for state in Filters.of(etat=code).states} == set(STATES.values())


def test_a_chip_is_taken_away_alone() -> None:
    asked = Filters.of(etat=["close", "annulee"], urgent=True)
    assert asked.without("etat", "close").query() == "etat=annulee&urgent=oui"
    assert asked.without("etat", "close").without("etat", "annulee").query() == "urgent=oui"
    assert asked.without("urgent").query(apres=SOMEBODY) == f"etat=close&etat=annulee&apres={SOMEBODY}"


CHOICES = {
    name: st.sampled_from(list(field.choices)) for name, field in FIELDS.items() if isinstance(field, Choice)
}
ASKED = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.lists(values, max_size=3) for name, values in CHOICES.items()},
        "tri": st.sampled_from([[one] for one in ORDERS]),
    },
)


@given(ASKED)
def test_what_is_stored_and_what_is_written_read_back_the_same(asked: dict[str, list[str]]) -> None:
    try:
        filters = Filters.parse(asked)
    except Refused:
        return
    assert Filters.parse(filters.to_json()) == filters
    assert Filters.parse(parse_qs(filters.query())) == filters
    assert set(filters.states) <= set(STATES.values())


@given(st.dictionaries(st.sampled_from(list(FIELDS)), st.lists(st.text(max_size=100), max_size=3)))
def test_anything_typed_is_read_or_refused(asked: dict[str, list[str]]) -> None:
    try:
        filters = Filters.parse(asked)
    except Refused as refused:
        said = refused
    else:
        assert Filters.parse(parse_qs(filters.query())) == filters
        return
    assert str(said)


def test_every_list_that_everybody_has_can_be_read() -> None:
    assert len({preset.code for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        assert Filters.parse(parse_qs(preset.filters.query())) == preset.filters
