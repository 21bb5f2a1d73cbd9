"""What a list shows: a set of filters and an order, the same in an address, in a saved view and in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.clocks import STOPPED
from gruppetto.service.interventions.models import ACTIVE, State
from gruppetto.service.worklists.fields import FIELDS, GROUPS, STATES, Text

ORDER = "tri"
DUE, LONGEST_WAIT, STILL, NEWEST = "echeance", "attente", "immobiles", "recentes"
ORDERS: dict[str, Text] = {
    DUE: gettext_lazy("Échéance la plus ancienne d’abord"),
    LONGEST_WAIT: gettext_lazy("Attend depuis le plus longtemps d’abord"),
    STILL: gettext_lazy("Dans cet état depuis le plus longtemps d’abord"),
    NEWEST: gettext_lazy("Les plus récentes d’abord"),
}
# Not filters, but in the address of a list: which view, which page of it.
BESIDE = frozenset(["vue", "apres", ORDER])
# The promise runs only in these.
RUNNING = frozenset(ACTIVE) - frozenset(STOPPED)


@dataclass(frozen=True)
class Filters:
    """Cleaned filters: name → values (any of them), and ``order`` (empty: the one that suits the states)."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, Sequence[str]]) -> Filters:
        """The filters of an address or a stored view: name → values as typed.

        Raises ``Refused`` (filter-unknown, filter-impossible, filters-contradict) with ``field`` the filter's name.
        """
        for name in asked:
            if name not in FIELDS and name not in BESIDE:
                raise Refused(
                    _("Le filtre « %(name)s » n’existe pas.") % {"name": name[:40]}, code="filter-unknown"
                )
        values = {
            name: found for name, one in FIELDS.items() if (found := one.read(list(asked.get(name, ()))))
        }
        order = next((typed for typed in asked.get(ORDER, ()) if typed), "")
        if order and order not in ORDERS:
            raise Refused(_("Cet ordre de liste n’existe pas."), code="filter-impossible", field=ORDER)
        made = cls(values, order)
        made._check()
        return made

    @classmethod
    def of(cls, **asked: Any) -> Filters:
        """The same from Python: ``Filters.of(etat=["en-cours"], retard=True, qui=account_id, tri="attente")``."""
        return cls.parse({name: _written(value) for name, value in asked.items() if value is not None})

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states asked for, in the order of life; what is still to be done when none is named."""
        wanted: set[State] = set()
        for code in self.values.get("etat", ("a-faire",)):
            wanted |= set(GROUPS[code][1]) if code in GROUPS else {STATES[code]}
        if "retard" in self.values:
            wanted &= RUNNING
        return tuple(state for state in State if state in wanted)

    @property
    def working(self) -> bool:
        """Only what is still to be done?"""
        return set(self.states) <= set(ACTIVE)

    @property
    def way(self) -> str:
        """The order in force: oldest due first for work, newest first when finished requests are among them."""
        return self.order or (DUE if self.working else NEWEST)

    def get(self, name: str) -> tuple[str, ...]:
        """The values of a filter; none when it is not asked."""
        return self.values.get(name, ())

    def one(self, name: str) -> str:
        """The value of a filter that has one; empty when it is not asked."""
        return next(iter(self.get(name)), "")

    def without(self, name: str, value: str = "") -> Filters:
        """The same without one value of a filter, or without all of them."""
        kept = tuple(one for one in self.get(name) if value and one != value)
        others = {other: values for other, values in self.values.items() if other != name}
        return replace(self, values={**others, name: kept} if kept else others)

    def pairs(self) -> list[tuple[str, str]]:
        """As an address says them, in the order of the form: the same filters, the same address."""
        found = [(name, value) for name in FIELDS for value in self.get(name)]
        return [*found, (ORDER, self.order)] if self.order else found

    def query(self, **beside: object) -> str:
        """The same as a query string, with the page or the view ``beside`` it."""
        return urlencode([*self.pairs(), *((name, str(value)) for name, value in beside.items() if value)])

    def to_json(self) -> dict[str, list[str]]:
        """What a saved view keeps; ``parse`` reads it back."""
        stored = {name: list(self.get(name)) for name in FIELDS if self.get(name)}
        return {**stored, ORDER: [self.order]} if self.order else stored

    def _check(self) -> None:
        first, last = self.one("du"), self.one("au")
        if first and last and last < first:
            raise _contradiction("au", _("La fin de la période est avant son début."))
        if not self.states:
            raise _contradiction("retard", _("Dans ces états, une demande n’est jamais en retard."))
        if self.get("echeance") and not self.working:
            raise _contradiction("echeance", _("Seule une demande encore à faire a une échéance."))


def _contradiction(name: str, sentence: str) -> Refused:
    return Refused(sentence, code="filters-contradict", field=name, facts={"filter": name})


def _written(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["oui" if value else "non"]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(one) for one in value]
    return [str(value)]
