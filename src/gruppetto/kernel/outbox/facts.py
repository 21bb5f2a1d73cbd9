"""Publish a fact; say which job follows from a topic."""

from __future__ import annotations

import json
from collections import defaultdict
from uuid import UUID

from django.db import connection

from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.identifiers import new_id

_subscribers: dict[str, list[str]] = defaultdict(list)


def publish(
    topic: str,
    subject_id: UUID | None = None,
    *,
    portfolio_id: int | None = None,
    **about: object,
) -> None:
    """Write that ``topic`` happened to ``subject_id``, in the current transaction; ``about``: identifiers only.

    The relay wakes the pages that listen to ``topic`` (and to ``portfolio:<id>``) and enqueues the jobs subscribed.
    """
    current_actor()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_fact (id, topic, subject_id, portfolio_id, about) VALUES (%s, %s, %s, %s, %s)",
            [new_id(), topic, subject_id, portfolio_id, json.dumps(about, default=str)],
        )


def subscribe(topic: str, task: str) -> None:
    """Run the job named ``task`` (its import path) for each fact of ``topic``; called from a room's ``apps.ready``."""
    if task not in _subscribers[topic]:
        _subscribers[topic].append(task)


def subscribers(topic: str) -> list[str]:
    """The jobs that follow from ``topic``."""
    return list(_subscribers.get(topic, ()))
