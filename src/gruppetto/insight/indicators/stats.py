"""How sure a figure is: Wilson's interval for a share, order statistics for a median (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb, erf, sqrt

Z95 = 1.959963984540054
EXACT_UP_TO = 200


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The 95 % interval of a share, between 0 and 1 (Wilson 1927, without continuity correction).

    Raises ``ValueError`` when nothing was counted.
    """
    if not 0 <= hits <= of or not of:
        raise ValueError(f"{hits} of {of} is not a share")
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    # Exact at the ends, whatever the rounding.
    return (middle - half if hits else 0.0), (middle + half if hits < of else 1.0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of ``ordered`` do not exceed (as ``percentile_disc``)."""
    if not ordered:
        raise ValueError("no value has no quantile")
    rank = max(1, -(-share * len(ordered) // 1))
    return ordered[int(rank) - 1]


def median(ordered: Sequence[float]) -> float:
    """The median of sorted values; the mean of the two in the middle when they are even in number."""
    if not ordered:
        raise ValueError("no value has no median")
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_interval(ordered: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % interval of the median, whatever the distribution: two order statistics of the sorted values.

    The number of values below the true median is binomial(n, 1/2). None below six values, where no pair of them
    reaches 95 %.
    """
    rank = _rank(len(ordered))
    return (ordered[rank - 1], ordered[len(ordered) - rank]) if rank else None


@lru_cache(maxsize=4096)
def _rank(n: int) -> int:
    """The greatest k with P(binomial(n, 1/2) < k) at most 2.5 %; 0 when there is none."""
    if n > EXACT_UP_TO:
        k = int((n - Z95 * sqrt(n)) / 2)
        # The normal tail with continuity correction, brought down until it holds.
        while 0.5 * (1 + erf((k - 0.5 - n / 2) / sqrt(n / 2))) > 0.025:
            k -= 1
        return k
    below, k = 0, 0
    while k < n and (below + comb(n, k)) / 2**n <= 0.025:
        below += comb(n, k)
        k += 1
    return k
