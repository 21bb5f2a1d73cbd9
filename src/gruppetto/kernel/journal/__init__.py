"""Append-only log of acts, looks and refusals; sealed later, readable by those concerned."""

from gruppetto.kernel.journal.verbs import Verb, declare, declared
from gruppetto.kernel.journal.writing import act, look

__all__ = ["Verb", "act", "declare", "declared", "look"]
