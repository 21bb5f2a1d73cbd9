"""The side that measures: processes asked one after the other, in turn, so that all have the same machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import geometric_mean
from typing import Any

from bench.tools.measure import Report, percentile, progress
from gruppetto.cli.places import PROJECT


class Fell(RuntimeError):
    """A driver ended before it was asked to; its last words are on the error output."""


@dataclass
class Measures:
    """What one act took, each time. ``queries`` and ``steps``: of the dearest time."""

    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    queries: int = 0
    steps: int = 0

    def add(self, told: Mapping[str, Any]) -> None:
        """Once more."""
        self.ms.append(told["ms"])
        self.cpu_ms.append(told["cpu_ms"])
        self.queries, self.steps = max(self.queries, told["queries"]), max(self.steps, told["steps"])

    @property
    def p50(self) -> float:
        """Milliseconds, half of the times."""
        return percentile(self.ms, 0.5)


@dataclass
class Driver:
    """A process that does what it is asked. ``about``: what it said of itself."""

    name: str
    process: subprocess.Popen[str]
    about: dict[str, Any]
    measures: dict[str, Measures] = field(default_factory=dict)

    @property
    def acts(self) -> list[str]:
        """What it can be asked."""
        return list(self.about["acts"])

    def do(self, act: str, *, counted: bool = True) -> dict[str, Any]:
        """Once; ``counted`` False to warm up. Raises ``Fell``."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"act": act}) + "\n")
        self.process.stdin.flush()
        told = self._heard()
        if counted:
            self.measures.setdefault(act, Measures()).add(told)
        return told

    def _heard(self) -> dict[str, Any]:
        return _line(self.name, self.process)


def _line(name: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise Fell(f"{name} ended with status {process.wait()}")
    found: dict[str, Any] = json.loads(line)
    return found


@contextmanager
def driver(
    name: str, environment: Mapping[str, str], python: str = sys.executable, module: str = ""
) -> Iterator[Driver]:
    """``bench/drivers/NAME.py``, or another ``module``, as a process; it ends with the block."""
    process = subprocess.Popen(
        [python, "-m", module or f"bench.drivers.{name}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**environment, "PYTHONPATH": f"{PROJECT}:{environment.get('PYTHONPATH', '')}"},
    )
    try:
        yield Driver(name, process, _line(name, process))
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


@dataclass(frozen=True)
class Part:
    """What one of those measured is asked in a run: each act, ``times`` times. ``do``: as ``Driver.do``."""

    do: Callable[..., object]
    acts: Sequence[str]
    times: int


def in_turn(label: str, parts: Sequence[Part]) -> None:
    """Each act of each in turn, spread over the same rounds, so that all have the same machine; warmed up before."""
    rounds = max(part.times for part in parts)
    with progress(label, rounds + 1) as done:
        for part in parts:
            for act in part.acts:
                part.do(act, counted=False)
        for number in range(rounds):
            done(number + 1)
            for part in parts:
                if (number + 1) * part.times // rounds > number * part.times // rounds:
                    for act in part.acts:
                        part.do(act)
        done(rounds + 1)


def tell(report: Report, name: str, found: Measures, **bars: float | None) -> None:
    """Put one act into the report. ``bars``: ``queries=10, cpu_ms=40, p95=100``."""
    report.figure(f"{name}_queries", found.queries, bar=bars.get("queries"))
    report.figure(f"{name}_savepoint_steps", found.steps)
    report.figure(f"{name}_cpu_ms", percentile(found.cpu_ms, 0.5), bar=bars.get("cpu_ms"))
    for label, share in (("min", 0.0), ("p50", 0.5), ("p95", 0.95)):
        report.figure(f"{name}_ms_{label}", percentile(found.ms, share), bar=bars.get(label))


def ratio(ours: Sequence[Measures], theirs: Sequence[Measures]) -> float:
    """How many times slower they are: geometric mean, act by act, of the medians."""
    return geometric_mean(peer.p50 / own.p50 for own, peer in zip(ours, theirs, strict=True))
