"""A training never opens a real database: each connection looks at how its journal began."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper


def look(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Receive ``connection_created``; closes the door at once on what is real. Raises as ``never_real``."""
    try:
        never_real(connection)
    except ImproperlyConfigured:
        connection.close()
        raise


def never_real(connection: BaseDatabaseWrapper) -> None:
    """Raises ``ImproperlyConfigured`` when the journal began as real; an empty database and an invented one pass."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.journal_origin') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT origin FROM journal_origin WHERE origin <> 'demo'")
        if cursor.fetchone():
            raise ImproperlyConfigured(
                "GRUPPETTO_TRAINING=1 on a database whose journal began as real: training has its own, by "
                "`gruppetto training`."
            )
