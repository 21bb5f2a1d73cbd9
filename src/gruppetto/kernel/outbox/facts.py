"""Publish a fact; say which job follows from a topic."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.actors.lines import Book, keep
from gruppetto.kernel.identifiers import new_id

FACTS = Book(
    "fact",
    """SELECT * FROM json_to_recordset(%s) AS line (
        place int, id uuid, topic text, subject_id uuid, portfolio_id int, about jsonb) ORDER BY place""",
    (
        # No two facts of an act have one moment: they are relayed in its order.
        """INSERT INTO outbox_fact (id, topic, subject_id, portfolio_id, about, written_at)
        SELECT id, topic, subject_id, portfolio_id, about, statement_timestamp() + place * interval '1 microsecond'
        FROM fact""",
    ),
)

_subscribers: dict[str, list[str]] = defaultdict(list)


def publish(
    topic: str,
    subject_id: UUID | None = None,
    *,
    portfolio_id: int | None = None,
    **about: object,
) -> None:
    """Write that ``topic`` happened to ``subject_id``, when the current act ends; ``about``: identifiers only.

    The relay wakes the pages that listen to ``topic`` (and to ``portfolio:<id>``) and enqueues the jobs subscribed.
    """
    current_actor()
    line = {
        "id": new_id(),
        "topic": topic,
        "subject_id": subject_id,
        "portfolio_id": portfolio_id,
        "about": about,
    }
    keep(FACTS, line)


def subscribe(topic: str, task: str) -> None:
    """Run the job named ``task`` (its import path) for each fact of ``topic``; called from a room's ``apps.ready``."""
    if task not in _subscribers[topic]:
        _subscribers[topic].append(task)


def subscribers(topic: str) -> list[str]:
    """The jobs that follow from ``topic``."""
    return list(_subscribers.get(topic, ()))
