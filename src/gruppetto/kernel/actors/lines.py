"""What an act says of itself (journal, outbox): kept until its end, then written in one statement.

A line shares the fate of the rows it tells of, savepoints undone included: it waits in the list of what Django does on
commit, from which a savepoint that is undone takes what came with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from django.db import connection, models, transaction

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Book:
    """A record that acts only add lines to.

    ``lines``: SQL that reads them, as JSON (%s), into the relation ``name``; ``inserts``: what writes them from there.
    Each line has its ``place`` in the act beside its values.
    """

    name: str
    lines: str
    inserts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Line:
    """One line to write; nothing is left to do on commit."""

    book: Book
    values: dict[str, object]

    def __call__(self) -> None: ...


@dataclass(frozen=True, eq=False)
class Written:
    """These lines are in the database, unless the savepoint they were written in is undone."""

    lines: frozenset[Line]

    def __call__(self) -> None: ...


def keep(book: Book, values: dict[str, object]) -> None:
    """Keep a line of the current act for ``book``; ``acting`` writes it with the others."""
    transaction.on_commit(Line(book, values))


def write() -> None:
    """Write the lines kept so far: at the end of an act, and before anybody reads a book within it (1 query, or 0)."""
    waiting = [callback[1] for callback in connection.run_on_commit]
    written = {line for one in waiting if isinstance(one, Written) for line in one.lines}
    lines = [one for one in waiting if isinstance(one, Line) and one not in written]
    if not lines:
        return
    told: dict[Book, list[dict[str, object]]] = {}
    for place, line in enumerate(lines):
        told.setdefault(line.book, []).append({"place": place, **line.values})
    with connection.cursor() as cursor:
        cursor.execute(_statement(*told), [json.dumps(one, default=str) for one in told.values()])
    transaction.on_commit(Written(frozenset(lines)))


@lru_cache
def _statement(*books: Book) -> str:
    parts = [
        f"{book.name}{rank or ''} AS ({part})"
        for book in books
        for rank, part in enumerate((book.lines, *book.inserts))
    ]
    return f"WITH {', '.join(parts)} SELECT"


class Books(models.Manager[M]):
    """Rows of a book: whoever asks for them within an act finds its own lines too."""

    def get_queryset(self) -> models.QuerySet[M]:
        write()
        return super().get_queryset()
