"""``gruppetto bench``: runs ``bench/NAME.py`` of the checkout, whose ``main(argv)`` returns the exit status."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from gruppetto.cli.places import PROJECT


def names() -> list[str]:
    """The benches of this checkout."""
    return sorted(path.stem for path in (PROJECT / "bench").glob("[a-z]*.py"))


def main(argv: Sequence[str]) -> int:
    """Run the bench named first with the rest as its arguments; without a name, list them."""
    if not argv or argv[0].startswith("-"):
        print("\n".join(names()) or "no bench in this checkout")
        return 0 if not argv else 2
    name, *rest = argv
    if name not in names():
        print(f"gruppetto bench: no “{name}”; there are: {', '.join(names()) or 'none'}.", file=sys.stderr)
        return 2
    sys.path.insert(0, str(PROJECT))
    return int(importlib.import_module(f"bench.{name}").main(rest))
