"""What follows from an act hangs on facts; the act does not know it (style 8, decisions 20)."""

from gruppetto.kernel.outbox.facts import publish, subscribe, subscribers

__all__ = ["publish", "subscribe", "subscribers"]
