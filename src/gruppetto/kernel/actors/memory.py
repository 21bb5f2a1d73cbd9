"""What an act has read and relies upon until its end: known without asking again.

It waits, like the lines, in the list of what Django does on commit: a savepoint that is undone takes back what was
learnt since, its locks and its changes with it.
"""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Known:
    """``value`` is what is under ``key``; no key: nothing of before is to be relied upon."""

    key: Hashable = None
    value: Any = None

    def __call__(self) -> None: ...


def know(key: Hashable, value: V) -> V:
    """Keep ``value`` as it is now for the rest of the act.

    Its row is locked, or nobody else can see it yet, or the act means it as it was when it began.
    """
    transaction.on_commit(Known(key, copy(value)))
    return value


def known(key: Hashable) -> Any:
    """What the act knows under ``key``, a copy; None when it is to be asked."""
    for waiting in reversed(connection.run_on_commit):
        one = waiting[1]
        if isinstance(one, Known) and one.key in (None, key):
            return copy(one.value)
    return None


def forget() -> None:
    """Ask again from here on: another act begins or ends, or rows were changed by a way that does not say which."""
    if connection.in_atomic_block:
        transaction.on_commit(Known())
