"""The map drawn from the communes' coordinates: no tiles, nothing downloaded; the table beside it says the same.

A commune whose own position we do not know stands beside the centre of its intercommunality, as a square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, radians, sin, sqrt

WIDTH = 800.0
# The drawing is at least, and at most, so high.
FLATTEST, TALLEST = 300.0, 760.0
MARGIN = 46.0
SMALLEST, LARGEST = 7.0, 24.0
SHADES = 4
# Names are written for the largest, where there is room: about so wide a letter, so high a line.
NAMED, LETTER, LINE = 25, 8.0, 18.0
# Squares around one centre: like the seeds of a sunflower, so far apart.
GOLDEN, APART = 2.399963, 11.0
MOST_TRIES = 2_000


@dataclass(frozen=True)
class Place:
    """A commune to draw: ``size`` makes its dot larger (people), ``value`` darker; None when it is not told."""

    code: str
    name: str
    latitude: float
    longitude: float
    size: float
    value: float | None
    exact: bool = True


@dataclass(frozen=True)
class Dot:
    """A dot of the drawing, in its units: written for SVG, with points. ``exact``: False for a square."""

    code: str
    name: str
    x: str
    y: str
    r: str
    shade: int
    exact: bool
    side: str
    left: str
    top: str
    named: bool = False
    label_x: str = ""
    label_y: str = ""
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    """The dots, then the squares, the largest first; ``steps``: the values where the shades change."""

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
    across, down = (WIDTH - (right - left) * scale) / 2, (height - (bottom - top) * scale) / 2
    # Those that stand where they are come first, with their names; the squares go round them.
    ordered = sorted(places, key=lambda one: (not one.exact, -one.size, one.name, one.code))
    tried: Counter[tuple[float, float]] = Counter()
    dots: list[Dot] = []
    taken: list[Box] = []
    for rank, one in enumerate(ordered):
        x, y = across + (spots[one.code][0] - left) * scale, down + (spots[one.code][1] - top) * scale
        radius = max(LARGEST * sqrt(one.size / most) if most else SMALLEST, SMALLEST)
        if not one.exact:
            x, y = _beside(x, y, radius, height, taken, tried)
        taken.append(_box(x, y, radius))
        dot = _dot(one, x, y, radius, _shade(one.value, steps))
        dots.append(_name(dot, x, y, radius, taken) if rank < NAMED and one.exact else dot)
    return Drawing(_points(WIDTH), _points(height), tuple(dots), tuple(steps))


Box = tuple[float, float, float, float]


def _box(x: float, y: float, radius: float) -> Box:
    return (x - radius, y - radius, x + radius, y + radius)


def _beside(
    x: float, y: float, radius: float, height: float, taken: list[Box], tried: Counter[tuple[float, float]]
) -> tuple[float, float]:
    """The next free spot around a centre, inside the drawing; ``tried``: how many were, by centre."""
    centre = (x, y)
    while True:
        tried[centre] += 1
        far, turn = APART * sqrt(tried[centre]), tried[centre] * GOLDEN
        spot = (
            min(max(x + far * cos(turn), LARGEST), WIDTH - LARGEST),
            min(max(y + far * sin(turn), LARGEST), height - LARGEST),
        )
        if tried[centre] > MOST_TRIES or not any(_overlap(_box(*spot, radius), other) for other in taken):
            return spot


def _dot(one: Place, x: float, y: float, radius: float, shade: int) -> Dot:
    # A square of about the same surface.
    side = radius * 1.77
    return Dot(
        code=one.code,
        name=one.name,
        x=_points(x),
        y=_points(y),
        r=_points(radius),
        shade=shade,
        exact=one.exact,
        side=_points(side),
        left=_points(x - side / 2),
        top=_points(y - side / 2),
    )


def _name(dot: Dot, x: float, y: float, radius: float, taken: list[Box]) -> Dot:
    """``dot`` with its name to the right, or to the left, where no other name stands yet; else without."""
    wide = LETTER * len(dot.name)
    for anchor, begins in (("start", x + radius + 5), ("end", x - radius - 5 - wide)):
        box = (begins, y - LINE / 2, begins + wide, y + LINE / 2)
        inside = box[0] >= 0 and box[2] <= WIDTH
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            at = begins if anchor == "start" else begins + wide
            return replace(dot, named=True, label_x=_points(at), label_y=_points(y + 5), anchor=anchor)
    return dot


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
