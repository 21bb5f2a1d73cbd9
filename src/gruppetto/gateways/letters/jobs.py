"""What the clock does for letters."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from gruppetto.gateways.letters.folder import Folder
from gruppetto.kernel.jobs.queue import every
from gruppetto.service.messages.ports import printer
from gruppetto.service.messages.returns import receive


@every("letters.answers", "*/15 * * * *")
def take_answers() -> None:
    """Take up what the printer answered; a file goes once what it says is committed."""
    where = printer()
    for path, told in where.answers() if isinstance(where, Folder) else ():
        for one in told:
            receive(one)
        transaction.on_commit(partial(path.unlink, missing_ok=True))
