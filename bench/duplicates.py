"""``gruppetto bench duplicates``: records of one person that are found, persons taken for another.

Pairs are looked for as the platform does, by the keys of each record and by telephone numbers, among people whose
truth is known. Precision and recall are those of each grade and all surer ones.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from bench.tools.likenesses import TRAPS, WAYS, Record, records
from bench.tools.measure import Report, arguments, progress
from gruppetto.registry.people.duplicates.likeness import (
    MOST_COMPARED,
    MOST_ON_A_NUMBER,
    Grade,
    compare,
    keys_of,
)

BARS = {
    Grade.SURE: {"precision": 0.995},
    Grade.LIKELY: {"precision": 0.95, "recall": 0.80},
    Grade.POSSIBLE: {"recall": 0.9},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether the bars are reached."""
    parser = arguments("duplicates", __doc__ or "")
    parser.add_argument("--scale", type=int, default=50_000, help="records (default 50 000)")
    parser.add_argument("--seed", type=int, default=1, help="of the people drawn (default 1)")
    asked = parser.parse_args(argv)
    report = Report("duplicates", {"records": asked.scale, "seed": asked.seed})
    made = records(asked.scale, asked.seed)
    true = _true_pairs(made)
    begun = time.perf_counter()
    pairs = _together(made)
    report.figure("blocking_s", time.perf_counter() - begun)
    report.figure("pairs_compared", len(pairs))
    report.figure("true_pairs_compared_share", len(true & pairs) / len(true))
    found: dict[tuple[int, int], Grade] = {}
    begun = time.perf_counter()
    with progress("comparing", len(pairs)) as show:
        for done, (a, b) in enumerate(sorted(pairs)):
            if (looks := compare(made[a].traits, made[b].traits)) is not None:
                found[a, b] = looks.grade
            if done % 5_000 == 0:
                show(done)
    report.figure("compared_per_s", len(pairs) / (time.perf_counter() - begun))
    proposed: set[tuple[int, int]] = set()
    for grade in Grade:
        proposed |= {pair for pair, its in found.items() if its == grade}
        right = len(proposed & true)
        report.figure(f"proposed_{grade}_or_surer", len(proposed))
        bars = BARS[grade]
        for name, value in (("precision", right / max(1, len(proposed))), ("recall", right / len(true))):
            report.figure(f"{name}_{grade}_or_surer", value, bar=bars.get(name), sense=">=")
    _by_kind(report, made, true, found)
    return report.say(asked.json)


def _true_pairs(made: Sequence[Record]) -> set[tuple[int, int]]:
    by_person = defaultdict[int, list[int]](list)
    for place, record in enumerate(made):
        by_person[record.person].append(place)
    return {(one[0], one[1]) for one in by_person.values() if len(one) == 2}


def _together(made: Sequence[Record]) -> set[tuple[int, int]]:
    """Who is compared with whom: as ``finding`` does in the database."""
    sharing = defaultdict[str, list[int]](list)
    for place, record in enumerate(made):
        for key in keys_of(record.traits):
            sharing[key].append(place)
        for number in record.traits.numbers:
            sharing[number].append(place)
    pairs = set[tuple[int, int]]()
    for key, places in sharing.items():
        most = MOST_ON_A_NUMBER if key.startswith("+") else MOST_COMPARED
        if len(places) <= most:
            pairs |= {(a, b) for rank, a in enumerate(places) for b in places[rank + 1 :]}
    return pairs


def _by_kind(
    report: Report, made: Sequence[Record], true: set[tuple[int, int]], found: dict[tuple[int, int], Grade]
) -> None:
    ways = Counter(made[b].kind for _a, b in true)
    seen = Counter(made[b].kind for _a, b in true & found.keys())
    for way in WAYS:
        report.figure(f"found_{way}", seen[way] / max(1, ways[way]))
    # A trap stands just after the record it could be taken for.
    for trap in TRAPS:
        pairs = [(place - 1, place) for place, record in enumerate(made) if record.kind == trap]
        for grade in (Grade.SURE, Grade.LIKELY):
            told = sum(found.get(pair) == grade for pair in pairs)
            bar = {Grade.SURE: 0.0}.get(grade)
            report.figure(f"trap_{trap}_{grade}", told / max(1, len(pairs)), bar=bar)
