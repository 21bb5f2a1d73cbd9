"""``gruppetto demo``, ``demo-check`` and ``training``; imported late, since they load the whole platform."""

from __future__ import annotations

import importlib
from collections.abc import Sequence


def play(argv: Sequence[str]) -> int:
    """The living demo: ``gruppetto.demo.play.main(argv)`` returns the exit status."""
    return int(importlib.import_module("gruppetto.demo.play").main(list(argv)))


def train(argv: Sequence[str]) -> int:
    """The sandbox to practise in: ``gruppetto.training.play.main(argv)`` returns the exit status."""
    return int(importlib.import_module("gruppetto.training.play").main(list(argv)))


def check(argv: Sequence[str]) -> int:
    """The demo played without a browser: ``gruppetto.demo.check.main(argv)`` returns the exit status."""
    return int(importlib.import_module("gruppetto.demo.check").main(list(argv)))
