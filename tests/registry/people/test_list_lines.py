"""One line: facts about a person, or each fault with its column and its reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gruppetto.kernel import clock
from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.people.starting_lists.lines import Clean, broken_accents, check
from gruppetto.registry.people.starting_lists.places import Places, clean_postcode
from gruppetto.registry.people.starting_lists.reading import COLUMNS, NEEDED, Row
from tests.support import factories as make
from tests.support.database import as_owner

GOOD = {
    "nom": "Roux",
    "prenoms": "Jeanne",
    "date_naissance": "3/5/1948",
    "adresse": "12 rue du Temple",
    "code_postal": "31250",
    "commune": "Revel",
    "source_consentement": "courrier signé",
    "date_consentement": "12/1/2026",
}


class Revel(Places):
    """A map with one commune, without a database."""

    def __init__(self) -> None:
        commune = Commune(code="31451", name="Revel", name_key="revel", department_id="31")
        self._by_postcode = {"31250": {"revel": commune}}
        self._merged = {}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


def facts(**typed: str) -> Clean:
    clean, faults = check(Row(2, {**GOOD, **typed}), Revel())
    assert faults == []
    assert clean
    return clean


def faults(**typed: str) -> dict[str, str]:
    clean, found = check(Row(2, {name: text for name, text in {**GOOD, **typed}.items() if text}), Revel())
    assert clean is None
    return {fault.column: fault.why for fault in found}


def test_a_good_line_is_read_as_people_type() -> None:
    read = facts(
        nom_usage="Martin",
        date_naissance="03 05 48",
        telephone_fixe="05.61.00.00.01",
        telephone_mobile="639980102",
        courriel="J@Example.TEST",
        langue="Portugais",
        besoins="malentendante / fauteuil roulant",
        proche_nom="Mme ROUX Martine (fille)",
        proche_telephone="06 39 98 01 03",
        observations="préfère le matin",
        date_consentement="2026-01-12 00:00:00",
    )
    assert (read.birth_date, read.consent_on, read.language) == (date(1948, 5, 3), date(2026, 1, 12), "pt")
    assert (read.numbers, read.email) == (("+33561000001", "+33639980102"), "j@example.test")
    assert read.needs == (
        ("hearing", "malentendante"),
        ("mobility", "fauteuil roulant"),
        ("other", "préfère le matin"),
    )
    assert read.relative
    assert (read.relative.family_name, read.relative.link, read.relative_number) == (
        "ROUX",
        "fille",
        "+33639980103",
    )


def test_the_same_number_twice_is_one_number() -> None:
    assert facts(telephone_fixe="0561000001", telephone_mobile="+33561000001").numbers == ("+33561000001",)


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_needed_cell_is_said(name: str) -> None:
    assert name in faults(**{name: ""})


def test_a_line_without_consent_is_refused_with_its_reason() -> None:
    found = faults(source_consentement="", date_consentement="")
    assert "d’où vient l’accord" in found["source_consentement"]
    assert "quand la personne a donné son accord" in found["date_consentement"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("date_naissance", "31/02/1948", "n’existe pas"),
        ("date_naissance", "3/5/20", "quatre chiffres"),
        ("date_naissance", "hier", "3/5/1948"),
        ("date_consentement", "1/1/2030", "trop tardive"),
        ("telephone_fixe", "05 61", "n’existe pas"),
        ("telephone_mobile", "portable", "chiffres"),
        ("courriel", "jeanne", "courriel"),
        ("langue", "klingon!", "langue"),
        ("code_postal", "99999", "code postal"),
        ("commune", "Toulouse", "Revel"),
        ("besoins", "x" * 301, "trop long"),
        ("proche_nom", "Jeanne Roux", "elle-même"),
        ("proche_telephone", "06 39 98 01 02", "sans son nom"),
        ("nom", "HÃ©lÃ¨ne", "accents"),
        ("nom", "x" * 121, "trop long"),
    ],
)
def test_each_fault_has_its_column_and_its_reason_never_the_value(name: str, text: str, why: str) -> None:
    found = faults(**{name: text})
    column = "proche_nom" if name == "proche_telephone" else name
    assert why in found[column]
    if len(text) > 6 and name not in {"date_naissance", "commune"}:
        assert text not in str(found)


def test_all_the_faults_of_a_line_are_said_at_once() -> None:
    assert set(faults(date_naissance="x", telephone_fixe="y", commune="Z")) == {
        "date_naissance",
        "telephone_fixe",
        "commune",
    }


def test_cells_too_many_are_a_fault_of_the_line() -> None:
    clean, found = check(Row(2, GOOD, cells_too_many=1), Revel())
    assert clean is None
    assert [fault.column for fault in found] == [""]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("HÃ©lÃ¨ne", True),
        ("Lâ€™HaÃ¿", True),
        ("H\ufffdlène", True),
        ("Hélène", False),
        ("JOÃO", False),
        ("Œuvrard", False),
        ("Helene", False),
        ("Ştefan", False),
    ],
)
def test_accents_broken_by_another_program_are_seen(text: str, broken: bool) -> None:
    assert broken_accents(text) is broken


@given(
    typed=st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40), max_size=len(COLUMNS)),
    good=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_line_is_either_good_or_says_what_is_wrong(typed: dict[str, str], good: bool) -> None:
    clean, found = check(Row(2, {**(GOOD if good else {}), **typed}), Revel())
    assert (clean is None) == bool(found)
    assert all(fault.column in {"", *COLUMNS} and fault.why for fault in found)
    if clean:
        assert clean.consent_source.strip()
        assert clean.consent_on <= date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "code"), [("1000", "01000"), ("31 250", "31250"), ("31250", "31250"), ("x", "x")]
)
def test_the_zero_a_spreadsheet_ate_is_put_back(typed: str, code: str) -> None:
    assert clean_postcode(typed) == code


@pytest.mark.django_db
def test_a_commune_is_found_from_its_postcode_and_name(django_assert_num_queries: object) -> None:
    make.commune()
    make.commune("31555", "Toulouse", "31000")
    saint = make.commune("31519", "Saint-Ferréol", "31250")
    with as_owner():
        saint.name_key = "saint ferreol"
        saint.save()
        Commune.objects.create(
            code="31999",
            name="Vieux-Revel",
            name_key="vieux revel",
            nature="former",
            department_id="31",
            region_id="76",
            merged_into_id="31451",
            valid_until=date(2024, 1, 1),
        )
    asked = [
        ("31250", "REVEL", "31451"),
        ("31250", "St Ferréol", "31519"),
        ("31250", "Saint Fereol", "31519"),
        ("31000", "Toulouse Cedex 5", "31555"),
        ("31250", "Vieux Revel", "31451"),
    ]
    with django_assert_num_queries(2):  # type: ignore[operator]
        places = Places((postcode, name) for postcode, name, _code in asked)
        for postcode, name, code in asked:
            assert places.find(postcode, name).pk == code
    for postcode, name in (("31000", "Vieux Revel"), ("31250", "Toulouse"), ("31250", "")):
        with pytest.raises(Refused) as refused:
            places.find(postcode, name)
        assert refused.value.code == "commune-not-of-postcode"
