"""What merging two records would do, as all rooms say: shown to a human, then done as shown or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from gruppetto.registry.people.merging import Conflict, Line, Pair, Part, Words, parts


@dataclass(frozen=True)
class Plan:
    """``parts`` in the order of the page; ``stamp``: changes when what a human read would no longer be true."""

    pair: Pair
    parts: tuple[Part, ...]
    stamp: str

    @property
    def chosen(self) -> Mapping[str, str]:
        """The choices for the conflicts there are, no others."""
        codes = {conflict.code for conflict in self.conflicts}
        return {code: choice for code, choice in self.pair.chosen.items() if code in codes}

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """All that a human decides."""
        return tuple(conflict for part in self.parts for conflict in part.conflicts)

    @property
    def blocks(self) -> tuple[Words, ...]:
        """Why these never merge."""
        return tuple(block for part in self.parts for block in part.blocks)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows to change, in order."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def portfolio_id(self) -> int:
        """Who will follow the person."""
        said = (part.portfolio_id for part in self.parts if part.portfolio_id is not None)
        return next(said, self.pair.kept.portfolio_id)


def plan(pair: Pair) -> Plan:
    """What each room says of ``pair``, with what was chosen so far (a fixed number of queries)."""
    said = tuple(parts(pair))
    return Plan(pair, said, _stamp(pair, said))


def _stamp(pair: Pair, said: tuple[Part, ...]) -> str:
    read = [pair.kept.pk, pair.kept.version, pair.lost.pk, pair.lost.version]
    read += [(str(fact.label), str(fact.kept), str(fact.lost)) for part in said for fact in part.facts]
    read += [
        (conflict.code, [(choice.code, str(choice.text)) for choice in conflict.choices])
        for part in said
        for conflict in part.conflicts
    ]
    return hashlib.sha256(repr(read).encode()).hexdigest()[:32]
