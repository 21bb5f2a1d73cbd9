"""Who is acting, and for whom. No write without an actor."""

from gruppetto.kernel.actors.acting import Actor, acting, current_actor, human, introduce
from gruppetto.kernel.actors.verbs import verb

__all__ = ["Actor", "acting", "current_actor", "human", "introduce", "verb"]
