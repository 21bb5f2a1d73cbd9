"""Identifiers of rows and of things people write down."""

from gruppetto.kernel.identifiers.keys import new_id, shelf_of

__all__ = ["new_id", "shelf_of"]
