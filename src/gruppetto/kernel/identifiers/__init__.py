"""Identifiers of rows and of things people write down."""

from gruppetto.kernel.identifiers.keys import drawn_at, new_id, shelf_of

__all__ = ["drawn_at", "new_id", "shelf_of"]
