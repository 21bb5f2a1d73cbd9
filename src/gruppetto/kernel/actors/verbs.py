"""What can happen: each verb of the domain is one function, one transaction, a domain object or a domain error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, transaction

from gruppetto.kernel.actors.acting import current_actor
from gruppetto.kernel.actors.sentences import refused_by_database
from gruppetto.kernel.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make ``function`` a verb: all of it happens or nothing, never without an actor.

    What the database refuses by a named rule comes out as ``Refused`` with the rule's own sentence; every
    refusal is kept for the journal (see ``acting``).
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = current_actor()
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except Refused as refused:
            _remember(actor.refusals, refused, function)
            raise
        except DatabaseError as error:
            broken = refused_by_database(error)
            if broken is None:
                raise
            _remember(actor.refusals, broken, function)
            raise broken from error

    return run


def _remember(refusals: list[Refused], refused: Refused, function: Callable[P, R]) -> None:
    if all(known is not refused for known in refusals):
        refused.facts.setdefault(
            "verb",
            f"{function.__module__.removeprefix('gruppetto.')}.{function.__name__}",
        )
        refusals.append(refused)
