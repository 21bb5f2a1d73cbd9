"""What the clock does for SMS."""

from __future__ import annotations

from gruppetto.gateways.sms import spool
from gruppetto.kernel.jobs.queue import every


@every("sms.replay_spool", "* * * * *")
def replay_what_was_kept() -> None:
    """Take up the callbacks received while the database was away."""
    spool.replay()
