"""The growing tree as it is kept: each leaf has beside it the subtrees that it completed; nothing is read twice.

The perfect subtree of level ``l`` (2**l leaves) and rank ``i`` ends at leaf ``(i + 1) * 2**l - 1``, and its hash is the
``l``-th kept there. Frontier, root and proofs at any size ask for O(log² n) of them, by primary key, in one query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gruppetto.kernel.journal.verifier import fold

Span = tuple[int, int]
"""From a leaf (counted) to another (not counted)."""
Subtree = tuple[int, int]
"""Level and rank."""
WIDTH = 32


def subtrees(start: int, end: int) -> list[Subtree]:
    """The perfect subtrees that make the leaves from ``start`` to ``end``, the largest first (RFC 6962).

    ``start`` is where a subtree of the next power of two of that span may begin: all those of roots and proofs are.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def half(size: int) -> int:
    """The largest power of two smaller than ``size`` (at least 2): how many leaves the left branch has."""
    return 1 << ((size - 1).bit_length() - 1)


def beside(position: int, size: int) -> list[Span]:
    """What an inclusion proof holds, from the leaf up (RFC 6962, 2.1.1)."""
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + half(end - start)
        if position < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def between(old: int, new: int) -> list[Span]:
    """What a consistency proof holds (RFC 6962, 2.1.2); ``old`` at least 1, at most ``new``."""
    start, end, found, whole = 0, new, [], True
    while old != end:
        middle = start + half(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + found[::-1]


def place(subtree: Subtree) -> int:
    """The leaf that completes it, beside which its hash is kept."""
    level, rank = subtree
    return ((rank + 1) << level) - 1


def kept(subtree: Subtree, leaf: bytes, completed: bytes) -> bytes:
    """Its hash, from that leaf and what is kept beside it."""
    level = subtree[0]
    return completed[(level - 1) * WIDTH : level * WIDTH] if level else leaf


def hashes(spans: Iterable[Span], read: Callable[[list[int]], dict[int, tuple[bytes, bytes]]]) -> list[bytes]:
    """The root of each span. ``read``: the leaves at these places with what is kept beside them (called once)."""
    parts = [subtrees(*span) for span in spans]
    rows = read(sorted({place(one) for part in parts for one in part}))
    return [fold([kept(one, *rows[place(one)]) for one in part]) for part in parts]
