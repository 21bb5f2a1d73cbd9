"""The map drawn from the communes' coordinates: no tiles, nothing downloaded; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sqrt

WIDTH = 800.0
# The drawing is at least, and at most, so high.
FLATTEST, TALLEST = 300.0, 760.0
MARGIN = 46.0
SMALLEST, LARGEST = 7.0, 24.0
SHADES = 4
# Names are written for the first of them: more would hide each other.
NAMED = 12


@dataclass(frozen=True)
class Place:
    """A commune to draw: ``size`` makes its dot larger (people), ``value`` darker; None when it is not told."""

    code: str
    name: str
    latitude: float
    longitude: float
    size: float
    value: float | None


@dataclass(frozen=True)
class Dot:
    """A dot of the drawing, in its units: written for SVG, with points."""

    code: str
    name: str
    x: str
    y: str
    r: str
    shade: int
    named: bool
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """The dots, the largest first so that none hides another; ``steps``: the values where the shades change."""

    width: str
    height: str
    dots: tuple[Dot, ...]
    steps: tuple[float, ...]


def draw(places: Sequence[Place]) -> Drawing:
    """Lay ``places`` out, north up, a kilometre as long both ways."""
    if not places:
        return Drawing(_points(WIDTH), _points(FLATTEST), (), ())
    middle = sum(one.latitude for one in places) / len(places)
    shrink = cos(radians(middle))
    spots = {one.code: (one.longitude * shrink, -one.latitude) for one in places}
    left, right = (pick(x for x, _y in spots.values()) for pick in (min, max))
    top, bottom = (pick(y for _x, y in spots.values()) for pick in (min, max))
    inner = WIDTH - 2 * MARGIN
    scale = min(inner / max(right - left, 1e-6), (TALLEST - 2 * MARGIN) / max(bottom - top, 1e-6), 8_000.0)
    height = min(max((bottom - top) * scale + 2 * MARGIN, FLATTEST), TALLEST)
    steps = _steps([one.value for one in places if one.value is not None])
    most = max(one.size for one in places)
    named = {one.code for one in sorted(places, key=lambda one: (-one.size, one.name))[:NAMED]}
    across, down = (WIDTH - (right - left) * scale) / 2, (height - (bottom - top) * scale) / 2
    dots = [
        _dot(
            one,
            across + (spots[one.code][0] - left) * scale,
            down + (spots[one.code][1] - top) * scale,
            LARGEST * sqrt(one.size / most) if most else SMALLEST,
            _shade(one.value, steps),
            one.code in named,
        )
        for one in sorted(places, key=lambda one: (-one.size, one.name, one.code))
    ]
    return Drawing(_points(WIDTH), _points(height), tuple(dots), tuple(steps))


def _dot(one: Place, x: float, y: float, radius: float, shade: int, named: bool) -> Dot:
    radius = max(radius, SMALLEST)
    # Names are written to the right, and to the left near the right edge.
    leftward = x > WIDTH * 0.72
    label = x - radius - 5 if leftward else x + radius + 5
    return Dot(
        one.code,
        one.name,
        _points(x),
        _points(y),
        _points(radius),
        shade,
        named,
        _points(label),
        _points(y + 5),
        "end" if leftward else "start",
    )


def _steps(values: Sequence[float]) -> list[float]:
    """Where the shades change: quartiles of the values, without those that would be empty."""
    ordered = sorted(set(values))
    if len(ordered) < SHADES:
        return ordered[1:]
    return [ordered[len(ordered) * number // SHADES] for number in range(1, SHADES)]


def _shade(value: float | None, steps: Sequence[float]) -> int:
    """0: not told; 1 to 4: the more, the darker."""
    return 0 if value is None else 1 + sum(value >= step for step in steps)


def _points(value: float) -> str:
    return f"{value:.1f}"


def ranges(steps: Sequence[float]) -> list[tuple[int, float | None, float | None]]:
    """(shade, from, to) of each shade: the first has no beginning, the last no end."""
    edges: list[float | None] = [None, *steps, None]
    return [(number, low, high) for number, (low, high) in enumerate(pairwise(edges), 1)]
