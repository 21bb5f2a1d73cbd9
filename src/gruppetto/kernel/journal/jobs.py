"""Looks go after their retention, each night, a batch an act: none holds the journal for long."""

from __future__ import annotations

from django.conf import settings

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.jobs.queue import every
from gruppetto.kernel.journal.forgetting import forget_looks
from gruppetto.kernel.journal.writing import act

FORGET = "journal.forget_looks"
BATCH, BATCHES = 5_000, 400


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
