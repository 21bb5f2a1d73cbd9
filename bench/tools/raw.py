"""The raw limit: the statements of ``bench/raw/NAME.sql``, asked of the database alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import psycopg

from bench.tools.driving import Measures
from gruppetto.cli.places import PROJECT


class Raw:
    """One connection, as the owner. ``known``: what the statements name."""

    def __init__(self, bench: str, address: str, known: Mapping[str, Any] | None = None) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.statements, self.known = statements(bench), known or {}
        self.measures: dict[str, Measures] = {}

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_why: object) -> None:
        self.connection.close()

    def do(self, name: str, *, counted: bool = True) -> None:
        """Once; rows are fetched."""
        cpu, began = time.process_time(), time.perf_counter()
        cursor = self.connection.execute(self.statements[name], self.known or None)
        if cursor.description:
            cursor.fetchall()
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        if counted:
            told = {"ms": took * 1000, "cpu_ms": spent * 1000, "queries": 1, "steps": 0}
            self.measures.setdefault(name, Measures()).add(told)


def statements(bench: str) -> dict[str, str]:
    """The statements of a raw file by their names (``-- name: list``)."""
    text = (PROJECT / "bench" / "raw" / f"{bench}.sql").read_text()
    found = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {name.strip(): statement.strip().rstrip(";") for name, _newline, statement in found}
