"""What the clock does for telephony."""

from __future__ import annotations

from gruppetto.gateways.telephony import spool
from gruppetto.kernel.jobs.queue import every


@every("telephony.replay_spool", "* * * * *")
def replay_what_was_kept() -> None:
    """Take up the events received while the database was away; one worker for each machine that receives them."""
    spool.replay_spool()
