"""The map in the database: loading, asking, walls."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from gruppetto.kernel.errors import Unknown
from gruppetto.registry.geography.models import Commune, CommunePostcode, Department, Region
from gruppetto.registry.geography.reads import communes_of, propose, resolve
from gruppetto.registry.geography.seeding import Loaded, load
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole

pytestmark = pytest.mark.django_db


def names(communes: list[Commune]) -> list[str]:
    return [commune.name for commune in communes]


def test_a_second_load_writes_nothing(loaded: Loaded) -> None:
    assert loaded.communes > 1_000
    assert loaded.written == loaded.communes + loaded.former + loaded.postcodes
    with as_owner():
        again = load(("31", "2A", "75", "01"))
    assert again.written == 0
    assert (again.communes, again.former, again.postcodes) == (
        loaded.communes,
        loaded.former,
        loaded.postcodes,
    )


def test_all_regions_and_departments_come_with_any_load(loaded: Loaded) -> None:
    assert (Region.objects.count(), Department.objects.count()) == (26, 109)
    assert Department.objects.get(pk="31").region.name == "Occitanie"


def test_a_load_mends_what_was_altered_and_drops_a_postcode_the_commune_no_longer_has(loaded: Loaded) -> None:
    with as_owner():
        Commune.objects.filter(pk="31555").update(name="Tolosa", population=1)
        CommunePostcode.objects.create(commune_id="31555", postcode="31999")
        assert load(("31",)).written == 2
    assert Commune.objects.get(pk="31555").name == "Toulouse"
    assert not CommunePostcode.objects.filter(postcode="31999").exists()


def test_an_official_position_survives_a_load(loaded: Loaded) -> None:
    with as_owner():
        Commune.objects.filter(pk="31555").update(latitude=43.6, longitude=1.4, precision="official")
        load(("31",))
    assert Commune.objects.get(pk="31555").latitude == 43.6


def test_an_unknown_department_is_refused_before_anything_is_written(db: None) -> None:
    with as_owner(), pytest.raises(CommandError, match="not a department: 99"):
        call_command("seed_geography", departments="31,99")
    assert not Commune.objects.exists()


def test_a_postcode_gives_all_its_communes_the_largest_first(
    loaded: Loaded, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = communes_of("31 470")
    assert "Saint-Lys" in names(found)
    assert len(found) > 5
    populations = [c.population or 0 for c in found]
    assert populations == sorted(populations, reverse=True)
    assert communes_of("00000") == []
    assert communes_of("pas un code") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("toulouse", "Toulouse"),
        ("TOULOU", "Toulouse"),
        ("toulose", "Toulouse"),
        ("st gaudens", "Saint-Gaudens"),
        ("gaudens", "Saint-Gaudens"),
        ("l'union", "L'Union"),
        ("31100", "Toulouse"),
        ("311", "Toulouse"),
        ("ajac", "Ajaccio"),
    ],
)
def test_what_a_person_types_proposes_the_commune_meant(loaded: Loaded, typed: str, first: str) -> None:
    assert names(propose(typed))[0] == first


def test_a_whole_name_comes_before_longer_names(loaded: Loaded) -> None:
    found = names(propose("Auzeville"))
    assert found[0] == "Auzeville-Tolosane"
    assert names(propose("Paris"))[0] == "Paris"


def test_proposals_are_bounded_in_number_and_queries(
    loaded: Loaded, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        found = propose("saint", limit=5)
        assert [[p.postcode for p in c.postcodes.all()] for c in found]
        assert all(c.department.name for c in found)
    assert len(found) == 5
    assert propose("") == propose("  ") == propose("-'") == []
    assert propose("qwxzqwxz") == []
    assert propose("31%' OR 1=1") == []


def test_only_communes_in_force_are_proposed(loaded: Loaded) -> None:
    former = Commune.objects.filter(nature="delegated").exclude(name="").first()
    assert former is not None
    assert former.code not in [c.code for c in propose(former.name, limit=50)]


def test_a_merged_code_gives_itself_before_and_its_successor_after(loaded: Loaded) -> None:
    # Béon (01039) was merged on 1 January 2023.
    assert resolve("01039", on=date(2022, 12, 31)).name == "Béon"
    after = resolve("01039", on=date(2023, 1, 1))
    assert (after.code, after.nature) == ("01138", "current")
    assert resolve("01039").code == "01138"


def test_a_code_abolished_long_ago_and_a_city_district_resolve_too(loaded: Loaded) -> None:
    assert resolve("01003").code == "01165"
    assert resolve("75101").name == "Paris"
    assert resolve("2a004").name == "Ajaccio"


def test_a_chain_of_mergers_is_followed_to_its_end(loaded: Loaded) -> None:
    with as_owner():
        Commune.objects.filter(pk="01138").update(
            nature="former", merged_into="01004", valid_until=date(2025, 1, 1)
        )
    assert resolve("01039", on=date(2024, 6, 1)).code == "01138"
    assert resolve("01039", on=date(2025, 6, 1)).code == "01004"


@pytest.mark.parametrize("code", ["99999", "", "3155", "l'union"])
def test_a_code_no_list_has_is_unknown(loaded: Loaded, code: str) -> None:
    with pytest.raises(Unknown) as refused:
        resolve(code)
    assert refused.value.code == "unknown-commune"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("nature = 'former'", "a_code_not_in_force_has_a_successor"),
        ("merged_into_id = '31001'", "a_code_not_in_force_has_a_successor"),
        ("nature = 'former', merged_into_id = code", "no_commune_succeeds_itself"),
        ("latitude = NULL", "a_position_is_whole_and_says_its_precision"),
        ("precision = ''", "a_position_is_whole_and_says_its_precision"),
        ("precision = 'about'", "a_position_is_whole_and_says_its_precision"),
        ("latitude = 91", "a_position_is_whole_and_says_its_precision"),
        ("valid_from = '2025-01-01', valid_until = '2025-01-01'", "a_commune_begins_before_it_ends"),
    ],
)
def test_the_database_refuses_a_map_that_contradicts_itself(loaded: Loaded, change: str, rule: str) -> None:
    with (
        as_owner(),
        pytest.raises(IntegrityError, match=rule),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE geography_commune SET {change} WHERE code = '31555'")


@pytest.mark.parametrize("code", ["3155A", "2C004", "97", "ABCDE"])
def test_the_database_refuses_a_code_that_is_not_insee(loaded: Loaded, code: str) -> None:
    with (
        as_owner(),
        pytest.raises(IntegrityError, match="an_insee_code_has_five_characters"),
        transaction.atomic(),
    ):
        Commune.objects.create(code=code, name="X", department_id="31", region_id="76")


def test_each_rule_has_a_sentence_of_its_own() -> None:
    for model in (Commune, CommunePostcode):
        for constraint in model._meta.constraints:
            assert "Constraint" not in str(constraint.get_violation_error_message())
            assert str(constraint.get_violation_error_message()).endswith(".")


@pytest.mark.parametrize("table", ["region", "department", "commune", "communepostcode"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_web_role_reads_the_map_and_writes_nothing(loaded: Loaded, table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM geography_{table}")
        assert cursor.fetchone()[0] > 0
        cursor.execute("SELECT has_table_privilege('gruppetto_worker', %s, 'SELECT')", [f"geography_{table}"])
        assert cursor.fetchone() == (True,)
    column = "id" if table == "communepostcode" else "code"
    wish = statement.replace("id = id", f"{column} = {column}").format(f"geography_{table}")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(wish)


def test_on_the_whole_map_each_question_goes_by_an_index(db: None) -> None:
    with as_owner():
        loaded = load()
    assert (loaded.communes, loaded.former) == (34_969, 4_285)
    with CaptureQueriesContext(connection) as asked:
        propose("toul")
        propose("toulose")
        propose("314")
        communes_of("31470")
        resolve("01039")
    found = plans(asked, "geography_commune")
    assert found
    for steps in found:
        assert "geography_commune" not in read_whole(steps), steps
