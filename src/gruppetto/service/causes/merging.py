"""Causes follow their person when records are merged; there is nothing to decide."""

from __future__ import annotations

from gruppetto.registry.people.merging import Pair, Part, declare_merging


def causes(pair: Pair) -> Part:
    """Nothing to see and nothing to decide."""
    return Part()


declare_merging("causes", causes, order=96)
