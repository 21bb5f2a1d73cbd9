"""What follows from a file: its scan, asked again while the antivirus is away, and the nightly order."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gruppetto.kernel.clock import now
from gruppetto.kernel.files import sweeping
from gruppetto.kernel.files.models import File, State
from gruppetto.kernel.files.verbs import RECEIVED, scan
from gruppetto.kernel.jobs.queue import enqueue, every, job

__all__ = ["RECEIVED", "SCAN", "order", "remove_orphans", "scan_again", "scan_received"]
SCAN = "files.scan"
AGAIN_AFTER = timedelta(minutes=10)
AGAIN_AT_MOST = 200


@job(SCAN)
def scan_received(subject_id: str, **fact: object) -> None:
    """Scan one file (``subject_id``: its id)."""
    scan(UUID(subject_id))


def waiting_again() -> None:
    """Enqueue again the scan of what has waited: the antivirus was away, or a job was lost."""
    waiting = File.objects.filter(state=State.QUARANTINED, created_at__lt=now() - AGAIN_AFTER)
    for file_id in waiting.order_by("created_at").values_list("pk", flat=True)[:AGAIN_AT_MOST]:
        enqueue(SCAN, subject_id=str(file_id))


@every("files.scan_again", "*/10 * * * *")
def scan_again() -> None:
    """Every ten minutes: what still waits."""
    waiting_again()


@every("files.order", "25 * * * *")
def order() -> None:
    """One chunk an hour of files whose time is over, and of keys to replace."""
    sweeping.remove_expired()
    sweeping.replace_old_keys()


@every("files.orphans", "15 2 * * *")
def remove_orphans() -> None:
    """Take away what uploads cut short left in the folder."""
    sweeping.remove_orphans()
