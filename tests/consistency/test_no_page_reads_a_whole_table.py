"""Every list, search and page, as each role: what it asks of a table that grows goes by an index (decisions 4).

No million rows are written: the planner is told that each table has them and to avoid reading one whole; where it does
all the same, no index serves. That it chooses the index by itself on many rows is for the tests of each room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto import launcher
from gruppetto.demo.browser import Browser, Page, read
from gruppetto.demo.crawl import Crawl
from tests.browser import stage
from tests.support import database
from tests.support.races import connected_to

HOST = "http://testserver"
READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.I)
LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")

# What grows with the organisation, its map or its contents, never with the people it helps or what is done for them.
BOUNDED = re.compile(
    "pg_|django_|access_account|mfa_|causes_cause|staff_|coverage_|geography_|organisations_|calendars_|catalogue_|knowledge_"
    "|commitments_|indicators_|service_messages_(?:budget|price|spending|textversion)|people_shelfcheck|worklists_savedview"
)
# Nothing is said of these: a table without a row stays empty in the planner's eyes.
EMPTY = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) = 0
"""
PARTIAL = "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"

# Each page of the planner's picture then holds a million rows: ten pages are ten million.
MANY = """
UPDATE pg_class SET reltuples = 1000000, relpages = 1
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
AVOIDING = """
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
SET LOCAL ROLE gruppetto_web
"""


class Reading(Browser):
    """A browser in the process of the tests; ``asked``: each shape of statement, one example and who asked it."""

    def __init__(self, client: Client, asked: dict[str, tuple[str, str]]) -> None:
        super().__init__(HOST)
        self.client, self.asked = client, asked

    def get(self, path: str) -> Page:
        """Open an address, following where it leads; what it asked of the database is kept."""
        with CaptureQueriesContext(connection) as captured:
            answer: Any = self.client.get(path.removeprefix(HOST), follow=True)
            content = b"".join(answer) if answer.streaming else answer.content
        for query in captured:
            sql = query["sql"]
            if READS.match(sql):
                self.asked.setdefault(LITERAL.sub("?", sql), (sql, urlsplit(path).path))
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        return read(HOST + answer.request["PATH_INFO"], answer.status_code, kind, content)


def whole(plan: dict[str, Any], partial: set[str], empty: set[str], *, few: bool = False) -> Iterator[str]:
    """The tables that a plan reads whole.

    Not counted: a ``partial`` index (it holds what waits), and with ``few`` an order that an index follows up to
    a limit.
    """
    kind, table, index = plan["Node Type"], plan.get("Relation Name", ""), plan.get("Index Name", "")
    if table and table not in empty and not BOUNDED.match(table):
        if kind == "Seq Scan":
            yield table
        elif index and "Index Cond" not in plan and not few and index not in partial:
            yield f"{table} by {index}"
    few = kind == "Limit" or (few and kind not in ("Sort", "Aggregate", "Hash", "Hash Join"))
    for part in plan.get("Plans", ()):
        yield from whole(part, partial, empty, few=few)


def test_every_page_reads_what_grows_by_an_index(server: launcher.Server, django_db_blocker: Any) -> None:
    asked: dict[str, tuple[str, str]] = {}
    crawl, faults = Crawl(), dict[str, str]()
    with django_db_blocker.unblock(), database.copy(server, "plans") as name:
        with connected_to(server.web_url(name)):
            set_ = stage.full(name)
            for role, who in set_.by_role.items():
                crawl.follow(Reading(who.signed_in.client(), asked), role)
        assert crawl.errors == []
        with psycopg.connect(server.superuser_url(name)) as owner:
            partial = {index for [index] in owner.execute(PARTIAL)}
            empty = {table for [table] in owner.execute(EMPTY)}
            owner.execute(MANY)
            owner.execute(AVOIDING)
            for sql, path in asked.values():
                [[told]] = owner.execute("EXPLAIN (FORMAT JSON) " + sql).fetchall()
                plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
                for table in set(whole(plan, partial, empty)):
                    faults.setdefault(f"{table}: {sql}", path)
            owner.rollback()
    assert len(crawl.known) > 100
    assert len(asked) > 300
    assert not faults, "\n\n".join(f"{path} reads all of {what}" for what, path in sorted(faults.items()))
