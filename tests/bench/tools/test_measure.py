"""Figures are kept, compared with their bar, and never guessed."""

from __future__ import annotations

import json

import pytest

from bench.tools.measure import Report, percentile


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, share) for share in (0, 0.5, 0.95, 0.99, 1)] == [1, 50, 95, 99, 100]
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_bar_not_reached_is_said_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("call", {"subscribers": 10})
    report.spread("shown_ms", [10.0, 300.0], p95=250)
    report.not_measured["peer"] = "not built"
    assert report.say(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["reach"]["shown_ms_p95"] == {"value": 300.0, "bar": 250, "sense": "<=", "holds": False}
    assert told["not_measured"] == {"peer": "not built"}
