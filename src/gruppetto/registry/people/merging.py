"""How two records become one: each room that holds persons says how its rows combine, and what a human must decide.

A room's ``merging.py`` declares a rule with ``declare_merging``, called from its ``apps.ready``. The rule is asked
twice: for the page, and again when merging, under lock, with what the human chose. It only reads; the changes it
returns are written, and kept line by line for the undo, by ``duplicates.verbs``. Rows need no change to follow the
person: ``subject_id`` and the portfolio are moved by the database (decisions 18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.models import Person

KEPT, LOST, BOTH = "kept", "lost", "both"
Words = Any
"""A French text, lazy or not."""


@dataclass(frozen=True)
class Choice:
    """One way to settle a conflict; ``text``: as the human reads it."""

    code: str
    text: Words


@dataclass(frozen=True)
class Conflict:
    """What only a human can decide; ``code`` names it in the form, the journal and the merge."""

    code: str
    question: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Fact:
    """One line of the two records side by side."""

    label: Words
    kept: Words
    lost: Words

    @property
    def differs(self) -> bool:
        """Do both say something, and not the same?"""
        return bool(self.kept and self.lost and str(self.kept) != str(self.lost))


@dataclass(frozen=True)
class Line:
    """One row to change when merging: columns (attribute names) and their new values."""

    row: models.Model
    label: Words
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What one room says of a pair. ``blocks``: sentences, any of which forbids the merge. ``notes``: to know."""

    title: Words = ""
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    lines: tuple[Line, ...] = ()
    blocks: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    portfolio_id: int | None = None
    """The portfolio of the merged person, from the one room that knows."""


@dataclass(frozen=True)
class Pair:
    """The record kept and the one to be merged into it; ``chosen``: conflict → choice, as far as decided."""

    kept: Person
    lost: Person
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """Both, the one kept first."""
        return self.kept.pk, self.lost.pk

    def split(self, rows: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        """Rows with a ``subject_id``, those of the kept and those of the lost."""
        kept, lost = list[Any](), list[Any]()
        for row in rows:
            (kept if row.subject_id == self.kept.pk else lost).append(row)
        return kept, lost

    def takes(self, code: str) -> str:
        """What was chosen for a conflict; empty as long as nothing was."""
        return self.chosen.get(code, "")


Rule = Callable[[Pair], Part]
_rules: dict[str, tuple[int, Rule]] = {}


def declare_merging(room: str, rule: Rule, *, order: int) -> None:
    """Declare how the rows of ``room`` combine; ``order``: where it stands on the page."""
    _rules[room] = (order, rule)


def rooms() -> tuple[str, ...]:
    """The rooms that declared a rule, in the order of the page."""
    return tuple(sorted(_rules, key=lambda room: _rules[room][0]))


def parts(pair: Pair) -> list[Part]:
    """What each room says of ``pair``, in the order of the page."""
    return [_rules[room][1](pair) for room in rooms()]


def this_or_that(kept: Words, lost: Words, *, both: Words = "") -> tuple[Choice, ...]:
    """The usual choices: what the record kept says, or the other; or both."""
    choices = (Choice(KEPT, kept), Choice(LOST, lost))
    return (*choices, Choice(BOTH, both)) if both else choices


YES, NO = Choice("yes", _("Oui")), Choice("no", _("Non"))
