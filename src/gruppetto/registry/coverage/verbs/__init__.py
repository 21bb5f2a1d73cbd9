"""What can happen to who serves where: each in one act, with its reason or its date."""

from gruppetto.registry.coverage.verbs.holders import declare_absence, hand_over
from gruppetto.registry.coverage.verbs.persons import place_person
from gruppetto.registry.coverage.verbs.portfolios import change_portfolio, close_portfolio, open_portfolio
from gruppetto.registry.coverage.verbs.teams import join_team, leave_team, open_team, rename_team
from gruppetto.registry.coverage.verbs.zones import (
    add_parts,
    cover,
    define_zone,
    open_territory,
    remove_part,
    rename_zone,
)

__all__ = [
    "add_parts",
    "change_portfolio",
    "close_portfolio",
    "cover",
    "declare_absence",
    "define_zone",
    "hand_over",
    "join_team",
    "leave_team",
    "open_portfolio",
    "open_team",
    "open_territory",
    "place_person",
    "remove_part",
    "rename_team",
    "rename_zone",
]
