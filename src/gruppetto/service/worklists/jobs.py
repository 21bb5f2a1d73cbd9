"""Bulk acts are forgotten thirty days after: the journal and the moves of each intervention have the whole story."""

from __future__ import annotations

from datetime import timedelta

from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.queue import every
from gruppetto.service.worklists.models import BulkAct
from gruppetto.service.worklists.privacy import DAYS

CHUNK = 500


@every("worklists.forget_bulk_acts", "40 2 * * *")
def forget_bulk_acts() -> None:
    """Delete those prepared more than thirty days ago, with their lines."""
    old = BulkAct.objects.filter(prepared_at__lt=now() - timedelta(days=DAYS)).order_by("id")
    BulkAct.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:CHUNK])).delete()
