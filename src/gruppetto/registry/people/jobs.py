"""Jobs of this room."""

from uuid import UUID

from gruppetto.kernel import clock
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.people.starting_lists.loading import forget, load_chunk

LOAD = "people.load_list"


@job(LOAD)
def load_list(*, subject_id: str, **_fact: object) -> None:
    """One chunk of a list; the verb publishes the next one."""
    load_chunk(UUID(subject_id))


@every("people.forget_lists", "40 3 * * *")
def forget_lists() -> None:
    """Remove what was typed in lists that are 30 days old."""
    forget(clock.now())
