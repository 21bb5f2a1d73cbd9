"""Rules of a kind that no single key can say: references inside it, order of questions, variables of sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gruppetto.service.catalogue.content import Kind, Question, Sentence
from gruppetto.service.catalogue.sheets import Condition
from gruppetto.service.catalogue.vocabulary import DOMAIN_OF

# Variables that the three sentences may use besides the ids of questions.
ALWAYS_KNOWN = frozenset({"person", "delay"})


def broken_rules(kind: Kind) -> list[str]:
    """Every broken rule of ``kind``, as « key : what is expected »."""
    broken: list[str] = []
    if DOMAIN_OF[kind.sub_domain] is not kind.domain:
        broken.append(f"sub_domain : une partie du domaine « {kind.domain} » est attendue")
    if bool(kind.checked_by) is not bool(kind.checked_on):
        broken.append("checked_by : le nom et la date du contrôle vont ensemble")
    both = sorted(set(kind.acts_allowed) & set(kind.acts_forbidden))
    if both:
        broken.append(f"acts_forbidden : {', '.join(both)} est à la fois permis et interdit")
    broken += [
        f"steps[{n}].act : « {step.act} » doit être dans acts_allowed"
        for n, step in enumerate(kind.steps, 1)
        if step.act is not None and step.act not in kind.acts_allowed
    ]
    for name, codes in (
        ("questions", [q.id for q in kind.questions]),
        ("papers", [p.code for p in kind.papers]),
    ):
        broken += [
            f"{name} : « {code} » est répété" for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
    broken += _broken_conditions(kind)
    broken += _broken_sentences(kind)
    return broken


def _broken_conditions(kind: Kind) -> list[str]:
    """A condition names an earlier closed question and answers that it accepts."""
    conditioned: list[tuple[str, Condition, tuple[Question, ...]]] = [
        (f"questions[{n}]", question.shows_if, kind.questions[: n - 1])
        for n, question in enumerate(kind.questions, 1)
    ]
    groups: dict[str, Iterable[Any]] = {
        "papers": kind.papers,
        "steps": kind.steps,
        "warnings": kind.warnings,
        "consequences": kind.consequences,
        "read_back.asks": kind.read_back.asks,
        "read_back.does": kind.read_back.does,
        "read_back.hears": kind.read_back.hears,
    }
    for name, things in groups.items():
        conditioned += [(f"{name}[{n}]", thing.shows_if, kind.questions) for n, thing in enumerate(things, 1)]
    broken = []
    for where, condition, questions in conditioned:
        for question_id, answers in condition.items():
            known = {question.id: question.accepted for question in questions}.get(question_id, ())
            if not known:
                broken.append(
                    f"{where}.shows_if : « {question_id} » n’est pas une question fermée posée avant"
                )
            broken += [
                f"{where}.shows_if.{question_id} : « {answer} » n’est pas une réponse possible"
                for answer in answers
                if known and answer not in known
            ]
    return broken


def _broken_sentences(kind: Kind) -> list[str]:
    """Each variable is known, and something can always be said."""
    broken = []
    questions = {question.id: question for question in kind.questions}
    for name, sentences in zip(("asks", "does", "hears"), kind.read_back.parts(), strict=True):
        if sentences[-1].shows_if:
            broken.append(f"read_back.{name} : la dernière phrase doit être sans condition")
        for n, sentence in enumerate(sentences, 1):
            for variable in sorted(sentence.variables - ALWAYS_KNOWN):
                question = questions.get(variable)
                if question is None:
                    broken.append(
                        f"read_back.{name}[{n}] : la variable « {variable} » n’est pas une question"
                    )
                elif not _always_answered(question, sentence) and not question.unsaid:
                    broken.append(
                        f"read_back.{name}[{n}] : « {variable} » peut manquer, « unsaid » est attendu"
                    )
    return broken


def _always_answered(question: Question, sentence: Sentence) -> bool:
    """Is the question sure to be answered whenever the sentence is read?"""
    return question.required and _implies(sentence.shows_if, question.shows_if)


def _implies(stronger: Condition, weaker: Condition) -> bool:
    return all(name in stronger and set(stronger[name]) <= set(answers) for name, answers in weaker.items())
