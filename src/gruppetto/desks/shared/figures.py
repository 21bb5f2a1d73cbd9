"""What tables and charts are made of, as plain data a view can prepare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.looks import Look

Kind = Literal["text", "number", "money", "moment"]
Words = str | Promise


@dataclass(frozen=True)
class Column:
    """A column: its heading and how its values are written (``money`` takes integer cents)."""

    label: Words
    kind: Kind = "text"
    decimals: int = 0

    @property
    def aligned_right(self) -> bool:
        return self.kind in ("number", "money")


@dataclass(frozen=True)
class Cell:
    """A value with a link to the rows behind it, or shown as a state."""

    value: Any = None
    href: str = ""
    look: Look | None = None


@dataclass(frozen=True)
class Written:
    """A cell ready for the template."""

    text: str
    href: str
    look: Look | None
    moment: datetime | None
    right: bool


def written(column: Column, value: Any) -> Written:
    """Write one value; ``None`` reads « non mesuré », so that an absence never looks like a zero."""
    cell = value if isinstance(value, Cell) else Cell(value)
    moment = cell.value if isinstance(cell.value, datetime) else None
    if cell.look is not None or moment is not None:
        text = ""
    elif cell.value is None:
        text = _("non mesuré")
    elif column.kind == "money":
        text = wording.money(cell.value)
    elif isinstance(cell.value, int | float | Decimal) and column.kind == "number":
        text = wording.number(cell.value, column.decimals)
    else:
        text = str(cell.value)
    return Written(text, cell.href, cell.look, moment, column.aligned_right)


@dataclass(frozen=True)
class Series:
    """One line or one set of bars; ``values`` has one figure per label, ``None`` where nothing was measured."""

    name: Words
    values: Sequence[int | float | None]


@dataclass(frozen=True)
class Chart:
    """A picture with its table.

    ``definition`` says in one sentence how the figure is computed; ``links`` has one address per label, or none.
    """

    id: str
    title: Words
    definition: Words
    labels_name: Words
    labels: Sequence[str]
    series: Sequence[Series]
    kind: Literal["line", "bar"] = "line"
    unit: Words = ""
    decimals: int = 0
    links: Sequence[str] = field(default_factory=tuple)

    @property
    def data(self) -> dict[str, Any]:
        """What ``charts.js`` reads."""
        return {
            "kind": self.kind,
            "unit": str(self.unit),
            "decimals": self.decimals,
            "labels": list(self.labels),
            "series": [{"name": str(s.name), "values": list(s.values)} for s in self.series],
            "links": list(self.links),
        }

    @property
    def columns(self) -> list[Column]:
        heads = [f"{s.name} ({self.unit})" if self.unit else s.name for s in self.series]
        return [Column(self.labels_name), *(Column(head, "number", self.decimals) for head in heads)]

    @property
    def rows(self) -> list[list[Any]]:
        return [
            [
                Cell(label, self.links[index] if self.links else ""),
                *(series.values[index] for series in self.series),
            ]
            for index, label in enumerate(self.labels)
        ]
