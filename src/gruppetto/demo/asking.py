"""What people ask for: a kind drawn by weight, and answers that its script accepts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from gruppetto.kernel.calendars import Amount
from gruppetto.kernel.clock import PARIS
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind, Paper, Question
from gruppetto.service.catalogue.vocabulary import UNKNOWN, Field, Grade, Outcome, QuestionKind

# How often each kind is asked for, in a year's mean.
WEIGHTS = {
    "medical-appointment": 30,
    "energy-bill-dispute": 11,
    "phone-contract": 11,
    "train-ticket": 10,
    "health-card-renewal": 9,
    "tax-return": 8,
    "housing-benefit": 8,
    "life-certificate": 6,
    "driving-licence": 4,
    "bank-card-block": 3,
}
# What is said in a few words, by question, else by what it fills.
WORDS: dict[str, tuple[str, ...]] = {
    "bank": ("Crédit Agricole", "La Banque Postale", "la Caisse d’Épargne", "la BNP"),
    "supplier": ("EDF", "Engie", "TotalEnergies", "Ekwateur"),
    "operator": ("Orange", "SFR", "Bouygues", "Free"),
    "name": ("docteur Lacaze", "docteur Pagès", "docteur Marty", "cabinet des Tilleuls"),
    "country": ("Portugal", "Espagne", "Algérie", "Italie"),
    "from_place": ("Toulouse Matabiau", "Castelnaudary", "Villefranche-de-Lauragais"),
    "to_place": ("Paris", "Bordeaux", "Narbonne", "Marseille", "Limoges"),
    Field.REFERENCE: ("QZRT7H", "0412 887 3", "2026-118-44", "LMK4P2"),
    Field.PLACE: ("près de chez elle", "Toulouse", "Revel", "Castanet"),
    Field.WISH: ("le plus tôt possible", "le matin de préférence"),
}
ELSE = ("rien de plus", "sa fille peut l’accompagner", "préfère le téléphone")
# An answer that makes everything urgent or raises the grade is rare; so is « ne sait pas ».
RARE = {"urgent": 0.06, "grade": 0.4, "unknown": 0.08}
VARIANTS = 6
"""Answers drawn for a kind in a week; over a long history the same few come back (fast, and nobody compares)."""


@dataclass(frozen=True)
class Request:
    """What was asked, with what the script makes of it. ``sentences``: the three to read, for a person and a delay."""

    kind: Kind
    answers: dict[str, script.Answer | None]
    stored: dict[str, str | int]
    grade: Grade
    urgent: bool
    target: Amount
    papers: tuple[Paper, ...]
    sentences: tuple[str, str, str]

    def read_aloud(self, person: str, delay: str) -> list[str]:
        """The three sentences, as said to ``person``."""
        return [one.replace("{person}", person).replace("{delay}", delay) for one in self.sentences]

    def answer(self, outcome: str) -> str:
        """The words of the answer given for that outcome."""
        return self.kind.outcomes[Outcome(outcome)]


class Requests:
    """Draws requests; ``kinds``: those in force."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = {kind.code: kind for kind in kinds}
        self.codes = list(self.kinds)
        self.weights = [WEIGHTS.get(code, 1) for code in self.codes]
        self.known: dict[tuple[str, int, int], Request] = {}

    def draw(self, chance: Random, at: datetime) -> Request:
        """A request made at ``at``."""
        code = chance.choices(self.codes, self.weights)[0]
        week = at.astimezone(PARIS).date().toordinal() // 7
        key = (code, week, chance.randrange(VARIANTS))
        if key not in self.known:
            if len(self.known) > 10_000:
                self.known.clear()
            self.known[key] = request(self.kinds[code], date.fromordinal(week * 7), chance)
        return self.known[key]


def request(kind: Kind, on: date, chance: Random) -> Request:
    """A complete request of ``kind``, asked in the week that begins on ``on``."""
    answers = answer_all(kind, on, chance)
    effects = script.effects(kind, answers)
    given = script.shown_answers(kind, answers)
    return Request(
        kind=kind,
        answers=answers,
        stored={
            name: value if isinstance(value, (int, str)) else value.isoformat()
            for name, value in given.items()
        },
        grade=effects.grade,
        urgent=effects.urgent,
        target=effects.target,
        papers=script.papers(kind, answers),
        sentences=script.read_back(kind, answers, "{delay}", person="{person}"),
    )


def answer_all(kind: Kind, on: date, chance: Random) -> dict[str, script.Answer | None]:
    """Valid answers to every question shown, one after the other as the screen asks them."""
    answers: dict[str, script.Answer | None] = {}
    while True:
        shown = [one for one in script.visible_questions(kind, answers) if one.id not in answers]
        if not shown:
            return answers
        # Only the first: the answer may hide or show those after it.
        answers[shown[0].id] = _answer(kind, shown[0], on, chance)


def _answer(kind: Kind, question: Question, on: date, chance: Random) -> script.Answer | None:
    if not question.required and chance.random() < 0.3:
        return None
    if question.accepted:
        weights = [_weight(kind, question.id, answer) for answer in question.accepted]
        return chance.choices(question.accepted, weights)[0]
    match question.kind:
        case QuestionKind.DATE:
            return _day(question, on, chance).isoformat()
        case QuestionKind.AMOUNT:
            # Whole euros where the bounds leave room: people round.
            low, high = max(question.least, 1_500), min(question.most, 40_000)
            if low >= high:
                return question.least
            return round(math.exp(chance.uniform(math.log(low), math.log(high))) / 100) * 100
        case QuestionKind.NUMBER:
            return chance.randint(question.least, min(question.most, question.least + 2))
        case _:
            return chance.choice(WORDS.get(question.id) or WORDS.get(question.fills) or ELSE)


def _weight(kind: Kind, question: str, answer: str) -> float:
    """How often that answer is given: less when the request becomes urgent or harder by it."""
    follows = [one for one in kind.consequences if answer in one.shows_if.get(question, ())]
    weight = RARE["unknown"] if answer == UNKNOWN else 1.0
    if any(one.urgent or one.distress for one in follows):
        return weight * RARE["urgent"]
    return weight * RARE["grade"] if any(one.grade for one in follows) else weight


def _day(question: Question, on: date, chance: Random) -> date:
    """Past for what happened, to come for what is wanted or due."""
    if question.fills is Field.HAPPENED_ON:
        return on - timedelta(days=chance.randrange(1, 60))
    return on + timedelta(days=chance.randrange(8, 45))
