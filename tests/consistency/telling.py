"""A convention that is broken says where, all of it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable


def nothing(found: Iterable[object], advice: str) -> None:
    """Fail with ``advice`` and every place in ``found``, one a line."""
    places = sorted(map(str, found))
    assert not places, "\n".join([advice, *places])
