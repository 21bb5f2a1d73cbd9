"""Jobs of this room."""

from uuid import UUID

from gruppetto.kernel import clock
from gruppetto.kernel.jobs.queue import enqueue, every, job, take_up
from gruppetto.registry.people import shelves
from gruppetto.registry.people.duplicates import finding
from gruppetto.registry.people.models import StartingList
from gruppetto.registry.people.starting_lists.loading import forget, load_chunk

LOAD = "people.load_list"
LOOK = "people.look_for_duplicates"
SWEEP = "people.sweep_batch"
# Batches of one night: 100 000 records; the rest waits for the next one.
MOST_BATCHES = 200


@job(LOAD)
def load_list(*, subject_id: str, **_fact: object) -> None:
    """One chunk of a list; the verb publishes the next one."""
    load_chunk(UUID(subject_id))


@every("people.take_up_lists", "25 * * * *")
def take_up_lists() -> None:
    """A chunk that failed at its last try stops a list half way: it goes on an hour later at most."""
    for list_id in StartingList.objects.filter(state=StartingList.State.LOADING).values_list("pk", flat=True):
        take_up(LOAD, list_id)


@every("people.forget_lists", "40 3 * * *")
def forget_lists() -> None:
    """Remove what was typed in lists that are 30 days old."""
    forget(clock.now())


@job(LOOK)
def look_for_duplicates(*, subject_id: str, **_fact: object) -> None:
    """Somebody was added or changed: whom do they look like?"""
    finding.look_at([UUID(subject_id)])


@every("people.sweep_duplicates", "10 2 * * *")
def sweep_duplicates() -> None:
    """The first batch of the night; each batch is a transaction of its own, and calls the next."""
    enqueue(SWEEP, batch=0)


@job(SWEEP)
def sweep_batch(*, batch: int) -> None:
    """Records that nobody has looked at yet: those written many at once."""
    if finding.sweep() == finding.BATCH and batch < MOST_BATCHES:
        enqueue(SWEEP, batch=batch + 1)


@every("people.forget_told_apart", "50 3 * * *")
def forget_told_apart() -> None:
    """A year after, what was said of two records may be asked again."""
    finding.forget(clock.now())


@every("people.check_shelves", "30 3 * * *")
def check_shelves() -> None:
    """What no foreign key refuses is looked for each night; ``gruppetto doctor`` tells."""
    shelves.check(clock.now())
