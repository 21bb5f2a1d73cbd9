"""The queue looks after itself."""

from __future__ import annotations

from gruppetto.kernel.jobs.orphans import take_back
from gruppetto.kernel.jobs.queue import every


@every("jobs.take_back", "* * * * *")
def take_back_what_was_cut() -> None:
    """Each minute; see ``orphans``."""
    take_back()
