"""Walking a script: pure functions of a kind and of the answers given so far.

Answers are what the screen holds, by question id: "yes"/"no"/"unknown" for yes_no, a choice's code, a date
(``date`` or ISO text), whole cents for an amount, a whole number, "confirmed"/"changed"/"unknown" for a
person_fact, a short text. An answer to a question that is no longer shown is kept by the draft and ignored here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gruppetto.kernel.calendars import Amount, days, minutes
from gruppetto.service.catalogue.content import Kind, Paper, Question, Sentence, Step, Warn
from gruppetto.service.catalogue.sheets import Condition
from gruppetto.service.catalogue.vocabulary import (
    BUSINESS_DAYS,
    URGENT_BUSINESS_HOURS,
    Field,
    Grade,
    QuestionKind,
)

Answer = str | int | date
Answers = Mapping[str, Answer | None]
LONGEST_TEXT = 200

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class PaperState(TextChoices):
    """What we know of a paper; a paper nobody spoke of is missing."""

    HAVE = "have", _("En main")
    ASKED = "asked", _("Demandé")
    MISSING = "missing", _("Manquant")
    NOT_NEEDED = "not_needed", _("Inutile")


@dataclass(frozen=True)
class Effects:
    """What the answers make of the request.

    ``distress``: codes of the guides to open now; ``see_kinds``: other kinds to open; ``says``: why, for the agent.
    """

    grade: Grade
    urgent: bool
    see_kinds: tuple[str, ...]
    distress: tuple[str, ...]
    says: tuple[str, ...]

    @property
    def target(self) -> Amount:
        """The promise: two business hours when urgent, else the business days of the grade."""
        return minutes(60 * URGENT_BUSINESS_HOURS) if self.urgent else days(BUSINESS_DAYS[self.grade])


def visible_questions(kind: Kind, answers: Answers) -> tuple[Question, ...]:
    """The questions to ask now, in order; an answer counts only while its own question is shown."""
    return _walk(kind, answers)[0]


def shown_answers(kind: Kind, answers: Answers) -> dict[str, Answer]:
    """The answers of the questions shown now, without empty ones: what the request keeps."""
    return _walk(kind, answers)[1]


def _walk(kind: Kind, answers: Answers) -> tuple[tuple[Question, ...], dict[str, Answer]]:
    shown: list[Question] = []
    given: dict[str, Answer] = {}
    for question in kind.questions:
        if _holds(question.shows_if, given):
            shown.append(question)
            answer = answers.get(question.id)
            if answer is not None and answer != "":
                given[question.id] = answer
    return tuple(shown), given


def _holds(condition: Condition, given: Answers) -> bool:
    return all(given.get(question_id) in accepted for question_id, accepted in condition.items())


def check_answers(kind: Kind, answers: Answers) -> dict[str, object]:
    """What is wrong, by question id, as sentences for the person who types; empty when the script is complete."""
    errors: dict[str, object] = {}
    for question in visible_questions(kind, answers):
        answer = answers.get(question.id)
        if answer is None or answer == "":
            if question.required:
                errors[question.id] = _("Posez cette question : la réponse est nécessaire.")
        elif error := _wrong(question, answer):
            errors[question.id] = error
    for question_id in answers.keys() - {question.id for question in kind.questions}:
        errors[question_id] = _("Cette question ne fait pas partie de cette démarche.")
    return errors


def _wrong(question: Question, answer: Answer) -> object | None:
    match question.kind:
        case QuestionKind.YES_NO | QuestionKind.CHOICE | QuestionKind.PERSON_FACT:
            return None if answer in question.accepted else _("Choisissez une des réponses proposées.")
        case QuestionKind.DATE:
            return None if _day(answer) else _("Cette date n’existe pas. Exemple : 3/5/2026.")
        case QuestionKind.TEXT_SHORT:
            if not isinstance(answer, str):
                return _("Quelques mots sont attendus.")
            if len(answer) <= LONGEST_TEXT:
                return None
            return ngettext_lazy(
                "Écrivez au plus %(most)d caractère.", "Écrivez au plus %(most)d caractères.", LONGEST_TEXT
            ) % {"most": LONGEST_TEXT}
        case QuestionKind.AMOUNT | QuestionKind.NUMBER:
            if not isinstance(answer, int) or isinstance(answer, bool):
                return _("Un nombre est attendu.")
            if question.least <= answer <= question.most:
                return None
            as_said = say_amount if question.kind is QuestionKind.AMOUNT else str
            return _("Le nombre attendu va de %(least)s à %(most)s.") % {
                "least": as_said(question.least),
                "most": as_said(question.most),
            }


def effects(kind: Kind, answers: Answers) -> Effects:
    """The request as the answers make it: the highest grade, urgency, guides and other kinds to open."""
    given = shown_answers(kind, answers)
    met = [consequence for consequence in kind.consequences if _holds(consequence.shows_if, given)]
    grades = [kind.grade, *(consequence.grade for consequence in met if consequence.grade)]
    return Effects(
        grade=max(grades, key=lambda grade: grade.rank),
        urgent=kind.urgent or any(consequence.urgent for consequence in met),
        see_kinds=tuple(dict.fromkeys(consequence.see_kind for consequence in met if consequence.see_kind)),
        distress=tuple(dict.fromkeys(consequence.distress for consequence in met if consequence.distress)),
        says=tuple(consequence.says for consequence in met),
    )


def papers(kind: Kind, answers: Answers) -> tuple[Paper, ...]:
    """The papers that this request needs, the optional ones too."""
    given = shown_answers(kind, answers)
    return tuple(paper for paper in kind.papers if _holds(paper.shows_if, given))


def missing_papers(
    kind: Kind, papers_state: Mapping[str, str], answers: Answers | None = None
) -> tuple[Paper, ...]:
    """The required papers not yet in hand, among those ``answers`` call for.

    ``papers_state``: paper code → ``PaperState``. Without answers only the papers always needed count.
    """
    in_hand = (PaperState.HAVE, PaperState.NOT_NEEDED)
    return tuple(
        paper
        for paper in papers(kind, answers or {})
        if paper.required and papers_state.get(paper.code) not in in_hand
    )


def steps(kind: Kind, answers: Answers) -> tuple[Step, ...]:
    """The usual steps for these answers, in order."""
    given = shown_answers(kind, answers)
    return tuple(step for step in kind.steps if _holds(step.shows_if, given))


def warnings(kind: Kind, answers: Answers) -> tuple[Warn, ...]:
    """What to say or watch for these answers."""
    given = shown_answers(kind, answers)
    return tuple(warning for warning in kind.warnings if _holds(warning.shows_if, given))


def read_back(kind: Kind, answers: Answers, delay_text: str, *, person: str) -> tuple[str, str, str]:
    """The three sentences to read aloud: what you ask, what we do, when you hear from us.

    ``delay_text``: a moment or a limit as said ("au plus tard mardi 3 mai à 18 h"); ``person``: as addressed
    ("Madame Roux").
    """
    given = shown_answers(kind, answers)
    words = {question.id: said(question, given.get(question.id)) for question in kind.questions}
    words |= {"person": person, "delay": delay_text}
    asks, does, hears = (_pick(sentences, given).format_map(words) for sentences in kind.read_back.parts())
    return asks, does, hears


def _pick(sentences: tuple[Sentence, ...], given: Answers) -> str:
    return next(sentence.say for sentence in sentences if _holds(sentence.shows_if, given))


def filled(kind: Kind, answers: Answers) -> dict[Field, list[tuple[Question, str]]]:
    """The fields of the request with the questions that fill them and what was said, in the order asked."""
    given = shown_answers(kind, answers)
    fields: dict[Field, list[tuple[Question, str]]] = {}
    for question in kind.questions:
        if question.id in given:
            fields.setdefault(question.fills, []).append((question, said(question, given[question.id])))
    return fields


def said(question: Question, answer: Answer | None) -> str:
    """The answer as it is read aloud; ``question.unsaid`` when there is none that makes sense."""
    if answer is None:
        return question.unsaid
    match question.kind:
        case QuestionKind.CHOICE:
            return next(
                (choice.said for choice in question.choices if choice.code == answer), question.unsaid
            )
        case QuestionKind.YES_NO:
            return {"yes": "oui", "no": "non", "unknown": "ne sait pas"}.get(str(answer), question.unsaid)
        case QuestionKind.PERSON_FACT:
            return {"confirmed": "inchangé", "changed": "changé", "unknown": "ne sait pas"}.get(
                str(answer), question.unsaid
            )
        case QuestionKind.DATE:
            day = _day(answer)
            return say_day(day) if day else question.unsaid
        case QuestionKind.AMOUNT:
            return say_amount(answer) if isinstance(answer, int) else question.unsaid
        case _:
            return str(answer)


def _day(answer: Answer) -> date | None:
    if isinstance(answer, date):
        return answer
    try:
        return date.fromisoformat(str(answer))
    except ValueError:
        return None


def say_day(day: date) -> str:
    """« mardi 3 mai 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def say_amount(cents: int) -> str:
    """« 1 234,56 € », without « ,00 »; spaces do not break."""
    euros, rest = divmod(cents, 100)
    whole = f"{euros:,}".replace(",", "\u00a0")
    return f"{whole},{rest:02d}\u00a0€" if rest else f"{whole}\u00a0€"
