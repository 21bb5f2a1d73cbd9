"""Derive the seed of ``registry.geography`` from two packages; run by hand, once a year.

    npm pack @etalab/decoupage-administratif@6.0.0     (then unpack; the folder is PACKAGE)
    pip install 'gruppetto[seed]'
    PYTHONPATH=src python scripts/seed_geography.py PACKAGE --copied-on 2026-11-22 \
        [--earlier 2021=FOLDER --earlier 2022=FOLDER …]

``--earlier`` names the unpacked package of an earlier year (its README gives the table of years): a
commune that was in one year's list and is not in the next ceased on the 1 January between them.
Nothing third-party is kept: only what is derived, with its sources in ``SOURCES.md``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from geonames_places import Place, locate, places

from gruppetto.registry.geography.names import name_key

SEED = Path(__file__).parents[1] / "src/gruppetto/registry/geography/seed"
NATURES = {
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "district",
}
Record = dict[str, Any]


@dataclass(frozen=True)
class Package:
    """One year of the official lists, as unpacked."""

    communes: list[Record]
    departments: list[Record]
    regions: list[Record]
    groups: list[Record]
    version: str

    @classmethod
    def read(cls, folder: Path) -> Package:
        """Read the unpacked npm package in ``folder``; FileNotFoundError when it is not one."""

        def load(name: str) -> list[Record]:
            return list(json.loads((folder / "data" / f"{name}.json").read_text("utf-8")))

        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        return cls(load("communes"), load("departements"), load("regions"), load("epci"), version)

    @property
    def current(self) -> list[Record]:
        """The communes in force (the list also holds their former and delegated parts)."""
        return [c for c in self.communes if c["type"] == "commune-actuelle"]


def changes(years: Mapping[int, Package]) -> tuple[dict[str, int], dict[str, int], dict[str, str]]:
    """(code → year it ceased, code → year it appeared, code → name) seen by comparing successive years."""
    ceased: dict[str, int] = {}
    appeared: dict[str, int] = {}
    names: dict[str, str] = {}
    ordered = sorted(years)
    for year in ordered:
        names |= {c["code"]: c["nom"] for c in years[year].communes}
    for before, after in pairwise(ordered):
        old, new = ({c["code"] for c in years[y].current} for y in (before, after))
        ceased |= dict.fromkeys(old - new, after)
        appeared |= dict.fromkeys(new - old, after)
    return ceased, appeared, names


def former_codes(package: Package) -> dict[str, tuple[str, str]]:
    """Code no longer in force → (nature, code of the commune that now stands for it)."""
    current = {c["code"] for c in package.current}
    former: dict[str, tuple[str, str]] = {}
    for commune in package.current:
        former |= dict.fromkeys(commune.get("anciensCodes", []), ("former", commune["code"]))
    for commune in package.communes:
        if commune["code"] not in current:
            successor = commune.get("chefLieu") or commune["commune"]
            former[commune["code"]] = (NATURES[commune["type"]], successor)
    return former


def district_populations(package: Package) -> dict[tuple[str, str], int]:
    """(commune, postcode) → population, where a city's districts have exactly one postcode each."""
    return {
        (c["commune"], c["codesPostaux"][0]): c["population"]
        for c in package.communes
        if c["type"] == "arrondissement-municipal" and len(c["codesPostaux"]) == 1
    }


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV (UTF-8, ``;``, LF), gzipped without a date when ``path`` ends in .gz; the size in bytes."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\n")
    out.writerow(header)
    out.writerows(rows)
    data = text.getvalue().encode()
    if path.suffix == ".gz":
        data = gzip.compress(data, 9, mtime=0)
    path.write_bytes(data)
    return len(data)


def commune_rows(
    package: Package, found: Mapping[str, Place], appeared: Mapping[str, int]
) -> list[list[object]]:
    """One row a current commune, in order of code; what is not known is empty."""
    groups = {m["code"]: (g["code"], g["nom"]) for g in package.groups for m in g["membres"]}
    districts = district_populations(package)
    rows: list[list[object]] = []
    for commune in sorted(package.current, key=lambda c: c["code"]):
        code = commune["code"]
        place = found.get(code)
        postcodes = [
            f"{p}={districts[code, p]}" if (code, p) in districts else p
            for p in sorted(commune.get("codesPostaux", []))
        ]
        rows.append(
            [
                code,
                commune["nom"],
                commune["departement"],
                commune["region"],
                *groups.get(code, ("", "")),
                " ".join(postcodes),
                commune.get("population", ""),
                *((place.latitude, place.longitude, place.precision) if place else ("", "", "")),
                f"{appeared[code]}-01-01" if code in appeared else "",
            ]
        )
    return rows


SOURCES = Path(__file__).with_name("seed_geography_sources.md").read_text("utf-8")


def main() -> None:
    """Write the three files and their sources; print the counts."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("package", type=Path)
    ask.add_argument("--copied-on", type=date.fromisoformat, required=True)
    ask.add_argument("--earlier", action="append", default=[], metavar="YEAR=FOLDER")
    wishes = ask.parse_args()

    package = Package.read(wishes.package)
    year = 2020 + int(package.version.split(".")[0])  # 6.x is 2026, as its README says
    years = {int(y): Package.read(Path(f)) for y, f in (e.split("=", 1) for e in wishes.earlier)}
    ceased, appeared, names = changes({**years, year: package})
    current = package.current
    groups = {m["code"]: g["code"] for g in package.groups for m in g["membres"]}
    listed, geonames = places()
    found = locate(current, groups, listed, name_key)

    rows = commune_rows(package, found, appeared)
    sizes = {"communes": write(SEED / "communes.csv.gz", COMMUNE_HEADER, rows)}
    former = sorted(former_codes(package).items())
    sizes["former"] = write(
        SEED / "former.csv",
        ("code", "name", "nature", "successor", "valid_until"),
        (
            (code, names.get(code, ""), nature, successor, f"{ceased[code]}-01-01" if code in ceased else "")
            for code, (nature, successor) in former
        ),
    )
    territories = [("region", r["code"], r["nom"], "", r["zone"]) for r in package.regions]
    territories += [("department", d["code"], d["nom"], d["region"], d["zone"]) for d in package.departments]
    sizes["territories"] = write(
        SEED / "territories.csv", ("level", "code", "name", "region", "zone"), territories
    )

    figures = precision_table(current, found)
    natures = Counter(nature for nature, _ in dict(former).values())
    (SEED / "SOURCES.md").write_text(
        SOURCES.format(
            copied_on=wishes.copied_on,
            version=package.version,
            earlier=", ".join(f"{p.version} ({y})" for y, p in sorted(years.items())) or "none",
            geonames=geonames,
            communes=len(rows),
            first=min({**years, year: package}),
            former=len(former),
            natures=", ".join(f"{count} {nature}" for nature, count in natures.most_common()),
            regions=len(package.regions),
            departments=len(package.departments),
            precision=figures,
        ),
        "utf-8",
    )
    counted = {"bytes": sizes, "former": dict(natures), "ceased": len(ceased), "restored": len(appeared)}
    sys.stdout.write(f"{figures}\n{counted}\n")


COMMUNE_HEADER = (
    "code",
    "name",
    "department",
    "region",
    "epci_code",
    "epci_name",
    "postcodes",
    "population",
    "latitude",
    "longitude",
    "precision",
    "valid_from",
)


def precision_table(current: Sequence[Record], found: Mapping[str, Place]) -> str:
    """Communes and inhabitants by precision, for France and Haute-Garonne, as a Markdown table."""
    lines = ["| precision | communes | % of inhabitants | Haute-Garonne (31) | % of inhabitants |"]
    lines.append("|---|---|---|---|---|")
    areas = [current, [c for c in current if c["departement"] == "31"]]
    for precision in ("commune", "epci", "department", ""):
        cells = [precision or "none"]
        for area in areas:
            people = sum(c.get("population", 0) for c in area)
            those = [
                c for c in area if (found[c["code"]].precision if c["code"] in found else "") == precision
            ]
            share = sum(c.get("population", 0) for c in those) / people
            cells += [str(len(those)), f"{share:.1%}".replace("%", " %")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
