"""Who is measured is asked in turn, and what each said is what is counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.tools.driving import Driver, Fell, Measures, Part, driver, in_turn, ratio, tell
from bench.tools.measure import Report
from bench.tools.raw import statements
from bench.tools.scale import people_and_years

DRIVER = """
from django.conf import settings

settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
from django.db import connection, transaction

from bench.tools.driven import serve


def twice(turn):
    print("said by a library")
    with transaction.atomic(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT %s", [turn])


def fall(turn):
    raise ValueError("no")


serve({"twice": twice, "fall": fall}, {"rows": 3})
"""


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Driver]:
    """A driver as a peer's: Django, a database of its own, nothing of ours but the words."""
    (tmp_path / "little.py").write_text(DRIVER)
    with driver("little", {"PYTHONPATH": str(tmp_path)}, sys.executable, "little") as found:
        yield found


def test_queries_are_counted_apart_from_savepoints(one: Driver) -> None:
    assert (one.acts, one.about["rows"]) == (["fall", "twice"], 3)
    told = one.do("twice")
    # SQLite opens the transaction by a statement too.
    assert (told["queries"], told["steps"]) == (2, 3)
    assert told["cpu_ms"] > 0
    one.do("twice", counted=False)
    assert len(one.measures["twice"].ms) == 1


def test_what_goes_wrong_is_no_figure(one: Driver) -> None:
    with pytest.raises(Fell, match="little"):
        one.do("fall")
    assert not one.measures


def test_those_measured_take_turns_all_along() -> None:
    asked: list[str] = []

    def do(act: str, *, counted: bool = True) -> None:
        asked.append(act if counted else f"warm {act}")

    in_turn("turns", [Part(do, ["a", "b"], 4), Part(do, ["peer"], 2)])
    assert asked[:3] == ["warm a", "warm b", "warm peer"]
    assert "".join(act[0] for act in asked[3:]) == "ababpababp"


def test_a_ratio_is_the_geometric_mean_of_the_medians() -> None:
    ours = [Measures(ms=[1, 2, 9]), Measures(ms=[10])]
    theirs = [Measures(ms=[4, 4, 4]), Measures(ms=[80])]
    assert ratio(ours, theirs) == pytest.approx(4)


def test_an_act_is_told_with_its_bars() -> None:
    report = Report("desk", {})
    tell(report, "list", Measures([1.0, 3.0], [2.0, 2.0], 11, 4), queries=10, p95=5)
    assert report.figures["list_ms_min"] == 1.0
    assert {name: one["holds"] for name, one in report.reach.items()} == {
        "list_queries": False,
        "list_ms_p95": True,
    }


def test_so_many_interventions_are_people_and_years() -> None:
    assert people_and_years(50_000) == (16_502, 0)
    assert people_and_years(1_000_000) == (27_473, 1)


def test_raw_statements_have_names() -> None:
    assert set(statements("desk")) == {"list", "deep", "detail"}
    assert statements("open")["open"].startswith("WITH contact AS")
