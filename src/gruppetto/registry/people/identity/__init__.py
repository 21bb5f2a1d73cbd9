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
from gruppetto.registry.people.identity.orders import Asked, Speech, declare_speech, ordered, speech_with

__all__ = [
    "LEVELS",
    "WRONG_ANSWERS",
    "Asked",
    "Fact",
    "Hearing",
    "Level",
    "Order",
    "Question",
    "Speech",
    "Standing",
    "allows",
    "ceiling",
    "declare_fact",
    "declare_speech",
    "declared_facts",
    "draw",
    "judge",
    "level_of",
    "may_hear",
    "ordered",
    "questions_missed",
    "reached",
    "speech_with",
    "standing",
    "word_to_say",
]
