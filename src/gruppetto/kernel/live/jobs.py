"""Presence is a matter of seconds: what a page that broke off left behind goes within the minute."""

from __future__ import annotations

from gruppetto.kernel.jobs.queue import every
from gruppetto.kernel.live import presence


@every("live.forget_presence", "* * * * *")
def forget_presence() -> None:
    """Pages that said nothing for a while are closed: nothing remains of who was there."""
    presence.forget()
