"""National organisations from a small file; fills what is empty, never overwrites what somebody wrote."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from gruppetto.kernel.actors import verb
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.organisations.verbs import EDITABLE, add, change

SEED = files("gruppetto.registry.organisations") / "seed" / "national.toml"


@dataclass(frozen=True)
class Loaded:
    """How many organisations of the file were added, had blanks filled, or were left as they are."""

    added: int
    filled: int
    left: int


@verb
def load() -> Loaded:
    """Bring in the organisations of the file; may run again at any time."""
    known = {found.key: found for found in Organisation.objects.exclude(key="")}
    added = filled = 0
    for entry in entries():
        facts = {field: value for field, value in entry.items() if field in EDITABLE and field != "name"}
        found = known.get(entry["key"])
        if found is None:
            add(entry["kind"], entry["name"], key=entry["key"], **facts)
            added += 1
        elif blanks := {f: v for f, v in facts.items() if getattr(found, f) in ("", None)}:
            change(found.pk, **blanks)
            filled += 1
    return Loaded(added, filled, len(known.keys() & {e["key"] for e in entries()}) - filled)


def entries() -> list[dict[str, Any]]:
    """The entries of the file, empty fields left out; ``seen_on`` as a date."""
    listed: list[dict[str, Any]] = tomllib.loads(SEED.read_text("utf-8"))["organisation"]
    return [
        {f: date.fromisoformat(v) if f == "seen_on" else v for f, v in entry.items() if v} for entry in listed
    ]
