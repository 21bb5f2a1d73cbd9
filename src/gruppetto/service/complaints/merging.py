"""Complaints follow their person; nothing of them is shown when records are merged: they may be about who merges."""

from __future__ import annotations

from gruppetto.registry.people.merging import Pair, Part, declare_merging


def complaints(pair: Pair) -> Part:
    """Nothing to see and nothing to decide."""
    return Part()


declare_merging("complaints", complaints, order=90)
