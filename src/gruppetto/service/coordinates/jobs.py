"""Jobs of this room: how the coordinates of everybody stand."""

from uuid import UUID

from gruppetto.kernel.jobs.queue import every, job
from gruppetto.service.coordinates.weighing import weigh, weigh_all

WEIGH = "coordinates.weigh"


@job(WEIGH)
def weigh_one(*, subject_id: str, **_fact: object) -> None:
    """The person whose record changed."""
    weigh([UUID(subject_id)])


@every("coordinates.weigh_all", "30 2 * * *")
def weigh_everybody() -> None:
    """All the persons we follow: with the days, what was verified becomes old."""
    weigh_all()
