"""A database of about so many interventions: people × months of the demo's past, its accounts, its words, its rows."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from bench.tools.platform import COUNTED
from gruppetto.demo.making import Made
from gruppetto.demo.running import Running, made
from gruppetto.launcher import Server
from gruppetto.launcher.roles import VARIABLES

# Of one subscriber (mission.md): 3.03 a month, 36.4 a year.
A_MONTH, A_YEAR = 3.03, 36.4
# Beyond that, a year of fewer people rather than a month of a region.
MOST_IN_A_MONTH = 100_000
RARE, RARELY = "ornithorynque", 20
ABSENT = "xylophoniste"
ROWS = "requests.csv"

ACCOUNTS = """
SELECT a.id, array_agg(DISTINCT g.portfolio_id ORDER BY g.portfolio_id)
FROM access_account a JOIN access_grant g ON g.account_id = a.id
WHERE a.role IN ('correspondent', 'supervisor') AND g.portfolio_id IS NOT NULL
  AND g.starts <= now() AND (g.until IS NULL OR g.until > now())
GROUP BY a.id ORDER BY a.id
"""
PLANT = """
UPDATE interventions_intervention SET details = concat_ws(' ', nullif(details, ''), %s::text)
WHERE id IN (SELECT id FROM interventions_intervention WHERE portfolio_id = %s ORDER BY id LIMIT %s)
"""
# What the peers are given: the same requests in the same words, said to be of the same people.
REQUESTS = """
COPY (
    SELECT row_number() OVER (ORDER BY i.opened_at, i.id), i.reference, i.title,
           concat_ws(' ', 'Pour ' || concat_ws(' ', p.given_names, p.family_name) || '.', nullif(i.details, ''), (
               SELECT string_agg(a #>> '{}', ' ') FROM jsonb_path_query(i.answers, '$.**') AS a
               WHERE jsonb_typeof(a) = 'string'), (
               SELECT string_agg(n.text, ' ' ORDER BY n.at) FROM interventions_note n WHERE n.intervention_id = i.id)),
           i.answer, dense_rank() OVER (ORDER BY i.subject_id), i.opened_at, i.due_at,
           i.state IN ('confirmed', 'closed', 'cancelled', 'merged'), dense_rank() OVER (ORDER BY i.worker_id)
    FROM interventions_intervention i JOIN people_person p ON p.id = i.subject_id
) TO STDOUT (FORMAT csv)
"""


@dataclass(frozen=True)
class House:
    """The demo's database with nobody at work in it; this process is its owner."""

    demo: Running
    server: Server
    owner: str

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """As the owner, outside row security."""
        return psycopg.connect(self.owner, autocommit=True)

    def counts(self) -> dict[str, int]:
        """How much there is of what a bench's size is told by."""
        with self.connect() as owner:
            return {
                name: self._number(owner, f"SELECT count(*) FROM {table}") for name, table in COUNTED.items()
            }

    def scopes(self) -> dict[str, tuple[UUID, list[int]]]:
        """Who sees one portfolio, about 13, all: account and portfolios, under "1", "13" and "all"."""
        with self.connect() as owner:
            found = owner.execute(ACCOUNTS).fetchall()
        return {
            "1": min(found, key=lambda one: len(one[1])),
            "13": min(found, key=lambda one: abs(len(one[1]) - 13)),
            "all": max(found, key=lambda one: len(one[1])),
        }

    def plant(self, portfolio: int) -> None:
        """Write the rare word into a few requests of ``portfolio``, once, and let search know it."""
        with self.connect() as owner:
            owner.execute("SET gruppetto.actor = 'command:bench'")
            known = "SELECT count(*) FROM finding_word WHERE word = left(%s::text, length(word)) AND length(word) > 8"
            if not self._number(owner, known, RARE):
                owner.execute(PLANT, [RARE, portfolio, RARELY])
                owner.execute("SELECT finding.learn(now() - interval '1 day')")
                owner.execute("VACUUM (ANALYZE)")

    def export(self) -> Path:
        """The requests as the peers are given them; written once."""
        place = self.demo.folder / ROWS
        if not place.exists():
            print("Writing the requests for the peers…", file=sys.stderr)
            partly = place.with_suffix(".part")
            with self.connect() as owner, partly.open("wb") as file, owner.cursor().copy(REQUESTS) as copy:
                for block in copy:
                    file.write(block)
            partly.rename(place)
        return place

    def peer_database(self, peer: str) -> str:
        """The address of a peer's own database on the same server, made if need be."""
        name = f"peer_{peer}"
        if name not in self.server.psql("SELECT datname FROM pg_database;").split():
            self.server.psql(f'CREATE DATABASE "{name}";')
        return self.server.superuser_url(name)

    @staticmethod
    def _number(owner: psycopg.Connection[tuple[Any, ...]], statement: str, *values: object) -> int:
        row = owner.execute(statement, values or None).fetchone()
        return int(row[0]) if row else 0


def sized(parser: ArgumentParser, scale: int) -> None:
    """The arguments of a bench that is told by how many interventions there are."""
    parser.add_argument(
        "--scale", type=int, default=scale, help=f"about so many interventions (default {scale})"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep all the data there, the peers' too, and use them again"
    )


def people_and_years(interventions: int) -> tuple[int, int]:
    """How many subscribers over how many years have about so many interventions (0: a month)."""
    if interventions <= MOST_IN_A_MONTH:
        return max(1, round(interventions / A_MONTH)), 0
    return round(interventions / A_YEAR), 1


@contextmanager
def house(asked: Namespace, bench: str) -> Iterator[House]:
    """The database of that scale, made in the folder if it is not there; Django is set up as the owner."""
    subscribers, years = people_and_years(asked.scale)
    with ExitStack() as stack:
        folder = asked.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix=f"bench-{bench}-"))
        )
        wanted = Made.wanted(subscribers, years, journal=False)
        if not wanted.same_but_for_the_day(Made.read(folder)):
            (folder / ROWS).unlink(missing_ok=True)
        demo = stack.enter_context(made(folder.resolve(), wanted, fresh=False, say=_say))
        if demo.server is None:
            raise SystemExit(
                "This bench starts its own database: unset the addresses of GRUPPETTO_*_DATABASE_URL."
            )
        import django

        django.setup()
        yield House(demo, demo.server, demo.environment[VARIABLES["owner"]])


def _say(words: str) -> None:
    print(words, file=sys.stderr)
