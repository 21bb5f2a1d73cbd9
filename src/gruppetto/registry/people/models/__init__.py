"""Tables of this room: persons and what is theirs, lists of people to come."""

from gruppetto.registry.people.models.lists import StartingLine, StartingList
from gruppetto.registry.people.models.merges import Merge, MergeLine, Suspect
from gruppetto.registry.people.models.records import Address, Channel, Person, Phone
from gruppetto.registry.people.models.shelves import ShelfCheck
from gruppetto.registry.people.models.wishes import Consent, IdentityCheck, Need, Relative

__all__ = [
    "Address",
    "Channel",
    "Consent",
    "IdentityCheck",
    "Merge",
    "MergeLine",
    "Need",
    "Person",
    "Phone",
    "Relative",
    "ShelfCheck",
    "StartingLine",
    "StartingList",
    "Suspect",
]
