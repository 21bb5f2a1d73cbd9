"""What leaves the journal, and how: a body by the owner's word, looks with time. Entries of acts never do."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.typed import written

LONGEST = 200


@verb
def forget(entry_id: UUID, why: str) -> bool:
    """Forget the body of an entry, for good; False when that was done already. The database allows its owner alone.

    The entry, its commitment and its leaf stay, so that proofs hold; the forgetting is an entry too. Raises
    ``Unknown`` (entry-unknown), ``Refused``: empty, too-long.
    """
    why = written(why, "why", LONGEST, _("Dites pourquoi."))
    if not Entry.objects.filter(pk=entry_id).exists():
        raise Unknown(_("Cette entrée n’existe pas."), code="entry-unknown")
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal.forget(%s, %s)", [entry_id, why])
        return bool(cursor.fetchone()[0])


def forget_looks(months: int, batch: int) -> int:
    """Delete at most ``batch`` looks older than ``months``, the oldest first; returns how many went (worker only)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal.forget_looks(%s, %s)", [months, batch])
        return int(cursor.fetchone()[0])
