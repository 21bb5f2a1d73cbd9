"""Jobs left "doing" by a worker that died: begun again, within their number of tries (decisions 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from gruppetto.kernel.jobs.queue import TRIES

SILENCE = timedelta(seconds=30)
"""A worker tells every ten seconds that it lives; after this long it is taken for dead."""

# The queue's lock against doubles is for ticks that wait: another tick may wait already, and both may run.
TAKE_BACK = """
UPDATE procrastinate_jobs j
SET attempts = j.attempts + 1, abort_requested = false, queueing_lock = NULL, scheduled_at = NULL, worker_id = NULL,
    status = CASE WHEN j.attempts + 1 < coalesce(tries.most, 1) THEN 'todo' ELSE 'failed' END::procrastinate_job_status
FROM procrastinate_jobs cut
LEFT JOIN unnest(%s::text[], %s::int[]) AS tries (name, most) ON tries.name = cut.task_name
WHERE j.id = cut.id AND j.status = 'doing' AND NOT EXISTS (
    SELECT FROM procrastinate_workers w
    WHERE w.id = j.worker_id AND w.last_heartbeat > clock_timestamp() - make_interval(secs => %s))
RETURNING j.status
"""


@dataclass(frozen=True)
class TakenBack:
    """How many jobs are begun again, and how many were cut too often and are given up."""

    again: int
    given_up: int


def take_back() -> TakenBack:
    """Put the jobs of dead workers back in the queue, give up those that were cut at their last try (1 query).

    Each job may run twice; one that must not (a telephone that rings) has one try, and is given up. Worker only.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, [list(TRIES), list(TRIES.values()), SILENCE.total_seconds()])
        states = [row[0] for row in cursor.fetchall()]
    return TakenBack(states.count("todo"), states.count("failed"))
