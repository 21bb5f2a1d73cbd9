"""What the journal does by itself: it is sealed three times a minute, and old looks go each night.

Both go a batch at a time: none holds the journal for long.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from psycopg import errors

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.jobs.queue import every
from gruppetto.kernel.journal import keys, sealing
from gruppetto.kernel.journal.forgetting import forget_looks
from gruppetto.kernel.journal.writing import act

FORGET = "journal.forget_looks"
BATCH, BATCHES = 5_000, 400
SEAL = "journal.seal"
# At most that many batches a tick, so that pages never feel it: what an invented past leaves to seal is for later.
TICK = 5

logger = logging.getLogger(__name__)


@every(SEAL, "* * * * * */20", in_steps=True)
def seal_what_waits() -> None:
    """Three times a minute, in the worker that has the sealer's address; another one leaves it to that one."""
    if settings.GRUPPETTO_SEALER:
        seal_some(settings.GRUPPETTO_SEALER, settings.GRUPPETTO_SEAL_KEY_FILE)


def seal_some(address: str, place: Path, batches: int = TICK, most: int = sealing.BATCH) -> int:
    """Seal batch after batch until nothing waits; how many entries. What forbids it is said in the log.

    ``address``: the sealer's; ``place``: the file of the key.
    """
    total = 0
    try:
        key = keys.read(place)
        with sealing.sealer(address) as connection:
            for _turn in range(batches):
                done = sealing.seal(connection, key, most)
                total += done
                if done < most:
                    break
    except (keys.KeyUnfit, sealing.AnotherKey, sealing.Unsound) as reason:
        logger.error("The journal is not sealed: %s", reason)
    except (errors.UniqueViolation, errors.LockNotAvailable, errors.DeadlockDetected):
        # Another sealer was first; this one comes back at the next tick.
        logger.info("Another sealer is at work.")
    return total


@every(FORGET, "20 3 * * *", in_steps=True)
def forget_old_looks() -> None:
    """Each night."""
    forget_what_is_old()


def forget_what_is_old(batch: int = BATCH) -> int:
    """Batch after batch until none is old, or until a night's share is done; how many went. Each batch is journaled."""
    total = 0
    for _turn in range(BATCHES):
        with acting(Actor.job(FORGET)):
            gone = forget_looks(settings.GRUPPETTO_LOOKS_MONTHS, batch)
            if gone:
                act("journal.looks_forgotten", body={"count": gone})
        total += gone
        if gone < batch:
            break
    return total
