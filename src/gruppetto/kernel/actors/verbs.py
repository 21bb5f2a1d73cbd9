"""What can happen: each verb of the domain is one function, one transaction, a domain object or a domain error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from gruppetto.kernel.actors.acting import current_actor
from gruppetto.kernel.actors.sentences import in_words

P = ParamSpec("P")
R = TypeVar("R")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make ``function`` a verb: all of it happens or nothing, never without an actor.

    What the database refuses by a named rule comes out as ``Refused`` with the rule's own sentence; every
    refusal is kept for the journal (see ``acting``).
    """

    name = f"{function.__module__.removeprefix('gruppetto.')}.{function.__name__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with in_words(current_actor().refusals, name), transaction.atomic():
            return function(*args, **kwargs)

    return run
