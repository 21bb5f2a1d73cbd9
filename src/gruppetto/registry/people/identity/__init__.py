"""How we know who speaks, and how they know us."""

from gruppetto.registry.people.identity.checks import (
    Question,
    Standing,
    ceiling,
    draw,
    judge,
    questions_missed,
    reached,
    standing,
    word_to_say,
)
from gruppetto.registry.people.identity.facts import Fact, declare_fact, declared_facts
from gruppetto.registry.people.identity.levels import (
    LEVELS,
    WRONG_ANSWERS,
    Hearing,
    Level,
    Order,
    allows,
    level_of,
    may_hear,
)

__all__ = [
    "LEVELS",
    "WRONG_ANSWERS",
    "Fact",
    "Hearing",
    "Level",
    "Order",
    "Question",
    "Standing",
    "allows",
    "ceiling",
    "declare_fact",
    "declared_facts",
    "draw",
    "judge",
    "level_of",
    "may_hear",
    "questions_missed",
    "reached",
    "standing",
    "word_to_say",
]
