"""The seed itself, without a database: what it must hold, whoever rebuilds it."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from gruppetto.registry.geography.seeding import shares

SEED = files("gruppetto.registry.geography") / "seed"
Row = dict[str, str]


@pytest.fixture(scope="module")
def communes() -> list[Row]:
    text = gzip.decompress((SEED / "communes.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


@pytest.fixture(scope="module")
def former() -> list[Row]:
    return list(csv.DictReader((SEED / "former.csv").read_text("utf-8").splitlines(), delimiter=";"))


def test_every_current_commune_is_there_once(communes: list[Row]) -> None:
    codes = [row["code"] for row in communes]
    assert len(codes) == len(set(codes)) == 34_969
    assert codes == sorted(codes)


def test_figures_of_haute_garonne_and_occitanie_are_those_of_the_official_list(communes: list[Row]) -> None:
    def people(**where: str) -> tuple[int, int]:
        rows = [r for r in communes if all(r[k] == v for k, v in where.items())]
        return len(rows), sum(int(r["population"] or 0) for r in rows)

    assert people(department="31") == (586, 1_471_468)
    assert people(region="76") == (4_446, 6_124_653)
    assert people(code="31555") == (1, 514_819)
    assert sum(int(r["population"] or 0) for r in communes) == 68_952_941


def test_an_absent_population_is_not_zero(communes: list[Row]) -> None:
    assert sum(r["population"] == "" for r in communes) == 6
    assert sum(r["population"] == "0" for r in communes) == 6


def test_a_position_is_whole_and_in_its_country(communes: list[Row]) -> None:
    for row in communes:
        known = (row["latitude"], row["longitude"], row["precision"])
        assert all(known) or not any(known), row
        if row["latitude"] and row["department"] < "97":
            assert 41 < float(row["latitude"]) < 51.2, row
            assert -5.3 < float(row["longitude"]) < 9.6, row


def test_enough_people_live_in_a_commune_whose_own_position_is_known(communes: list[Row]) -> None:
    def share(rows: list[Row]) -> float:
        located = sum(int(r["population"] or 0) for r in rows if r["precision"] == "commune")
        return located / sum(int(r["population"] or 0) for r in rows)

    assert share(communes) > 0.85
    assert share([r for r in communes if r["department"] == "31"]) > 0.90


def test_the_sources_state_the_figures_of_the_files(communes: list[Row], former: list[Row]) -> None:
    told = (SEED / "SOURCES.md").read_text("utf-8")
    for precision, count in Counter(r["precision"] or "none" for r in communes).items():
        assert f"| {precision} | {count} |" in told
    assert f"{len(communes)} communes in force" in told
    assert f"{len(former)} codes" in told


def test_the_compressed_file_bears_no_date() -> None:
    assert (SEED / "communes.csv.gz").read_bytes()[4:8] == bytes(4)


def test_every_former_code_leads_to_a_current_commune(communes: list[Row], former: list[Row]) -> None:
    current = {r["code"] for r in communes}
    assert all(r["successor"] in current for r in former)
    assert not current & {r["code"] for r in former}


def test_the_parts_of_a_commune_add_up_to_its_population(communes: list[Row]) -> None:
    for row in communes:
        parts = shares(row)
        if row["population"] and parts:
            assert sum(part[2] or 0 for part in parts) == int(row["population"]), row


def test_only_a_share_is_called_an_estimate() -> None:
    toulouse = {"code": "31555", "postcodes": "31000 31100 31200", "population": "100"}
    assert shares(toulouse) == [
        ("31555", "31000", 34, True),
        ("31555", "31100", 33, True),
        ("31555", "31200", 33, True),
    ]
    one = {"code": "31001", "postcodes": "31160", "population": "100"}
    assert shares(one) == [("31001", "31160", 100, False)]
    paris = {"code": "75056", "postcodes": "75001=15 75016 75116", "population": "100"}
    assert shares(paris) == [
        ("75056", "75001", 15, False),
        ("75056", "75016", 43, True),
        ("75056", "75116", 42, True),
    ]
    unknown = {"code": "98901", "postcodes": "98799", "population": ""}
    assert shares(unknown) == [("98901", "98799", None, False)]


def test_no_folder_of_this_machine_and_no_registry_is_named_in_the_seed() -> None:
    for path in Path(str(SEED)).glob("*"):
        text = (
            gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
        )
        for trace in ("/home/", "/root", "registry.", "http://"):
            assert trace not in text, (path.name, trace)
