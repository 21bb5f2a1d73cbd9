"""What signing in leaves behind is removed when its time is over."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session as PageSession
from django.db import connection

from gruppetto.kernel.access import sessions
from gruppetto.kernel.clock import now
from gruppetto.kernel.jobs.queue import every

# As looks: personal data about staff (decisions 16).
SESSIONS_KEPT_DAYS = 365
FAILURES_KEPT = timedelta(days=1)


def remove_what_is_over() -> None:
    """Sessions ended a year ago, pages and failures of yesterday, codes that can serve no more; worker only."""
    sessions.forget_ended(SESSIONS_KEPT_DAYS)
    PageSession.objects.filter(expire_date__lt=now()).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now() - FAILURES_KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_cache WHERE expires < clock_timestamp()")


@every("access.tidy", "10 1 * * *")
def tidy() -> None:
    """Each night; see ``remove_what_is_over``."""
    remove_what_is_over()
