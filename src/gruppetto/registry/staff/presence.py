"""Who is there when: the stretches of opening time where too few people answer (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Thin:
    """A stretch of opening time with fewer people than wanted; ``there``: how many."""

    starts: datetime
    ends: datetime
    there: int


def thin(opening: Iterable[Span], shifts: Sequence[Span], wanted: int = 1) -> list[Thin]:
    """The stretches of ``opening`` where fewer than ``wanted`` of ``shifts`` run, in order.

    Spans are [start, end) of aware moments. Neighbours with the same number of people are one stretch.
    """
    found: list[Thin] = []
    for opens, closes in sorted(opening):
        edges = {opens, closes, *(edge for shift in shifts for edge in shift if opens < edge < closes)}
        for starts, ends in pairwise(sorted(edges)):
            there = sum(begins <= starts and ends <= finishes for begins, finishes in shifts)
            if there >= wanted:
                continue
            if found and found[-1].ends == starts and found[-1].there == there:
                starts = found.pop().starts
            found.append(Thin(starts, ends, there))
    return found
