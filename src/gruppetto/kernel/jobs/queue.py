"""The queue. A job may run twice: each is idempotent by a key in the database. Arguments are identifiers only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gruppetto.kernel.actors import Actor, acting

Work = Callable[..., object]

TRIES: dict[str, int] = {}
"""How many times each job may be begun; what was cut by the death of its worker counts (``orphans``)."""

# A periodic job that fails waits for its next tick; one that was cut is begun again, unless it is what kills workers.
TRIES_OF_A_TICK = 3


def job(
    name: str, *, queue: str = "work", attempts: int = 5, in_steps: bool = False
) -> Callable[[Work], Any]:
    """Make a function a job named ``name`` (``room.what``), run as actor ``job:name`` in one transaction.

    ``attempts``: how many times it may be begun, whether it fails or its worker dies. ``in_steps``: as for ``every``.
    """

    def declare(work: Work) -> Any:
        TRIES[name] = attempts
        # The library counts what follows the first try, and takes zero for "without end".
        again = RetryStrategy(max_attempts=attempts - 1, exponential_wait=4) if attempts > 1 else False
        return app.task(name=name, queue=queue, retry=again)(
            _in_steps(work) if in_steps else _acting_as(name, work)
        )

    return declare


def every(name: str, cron: str, *, queue: str = "clockwork", in_steps: bool = False) -> Callable[[Work], Any]:
    """Make a function a periodic job; ``cron`` in UTC. It selects what is due, never trusts its tick (decisions 23).

    ``in_steps``: it opens ``acting(Actor.job(name))`` itself for each step, and commits between them (decisions 21).
    """

    def declare(work: Work) -> Any:
        def tick(timestamp: int) -> None:
            _in_steps(work)() if in_steps else _acting_as(name, work)()

        TRIES[name] = TRIES_OF_A_TICK
        task = app.task(name=name, queue=queue, queueing_lock=name)(tick)
        return app.periodic(cron=cron)(task)

    return declare


IN_HAND = """
SELECT FROM procrastinate_jobs
WHERE task_name = %s AND args ->> 'subject_id' = %s AND status IN ('todo', 'doing') LIMIT 1
"""


def enqueue(name: str, **identifiers: Any) -> None:
    """Put job ``name`` in the queue, in the current transaction (worker role)."""
    app.configure_task(name).defer(**identifiers)


def take_up(name: str, subject_id: UUID) -> bool:
    """Put job ``name`` of that thing in the queue unless it waits or runs there already; was it put?

    For work done in several jobs, each calling the next: when one has failed at its last try, nothing calls the next.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_HAND, [name, str(subject_id)])
        if cursor.fetchone() is not None:
            return False
    enqueue(name, subject_id=str(subject_id))
    return True


def _acting_as(name: str, work: Work) -> Callable[..., None]:
    @wraps(work)
    def run(**identifiers: Any) -> None:
        close_old_connections()
        with acting(Actor.job(name)):
            work(**identifiers)

    return run


def _in_steps(work: Work) -> Callable[..., None]:
    @wraps(work)
    def run(**identifiers: Any) -> None:
        close_old_connections()
        work(**identifiers)

    return run
