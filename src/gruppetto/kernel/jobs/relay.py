"""The relay: takes facts from the outbox in batches and, in one transaction, enqueues their jobs and wakes the pages.

``NOTIFY`` holds a lock of the whole database through commit, so acts never notify; the relay does, once a batch
(decisions 20).
"""

from __future__ import annotations

import json
import threading

from django.db import OperationalError, close_old_connections, connection

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.identifiers import drawn_at
from gruppetto.kernel.jobs.queue import enqueue
from gruppetto.kernel.outbox import subscribers

CHANNEL = "gruppetto_live"
BATCH = 200
# A NOTIFY payload holds under 8 000 bytes: thirty notices of about 200.
NOTICES = 30
PAUSE = 0.03

TAKE = """
DELETE FROM outbox_fact WHERE id IN (
    SELECT id FROM outbox_fact ORDER BY written_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, topic, subject_id, portfolio_id, about, written_at
"""


def relay_once() -> int:
    """Relay one batch; returns how many facts it held. Facts and what follows from them commit together."""
    with acting(Actor.job("outbox.relay")):
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [BATCH])
            facts = sorted(cursor.fetchall(), key=lambda fact: (fact[5], fact[0]))
            notices = [
                {
                    "topic": topic,
                    "id": str(subject) if subject else "",
                    "portfolio": portfolio,
                    "at": drawn_at(fact_id),
                }
                for fact_id, topic, subject, portfolio, _, _ in facts
            ]
            for start in range(0, len(notices), NOTICES):
                cursor.execute(
                    "SELECT pg_notify(%s, %s)",
                    [CHANNEL, json.dumps(notices[start : start + NOTICES])],
                )
        for fact_id, topic, subject, portfolio, about, _ in facts:
            for task in subscribers(topic):
                values = json.loads(about) if isinstance(about, str) else about
                enqueue(
                    task,
                    fact_id=str(fact_id),
                    subject_id=str(subject) if subject else None,
                    portfolio_id=portfolio,
                    about=values,
                )
    return len(facts)


def run(stop: threading.Event) -> None:
    """Relay until ``stop`` is set; waits out a database that is away."""
    while not stop.is_set():
        try:
            if relay_once() < BATCH:
                stop.wait(PAUSE)
        except OperationalError:
            close_old_connections()
            stop.wait(1)
