"""A kind of request as its file describes it, read strictly: one error list for the whole file, never half a kind."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.sheets import SNAKE, Condition, Sheet
from gruppetto.service.catalogue.vocabulary import (
    CHANGED,
    CONFIRMED,
    NO,
    UNKNOWN,
    YES,
    Act,
    Doer,
    Domain,
    Field,
    Grade,
    Outcome,
    PersonFact,
    PriceClass,
    QuestionKind,
    Sensitivity,
    SubDomain,
    WarningAbout,
)


@dataclass(frozen=True)
class Choice:
    """One answer of a choice: ``label`` is read aloud, ``said`` goes into the sentences."""

    code: str
    label: str
    said: str


@dataclass(frozen=True)
class Question:
    """A closed question read aloud; ``changes`` tells the agent what the answer changes.

    ``least`` and ``most`` bound a number, or an amount in cents. ``unsaid`` stands in the
    sentences when the question has no answer.
    """

    id: str
    ask: str
    kind: QuestionKind
    fills: Field
    changes: str
    help: str
    required: bool
    choices: tuple[Choice, ...]
    fact: PersonFact | None
    least: int
    most: int
    unsaid: str
    shows_if: Condition

    @property
    def accepted(self) -> tuple[str, ...]:
        """The closed answers, empty when the answer is free (date, amount, number, words)."""
        match self.kind:
            case QuestionKind.YES_NO:
                return YES, NO, UNKNOWN
            case QuestionKind.PERSON_FACT:
                return CONFIRMED, CHANGED, UNKNOWN
            case _:
                return tuple(choice.code for choice in self.choices)


@dataclass(frozen=True)
class Paper:
    """A paper needed before filing: why in one plain sentence, and where it is usually found."""

    code: str
    label: str
    why: str
    where: str
    required: bool
    shows_if: Condition


@dataclass(frozen=True)
class Step:
    """A usual step; ``act`` names the act on behalf it needs, if any."""

    label: str
    who: Doer
    act: Act | None
    detail: str
    shows_if: Condition


@dataclass(frozen=True)
class Warn:
    """Something to say or to watch."""

    about: WarningAbout
    text: str
    shows_if: Condition


@dataclass(frozen=True)
class Consequence:
    """What answers change for the whole request: a higher grade, urgency, another kind, a distress guide."""

    shows_if: Condition
    says: str
    grade: Grade | None
    urgent: bool
    see_kind: str
    distress: str


@dataclass(frozen=True)
class Sentence:
    """A sentence to read aloud, a template on ``{person}``, ``{delay}`` and the ids of questions."""

    say: str
    shows_if: Condition

    @property
    def variables(self) -> frozenset[str]:
        """Names between braces."""
        return frozenset(name for _text, name, _spec, _conv in string.Formatter().parse(self.say) if name)


@dataclass(frozen=True)
class ReadBack:
    """The three sentences read before hanging up; in each, the first whose condition holds is read."""

    asks: tuple[Sentence, ...]
    does: tuple[Sentence, ...]
    hears: tuple[Sentence, ...]

    def parts(self) -> tuple[tuple[Sentence, ...], ...]:
        """What you ask, what we do, when you hear from us."""
        return self.asks, self.does, self.hears


@dataclass(frozen=True)
class Kind:
    """A type of request, worked end to end.

    ``identity_level`` (0 to 3) is the least level of identity at which the person may order it.
    ``seen_on`` is the date printed on the copy of the source that was read; ``checked_by`` and
    ``checked_on`` belong to a human.
    """

    code: str
    label: str
    words: tuple[str, ...]
    domain: Domain
    sub_domain: SubDomain
    grade: Grade
    urgent: bool
    price_class: PriceClass
    sensitivity: Sensitivity
    identity_level: int
    reason: str
    sub_reason: str
    providers: tuple[str, ...]
    source_url: str
    seen_on: date | None
    checked_by: str
    checked_on: date | None
    acts_allowed: tuple[Act, ...]
    acts_forbidden: tuple[Act, ...]
    questions: tuple[Question, ...]
    papers: tuple[Paper, ...]
    steps: tuple[Step, ...]
    consequences: tuple[Consequence, ...]
    warnings: tuple[Warn, ...]
    read_back: ReadBack
    outcomes: Mapping[Outcome, str]
    see_also: tuple[str, ...]
    version: int = 0

    @property
    def checked(self) -> bool:
        """False shows « à vérifier » on every screen."""
        return self.checked_on is not None

    def question(self, question_id: str) -> Question:
        """The question of that id; KeyError if there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str, *, version: int = 0) -> Kind:
        """Read one kind; ``where`` names the file in messages, ``version`` is 0 out of the database.

        Raises Refused (catalogue-invalid) with every error.
        """
        errors: list[str] = []
        sheet = Sheet(data, f"{where} : ", errors)
        fields = _kind_fields(sheet)
        sheet.done()
        refuse_if_any(errors, where)
        kind = cls(**fields, version=version)
        from gruppetto.service.catalogue.rules import broken_rules  # the rules read the kind they judge

        refuse_if_any([f"{where} : {error}" for error in broken_rules(kind)], where)
        return kind


def refuse_if_any(errors: list[str], where: str) -> None:
    """Raise Refused (code catalogue-invalid) naming every error of the file, if there is one."""
    if errors:
        message = f"{where} : {len(errors)} erreur(s).\n" + "\n".join(errors)
        raise Refused(message, code="catalogue-invalid", facts={"file": where, "errors": list(errors)})


def _kind_fields(sheet: Sheet) -> dict[str, Any]:
    return {
        "code": sheet.code("code"),
        "label": sheet.text("label", longest=80),
        "words": sheet.texts("words"),
        "domain": sheet.one_of("domain", Domain),
        "sub_domain": sheet.one_of("sub_domain", SubDomain),
        "grade": sheet.one_of("grade", Grade),
        "urgent": sheet.flag("urgent"),
        "price_class": sheet.one_of("price_class", PriceClass),
        "sensitivity": sheet.one_of("sensitivity", Sensitivity),
        "identity_level": sheet.number("identity_level", least=0, most=3),
        "reason": sheet.code("reason"),
        "sub_reason": sheet.code("sub_reason"),
        "providers": sheet.codes("providers"),
        "source_url": sheet.url("source_url"),
        "seen_on": sheet.day("seen_on"),
        "checked_by": sheet.text("checked_by", required=False, longest=120),
        "checked_on": sheet.day("checked_on"),
        "acts_allowed": sheet.many_of("acts_allowed", Act),
        "acts_forbidden": sheet.many_of("acts_forbidden", Act),
        "questions": tuple(_question(one) for one in sheet.sheets("questions", least=1)),
        "papers": tuple(_paper(one) for one in sheet.sheets("papers")),
        "steps": tuple(_step(one) for one in sheet.sheets("steps", least=1)),
        "consequences": tuple(_consequence(one) for one in sheet.sheets("consequences")),
        "warnings": tuple(_warning(one) for one in sheet.sheets("warnings")),
        "read_back": _read_back(sheet.sheet("read_back")),
        "outcomes": _outcomes(sheet.sheet("outcomes")),
        "see_also": sheet.codes("see_also"),
    }


def _question(sheet: Sheet) -> Question:
    kind = sheet.one_of("kind", QuestionKind)
    bounded = kind in (QuestionKind.NUMBER, QuestionKind.AMOUNT)
    question = Question(
        id=sheet.code("id", SNAKE),
        ask=sheet.text("ask"),
        kind=kind or QuestionKind.YES_NO,
        fills=sheet.one_of("fills", Field) or Field.DETAIL,
        changes=sheet.text("changes", required=False),
        help=sheet.text("help", required=False),
        required=sheet.flag("required"),
        choices=tuple(_choice(one) for one in sheet.sheets("choices", least=2))
        if kind is QuestionKind.CHOICE
        else (),
        fact=sheet.one_of("fact", PersonFact) if kind is QuestionKind.PERSON_FACT else None,
        least=sheet.number("least", least=0, most=10**9, default=0) if bounded else 0,
        most=sheet.number("most", least=1, most=10**9, default=10**7) if bounded else 0,
        unsaid=sheet.text("unsaid", required=False, longest=120),
        shows_if=sheet.condition(),
    )
    sheet.expect(question.least <= question.most, "most", "une borne au moins égale à « least » est attendue")
    sheet.done()
    return question


def _choice(sheet: Sheet) -> Choice:
    code, label = sheet.code("code"), sheet.text("label", longest=120)
    said = sheet.text("said", required=False, longest=160) or label
    sheet.done()
    return Choice(code, label, said)


def _paper(sheet: Sheet) -> Paper:
    paper = Paper(
        code=sheet.code("code"),
        label=sheet.text("label", longest=160),
        why=sheet.text("why"),
        where=sheet.text("where"),
        required=sheet.flag("required", default=True),
        shows_if=sheet.condition(),
    )
    sheet.done()
    return paper


def _step(sheet: Sheet) -> Step:
    step = Step(
        label=sheet.text("label", longest=200),
        who=sheet.one_of("who", Doer) or Doer.CORRESPONDENT,
        act=sheet.one_of("act", Act, required=False),
        detail=sheet.text("detail", required=False),
        shows_if=sheet.condition(),
    )
    sheet.done()
    return step


def _warning(sheet: Sheet) -> Warn:
    about, text = sheet.one_of("about", WarningAbout) or WarningAbout.RIGHTS, sheet.text("text")
    warning = Warn(about, text, sheet.condition())
    sheet.done()
    return warning


def _consequence(sheet: Sheet) -> Consequence:
    consequence = Consequence(
        shows_if=sheet.condition(),
        says=sheet.text("says"),
        grade=sheet.one_of("grade", Grade, required=False),
        urgent=sheet.flag("urgent"),
        see_kind=sheet.text("see_kind", required=False),
        distress=sheet.text("distress", required=False),
    )
    sheet.expect(bool(consequence.shows_if), "shows_if", "une condition est attendue, elle manque")
    sheet.done()
    return consequence


def _read_back(sheet: Sheet) -> ReadBack:
    parts = {name: tuple(_sentence(one) for one in sheet.spoken(name)) for name in ("asks", "does", "hears")}
    sheet.done()
    return ReadBack(**parts)


def _sentence(sheet: Sheet) -> Sentence:
    say = sheet.text("say")
    try:
        list(string.Formatter().parse(say))
    except ValueError:
        sheet.expect(False, "say", "des accolades par paires, comme {person}, sont attendues")
        say = ""
    sentence = Sentence(say, sheet.condition())
    sheet.done()
    return sentence


def _outcomes(sheet: Sheet) -> dict[Outcome, str]:
    outcomes = {outcome: sheet.text(outcome.value) for outcome in Outcome}
    sheet.done()
    return outcomes
