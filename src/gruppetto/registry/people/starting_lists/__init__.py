"""People that a town's welfare office entrusts to us, as one CSV file: received, looked over, loaded."""

from gruppetto.registry.people.starting_lists.loading import forget, load_chunk
from gruppetto.registry.people.starting_lists.reading import COLUMNS, NEEDED, OPTIONAL
from gruppetto.registry.people.starting_lists.reads import LineView, LooksLike, Preview, preview, received
from gruppetto.registry.people.starting_lists.verbs import decide, drop, load, receive

__all__ = [
    "COLUMNS",
    "NEEDED",
    "OPTIONAL",
    "LineView",
    "LooksLike",
    "Preview",
    "decide",
    "drop",
    "forget",
    "load",
    "load_chunk",
    "preview",
    "receive",
    "received",
]
