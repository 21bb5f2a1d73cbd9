"""A reference is drawn at random: when it is taken already, another is drawn, and nobody hears of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

P = ParamSpec("P")
R = TypeVar("R")

# One in 890 million is taken by chance: five in a row are no chance, and somebody must look.
DRAWS = 5
REFERENCE = "interventions_intervention_reference_key"


def redrawn(function: Callable[P, R]) -> Callable[P, R]:
    """Do the verb ``function`` again, whole, while the reference it drew is another's; it was undone already."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _draw in range(DRAWS - 1):
            try:
                return function(*args, **kwargs)
            except IntegrityError as error:
                if _broken(error) != REFERENCE:
                    raise
        return function(*args, **kwargs)

    return run


def _broken(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
