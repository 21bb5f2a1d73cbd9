"""The address of a list of interventions, for every figure that leads to its rows."""

from __future__ import annotations

from typing import Any

from gruppetto.service.worklists.filters import Filters

LIST = "/interventions/"


def address(**filters: Any) -> str:
    """The address of the list of what these filters ask, within what its reader may see.

    Names and values are those of the address (``service.worklists.fields``): ``address(etat="a-confirmer",
    portefeuille=[3, 4])``, ``address(retard=True, qui=account_id)``, ``address(equipe=team_id, tri="attente")``;
    None is no filter. Raises ``Refused`` (filter-unknown, filter-impossible, filters-contradict).
    """
    query = Filters.of(**filters).query()
    return f"{LIST}?{query}" if query else LIST
