"""Visits follow their person; nothing of them is shown when records are merged: they are about who visits."""

from __future__ import annotations

from gruppetto.registry.people.merging import Pair, Part, declare_merging


def visits(pair: Pair) -> Part:
    """Nothing to see and nothing to decide."""
    return Part()


declare_merging("visits", visits, order=95)
