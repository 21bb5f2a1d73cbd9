"""What the address of a list asks for: a view by name, or filters of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from gruppetto.desks.shared.lists import LIST
from gruppetto.desks.work.lines import Shelf
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import Count
from gruppetto.service.worklists import presets
from gruppetto.service.worklists.filters import BESIDE, Filters
from gruppetto.service.worklists.presets import View


@dataclass(frozen=True)
class Wanted:
    """The filters of the page, the view they come from if any, and all the views of the reader."""

    filters: Filters
    view: View | None
    views: list[View]

    @property
    def query(self) -> str:
        """As the address says it, without the page."""
        return self.filters.query()

    @property
    def rail(self) -> list[View]:
        """The views that stand beside the list."""
        return [view for view in self.views if view.saved is None or view.saved.pinned]

    @property
    def beside(self) -> list[Filters]:
        """What is to be counted for the rail."""
        return [view.filters for view in self.rail if view.filters is not None]


def wanted(request: HttpRequest) -> Wanted:
    """What the address asks for; nothing asked: the view that opens first (1 query).

    Raises ``Refused`` (filter-…, view-broken), ``Unknown`` (view-unknown).
    """
    role = current_actor().role
    known = presets.views(role, presets.saved_views())
    asked = {name: values for name, values in request.GET.lists() if any(values)}
    if set(asked) - BESIDE or (not asked.get("vue") and "tri" in asked):
        filters = Filters.parse(asked)
        same = (
            view for view in known if view.filters is not None and view.filters.query() == filters.query()
        )
        return Wanted(filters, next(same, None), known)
    view = presets.chosen(asked["vue"][0], known) if "vue" in asked else presets.first(role, known)
    if view.filters is None:
        raise Refused(view.broken, code="view-broken")
    return Wanted(view.filters, view, known)


def shelves(wanted: Wanted, counted: Sequence[Count]) -> list[Shelf]:
    """The rail: each list with its count, those of ``Wanted.beside``."""
    readable = (view.code for view in wanted.rail if view.filters is not None)
    numbers = dict(zip(readable, counted, strict=True))
    return [
        Shelf(
            view,
            numbers.get(view.code),
            f"{LIST}?vue={view.code}",
            wanted.view is not None and wanted.view.code == view.code,
            view.broken,
        )
        for view in wanted.rail
    ]
