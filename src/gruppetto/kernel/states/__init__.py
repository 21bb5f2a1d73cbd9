"""Table-driven state machines; ``moves`` (needs the database) changes a state without losing a race."""

from gruppetto.kernel.states.machine import Machine, State, Transition, step
from gruppetto.kernel.states.tables import markdown

__all__ = ["Machine", "State", "Transition", "markdown", "step"]
