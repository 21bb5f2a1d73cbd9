"""The scenarios, as written in ``scenarios.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("scenarios.toml")


class Caller(StrEnum):
    """Who calls, as the telephone shows them."""

    SUBSCRIBER = "subscriber"
    RELATIVE = "relative"
    STRANGER = "stranger"
    HIDDEN = "hidden"


class Step(StrEnum):
    """What a review looks for."""

    IDENTITY = "identity"
    REASONS = "reasons"
    REQUEST = "request"
    READ_BACK = "read_back"
    CONCLUDED = "concluded"


@dataclass(frozen=True)
class Scenario:
    """A call to practise: ``says`` at once, ``answers`` when asked, ``expects`` of the one who answers.

    ``reminder``: what no row can tell, said after the call.
    """

    code: str
    title: str
    practises: str
    caller: Caller
    wants: str
    says: Sequence[str]
    answers: Sequence[tuple[str, str]]
    expects: frozenset[Step]
    requests: int
    reminder: str = ""


@cache
def scenarios() -> dict[str, Scenario]:
    """All of them by code, in the order written. Raises ``ValueError`` for one that is badly written."""
    return {one.code: one for one in map(_read, tomllib.loads(FILE.read_text())["scenarios"])}


def _read(row: dict[str, Any]) -> Scenario:
    facts = {
        **row,
        "caller": Caller(row["caller"]),
        "answers": [(question, answer) for question, answer in row["answers"]],
        "expects": frozenset(map(Step, row["expects"])),
    }
    return Scenario(**facts)
