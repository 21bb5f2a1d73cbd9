"""Whatever ``gruppetto bench`` lists can be run: it has a ``main`` that takes ``--json`` and its scale."""

from __future__ import annotations

import importlib

import pytest

from gruppetto.cli.bench import names


@pytest.mark.parametrize("name", names())
def test_a_bench_says_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        importlib.import_module(f"bench.{name}").main(["--help"])
    assert end.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("--json", "--scale", f"gruppetto bench {name}"))
