"""What the benches share: the one JSON object, percentiles, the machine, a progress bar on stderr."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Report:
    """The object a bench prints. ``reach``: figures with the bar of quality.md and which way it counts."""

    bench: str
    scale: dict[str, Any]
    figures: dict[str, float] = field(default_factory=dict)
    reach: dict[str, dict[str, Any]] = field(default_factory=dict)
    not_measured: dict[str, str] = field(default_factory=dict)

    def figure(self, name: str, value: float, *, bar: float | None = None, sense: str = "<=") -> None:
        """Keep a figure; with ``bar``, say whether it is reached (``sense``: "<=" or ">=")."""
        self.figures[name] = round(value, 3)
        if bar is not None:
            holds = value <= bar if sense == "<=" else value >= bar
            self.reach[name] = {"value": round(value, 3), "bar": bar, "sense": sense, "holds": holds}

    def spread(self, name: str, values: Sequence[float], **bars: float) -> None:
        """Keep min, p50, p95, p99 and max of ``values``; ``bars``: ``p95=250``."""
        for label, share in (("min", 0.0), ("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
            self.figure(f"{name}_{label}", percentile(values, share), bar=bars.get(label))

    def say(self, as_json: bool) -> int:
        """Print the object (or a table); 0 when everything measured reaches its bar."""
        whole = {
            "bench": self.bench,
            "scale": self.scale,
            "machine": machine(),
            "figures": self.figures,
            "reach": self.reach,
            "not_measured": self.not_measured,
        }
        if as_json:
            print(json.dumps(whole, ensure_ascii=False))
        else:
            for name, value in self.figures.items():
                told = self.reach.get(name)
                verdict = (
                    f"   {told['sense']} {told['bar']}: {'yes' if told['holds'] else 'NO'}" if told else ""
                )
                print(f"{name:34} {value:12}{verdict}")
            for name, why in self.not_measured.items():
                print(f"{name:34} not measured: {why}")
        return 0 if all(told["holds"] for told in self.reach.values()) else 1


def arguments(bench: str, description: str) -> argparse.ArgumentParser:
    """The arguments all benches take."""
    parser = argparse.ArgumentParser(prog=f"gruppetto bench {bench}", description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie, nearest rank. Raises ``ValueError`` when empty."""
    ranked = sorted(values)
    if not ranked:
        raise ValueError("nothing was measured")
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def machine() -> dict[str, Any]:
    """What it was measured on; the time of one durable write says more of a database's limit than the processor."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "fsync_ms": fsync_ms(),
    }


def fsync_ms(times: int = 50) -> float:
    """Median time of an 8 kB write made durable, in milliseconds."""
    spent = []
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        for _ in range(times):
            file.seek(0)
            begun = time.perf_counter()
            file.write(b"x" * 8192)
            file.flush()
            os.fsync(file.fileno())
            spent.append((time.perf_counter() - begun) * 1000)
    return round(percentile(spent, 0.5), 3)


@contextmanager
def progress(label: str, total: int) -> Iterator[Any]:
    """A bar on stderr; call what it gives with how much is done."""
    width = 30

    def show(done: int) -> None:
        filled = width * done // max(total, 1)
        print(f"\r{label} [{'#' * filled}{'.' * (width - filled)}] {done}/{total}", end="", file=sys.stderr)

    show(0)
    try:
        yield show
    finally:
        print(file=sys.stderr)
