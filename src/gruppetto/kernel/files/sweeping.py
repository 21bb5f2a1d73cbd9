"""The nightly order of the folder: what may go goes, what no row names goes, old keys are replaced."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from django.db import connection, transaction

from gruppetto.kernel.clock import now
from gruppetto.kernel.files import shelving
from gruppetto.kernel.files.models import File
from gruppetto.kernel.files.verbs import remove
from gruppetto.kernel.secrets import Sealed, rewrap
from gruppetto.kernel.secrets.envelope import keyring
from gruppetto.kernel.secrets.fields import SealedText

CHUNK = 500
# Long enough for a restored database to be rolled forward before its folder is put in order.
ORPHANS_KEPT = timedelta(days=7)


def remove_expired() -> int:
    """Remove files whose time is over, one chunk of 500 at most; returns how many went."""
    over = File.objects.filter(kept_until__lte=now()).order_by("kept_until").values_list("pk", flat=True)
    for file_id in (ids := list(over[:CHUNK])):
        remove(file_id, "kept-long-enough")
    return len(ids)


def remove_orphans() -> int:
    """Remove contents older than a week that no row names (an upload cut before its commit); returns how many.

    Raises RuntimeError unless the database role sees all rows: to any other, every content would look orphaned.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != "gruppetto_worker":
            raise RuntimeError("only the worker sees all files: it alone may say that one is an orphan")
    old = shelving.written_before((now() - ORPHANS_KEPT).timestamp())
    gone = 0
    while chunk := list(islice(old, CHUNK)):
        ids = {file_id for _path, file_id in chunk if file_id}
        named = set(File.objects.filter(pk__in=ids).values_list("pk", flat=True))
        for path, file_id in chunk:
            if file_id not in named:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def replace_old_keys() -> int:
    """Wrap the keys of one chunk of files again with the current outer key; returns how many were."""
    columns = ("pk", "key_id", "wrapped_key", "name")
    with transaction.atomic():
        old = (
            File.objects.exclude(key_id=keyring().current).order_by("pk").select_for_update(skip_locked=True)
        )
        rows = list(old.values_list(*columns)[:CHUNK])
        for file_id, key_id, wrapped, name in rows:
            moved = rewrap(Sealed(key_id, bytes(wrapped), b"", b""))
            File.objects.filter(pk=file_id).update(
                key_id=moved.key_id,
                wrapped_key=moved.wrapped_key,
                name=SealedText(rewrap(Sealed.from_bytes(name)).to_bytes()),
            )
    return len(rows)
