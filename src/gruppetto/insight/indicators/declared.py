"""Figures that another room adds to the supervisor's page: each with its definition, and where its rows are.

The room that has the rows declares the figure from its ``apps.ready``; nothing here needs to know that room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Declared:
    """``count``: how many, within what the one who asks may see, in at most two queries. ``page``: the name of the
    route of its rows; ``query``: what follows it in the address. ``ability``: who is shown it."""

    code: str
    label: Promise
    definition: Promise
    icon: str
    count: Callable[[], int]
    page: str
    query: str = ""
    ability: str = "supervise"


_declared: dict[str, Declared] = {}


def declare_figure(figure: Declared) -> None:
    """Add a figure; called once per figure. Raises ``ValueError`` for a code declared by another room."""
    known = _declared.setdefault(figure.code, figure)
    if known != figure:
        raise ValueError(f"the figure {figure.code} is declared twice")


def declared_figures() -> tuple[Declared, ...]:
    """All of them, in the order they were declared."""
    return tuple(_declared.values())
