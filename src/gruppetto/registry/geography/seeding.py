"""Filling the tables from the seed: COPY into staging tables, then one upsert a table; may run again."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db import connection, transaction

from gruppetto.registry.geography.names import name_key

Row = dict[str, str]

STAGING = """
DROP TABLE IF EXISTS pg_temp.staged_commune, pg_temp.staged_postcode, pg_temp.staged_territory;
CREATE TEMPORARY TABLE staged_commune (
    code text, nature text, name text, name_key text, department_id text, region_id text, epci_code text,
    epci_name text, population int, latitude float8, longitude float8, precision text, valid_from date,
    valid_until date, merged_into_id text) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_postcode (
    commune_id text, postcode text, estimated_population int, is_estimate boolean) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_territory (level text, code text, name text, region_id text) ON COMMIT DROP;
"""

# Rows already equal are left alone: a second run writes nothing.
TERRITORIES = """
INSERT INTO geography_region AS r (code, name)
SELECT code, name FROM staged_territory WHERE level = 'region'
ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE r.name <> excluded.name;
INSERT INTO geography_department AS d (code, name, region_id)
SELECT code, name, region_id FROM staged_territory WHERE level = 'department'
ON CONFLICT (code) DO UPDATE SET name = excluded.name, region_id = excluded.region_id
WHERE (d.name, d.region_id) <> (excluded.name, excluded.region_id);
"""

FACTS = (
    "nature",
    "name",
    "name_key",
    "department_id",
    "region_id",
    "epci_code",
    "epci_name",
    "population",
    "valid_from",
    "valid_until",
    "merged_into_id",
)
POSITION = ("latitude", "longitude", "precision")

# A position loaded from the official file is better than ours: it stays.
COMMUNES = f"""
INSERT INTO geography_commune AS c (code, {", ".join((*FACTS, *POSITION))})
SELECT code, {", ".join((*FACTS, *POSITION))} FROM staged_commune ORDER BY code
ON CONFLICT (code) DO UPDATE SET
    {", ".join(f"{f} = excluded.{f}" for f in FACTS)},
    {", ".join(f"{p} = CASE c.precision WHEN 'official' THEN c.{p} ELSE excluded.{p} END" for p in POSITION)}
WHERE ({", ".join(f"c.{f}" for f in FACTS)}) IS DISTINCT FROM ({", ".join(f"excluded.{f}" for f in FACTS)})
   OR (c.precision <> 'official' AND (c.latitude, c.longitude, c.precision)
       IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.precision))
"""  # noqa: S608  (names of columns, written above)

POSTCODES = """
INSERT INTO geography_communepostcode AS p (commune_id, postcode, estimated_population, is_estimate)
SELECT commune_id, postcode, estimated_population, is_estimate FROM staged_postcode ORDER BY 2, 1
ON CONFLICT (commune_id, postcode) DO UPDATE
SET estimated_population = excluded.estimated_population, is_estimate = excluded.is_estimate
WHERE (p.estimated_population, p.is_estimate)
    IS DISTINCT FROM (excluded.estimated_population, excluded.is_estimate)
"""
STALE_POSTCODES = """
DELETE FROM geography_communepostcode p USING staged_commune c
WHERE c.code = p.commune_id
  AND NOT EXISTS (SELECT FROM staged_postcode s WHERE (s.commune_id, s.postcode) = (p.commune_id, p.postcode))
"""


@dataclass(frozen=True)
class Loaded:
    """How many rows the seed has for what was asked, and how many had to be written."""

    communes: int
    former: int
    postcodes: int
    written: int


def load(departments: Iterable[str] = (), progress: Callable[[str], None] = lambda line: None) -> Loaded:
    """Bring the tables to the state of the seed, for ``departments`` (codes) or for all of France.

    As the owner role. Nothing is ever removed but a postcode that a commune no longer has.
    Raises ``ValueError`` when a department is not in the seed.
    """
    wanted = frozenset(departments)
    territories = list(_rows("territories.csv"))
    known = {row["code"] for row in territories if row["level"] == "department"}
    if unknown := wanted - known:
        raise ValueError(f"not a department: {', '.join(sorted(unknown))}")
    current = [row for row in _rows("communes.csv.gz") if not wanted or row["department"] in wanted]
    by_code = {row["code"]: row for row in current}
    former = [row for row in _rows("former.csv") if row["successor"] in by_code]
    progress(f"{len(current)} communes read")
    parts = [part for row in current for part in shares(row)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGING)
        _copy(
            cursor, "staged_territory", ((t["level"], t["code"], t["name"], t["region"]) for t in territories)
        )
        _copy(cursor, "staged_commune", map(_current, current))
        _copy(cursor, "staged_commune", (_former(row, by_code[row["successor"]]) for row in former))
        _copy(cursor, "staged_postcode", parts)
        cursor.execute(TERRITORIES)
        written = 0
        for statement, what in (
            (COMMUNES, "communes"),
            (STALE_POSTCODES, "old postcodes"),
            (POSTCODES, "postcodes"),
        ):
            cursor.execute(statement)
            written += cursor.rowcount
            progress(f"{what}: {cursor.rowcount} rows written")
    with connection.cursor() as cursor:
        # Else each search goes through the entries not yet filed, and the planner prefers to read the table.
        cursor.execute("SELECT gin_clean_pending_list('commune_by_trigram')")
        cursor.execute("ANALYZE geography_commune, geography_communepostcode")
    return Loaded(len(current), len(former), len(parts), written)


def shares(row: Row) -> list[tuple[str, str, int | None, bool]]:
    """(commune, postcode, inhabitants, whether that is an estimate) of one commune of the seed.

    ``75001=15114`` is a district counted by itself; the rest of the commune is shared out equally, the
    remainder to the first postcodes, so that the parts add up to the commune.
    """
    population = int(row["population"]) if row["population"] else None
    listed = [part.partition("=")[::2] for part in row["postcodes"].split()]
    counted = {postcode: int(people) for postcode, people in listed if people}
    others = [postcode for postcode, people in listed if not people]
    if population is None:
        return [(row["code"], postcode, counted.get(postcode), False) for postcode, _ in listed]
    each, left = divmod(max(population - sum(counted.values()), 0), len(others) or 1)
    guessed = {postcode: each + (rank < left) for rank, postcode in enumerate(others)}
    return [
        (row["code"], postcode, counted.get(postcode, guessed.get(postcode)), len(others) > 1 and not people)
        for postcode, people in listed
    ]


def _rows(name: str) -> Iterator[Row]:
    data = (files("gruppetto.registry.geography") / "seed" / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    return iter(csv.DictReader(text.splitlines(), delimiter=";"))


def _current(row: Row) -> Sequence[object]:
    facts = (row["code"], "current", row["name"], name_key(row["name"]), row["department"], row["region"])
    position = (row["latitude"] or None, row["longitude"] or None, row["precision"])
    more = (row["epci_code"], row["epci_name"], row["population"] or None, *position)
    return (*facts, *more, row["valid_from"] or None, None, None)


def _former(row: Row, successor: Row) -> Sequence[object]:
    facts = (row["code"], row["nature"], row["name"], name_key(row["name"]))
    place = (successor["department"], successor["region"], "", "", None, None, None, "")
    return (*facts, *place, None, row["valid_until"] or None, successor["code"])


def _copy(cursor: Any, table: str, rows: Iterable[Sequence[object]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
