"""Questions drawn and answers judged. The answers on file are never shown, what was said is never stored."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock, journal
from gruppetto.kernel.access.rows import records_of, same_person
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.outbox import publish
from gruppetto.registry.people import events
from gruppetto.registry.people.identity.facts import FINDING, WORD, Fact, declared_facts, fact
from gruppetto.registry.people.identity.levels import (
    CEILING_BEFORE_VISIT,
    CONFIRMED,
    FACTS_NEEDED,
    WRONG_ANSWERS,
    level_of,
)
from gruppetto.registry.people.models import IdentityCheck, Person
from gruppetto.registry.people.verbs._rows import about, locked, locked_person

CHANCE = random.SystemRandom()
Result = IdentityCheck.Result


@dataclass(frozen=True, slots=True)
class Question:
    """A question to read aloud; ``check_id``: where its answer goes."""

    check_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a contact has shown so far about one person: facts answered rightly, number of wrong answers."""

    matched: frozenset[str]
    wrong: int


def ceiling(person: Person) -> int:
    """The highest level this person can be given: 2 before the first visit, where word and facts are collected."""
    return CONFIRMED if _visited(person) else CEILING_BEFORE_VISIT


def standing(person_id: UUID, contact_id: UUID) -> Standing:
    """What the contact has shown so far about the person; wrong answers count whomever they were about.

    1 query; 2 when some were about another record.
    """
    answers = list(
        IdentityCheck.objects.filter(contact_id=contact_id).values_list("person_id", "fact", "result")
    )
    mine = {person_id}
    if any(about_id != person_id for about_id, _code, _result in answers):
        mine.update(same_person(person_id))
    return Standing(
        frozenset(code for about_id, code, result in answers if about_id in mine and result == Result.MATCH),
        sum(result == Result.NO_MATCH for _about, _code, result in answers),
    )


def reached(person: Person, contact_id: UUID, *, number_known: bool = False, confirmed: bool = False) -> int:
    """The level of the contact for this person, by ``level_of`` (1 query)."""
    shown = standing(person.pk, contact_id)
    return level_of(
        number_known=number_known,
        matched=shown.matched,
        wanted=() if _visited(person) else [finding.code for finding in FINDING],
        wrong=shown.wrong,
        confirmed=confirmed,
        highest=ceiling(person),
    )


@verb
def draw(person_id: UUID, contact_id: UUID, *, chance: random.Random = CHANCE) -> list[Question]:
    """The questions of this contact: two facts drawn, none of which was asked the last time.

    Those already drawn and not answered yet are given again: asking anew does not fish for an easier one. Before the
    first visit: birth date, street, and one fact. Raises ``Refused``: identity-blocked (three wrong answers),
    not-enough-facts (then a call-back, or the person's own correspondent).
    """
    person, account_id = locked_person(person_id), human()
    _not_blocked(contact_id)
    checks = IdentityCheck.objects.filter(person_id__in=records_of(person_id))
    last = checks.aggregate(last=Max("round"))["last"] or 0
    rows = list(checks.filter(Q(round=last) | Q(contact_id=contact_id)).order_by("id"))
    if waiting := _waiting(person, contact_id, rows):
        return waiting
    drawn = _drawn(person, {row.fact for row in rows}, chance)
    # In order: two identifiers of one millisecond may come in any.
    keys = sorted(new_id() for _question in drawn)
    rows = IdentityCheck.objects.bulk_create(
        IdentityCheck(
            id=key,
            **about(person),
            contact_id=contact_id,
            round=last + 1,
            fact=one.code,
            result=Result.ASKED,
            at=clock.now(),
            account_id=account_id,
        )
        for key, one in zip(keys, drawn, strict=True)
    )
    _act("identity.asked", person, contact_id, facts=[one.code for one in drawn], round=last + 1)
    return [Question(row.pk, str(one.question)) for row, one in zip(rows, drawn, strict=True)]


@verb
def judge(check_id: UUID, typed: str, *, contact_id: UUID | None = None) -> bool:
    """Does what the person said answer the question drawn? An empty text ("I do not know") is a wrong answer.

    ``contact_id``: the contact under way, when the caller knows it. Raises ``Refused``: a-question-is-answered-once,
    identity-blocked, question-outdated (the answer left the record meanwhile), wrong-contact.
    """
    question, account_id = locked(IdentityCheck, check_id), human()
    if contact_id not in (None, question.contact_id) or question.result != Result.ASKED:
        raise NotYours(_("Cette question a été posée dans un autre contact."), code="wrong-contact")
    person = locked_person(same_person(question.person_id)[0])
    wrong = _not_blocked(question.contact_id)
    asked = None if _was_said(question) else fact(question.fact)
    matches = asked.matches(person, typed) if asked else None
    if matches is None:
        raise Refused(_("Cette question ne vaut plus : tirez-en une autre."), code="question-outdated")
    result = Result.MATCH if matches else Result.NO_MATCH
    IdentityCheck.objects.create(
        **about(person),
        contact_id=question.contact_id,
        question_id=question.pk,
        round=question.round,
        fact=question.fact,
        result=result,
        at=clock.now(),
        account_id=account_id,
    )
    _act("identity.answered", person, question.contact_id, fact=question.fact, result=str(result))
    if not matches and wrong + 1 >= WRONG_ANSWERS:
        publish(
            events.IDENTITY_FAILED,
            question.contact_id,
            portfolio_id=person.portfolio_id,
            person=person.pk,
        )
    return matches


def questions_missed(contact_id: UUID) -> list[str]:
    """The questions of a contact that were not answered rightly, as read aloud, each once (1 query)."""
    missed = IdentityCheck.objects.filter(contact_id=contact_id, result=Result.NO_MATCH).order_by("at", "id")
    asked = [fact(code) for code in dict.fromkeys(missed.values_list("fact", flat=True))]
    return [str(one.question) for one in asked if one]


@verb
def word_to_say(person_id: UUID, contact_id: UUID, *, recognised: bool = False) -> str:
    """The word the person chose, for us to say it: a look, journaled; the word no longer counts in this contact.

    It is told once the person is recognised in this contact (two right answers), or when the caller vouches for it
    (``recognised``: level 2 reached otherwise, or we called a verified number): whoever rings and doubts is asked to
    hang up and call our number, else a stranger would learn the word. Raises ``Refused``: no-word,
    word-before-identity.
    """
    person, account_id = locked_person(person_id), human()
    shown = standing(person_id, contact_id)
    if not person.chosen_word:
        raise Refused(_("La personne n’a pas encore choisi de mot."), code="no-word")
    if shown.wrong >= WRONG_ANSWERS or not (recognised or len(shown.matched) >= FACTS_NEEDED):
        raise Refused(
            _(
                "Le mot se dit une fois la personne reconnue. Proposez-lui de raccrocher et d’appeler notre numéro."
            ),
            code="word-before-identity",
        )
    IdentityCheck.objects.create(
        **about(person),
        contact_id=contact_id,
        fact=WORD,
        result=Result.SAID,
        at=clock.now(),
        account_id=account_id,
    )
    journal.look(
        "word.said",
        subject=("people.person", person_id),
        person_id=person_id,
        portfolio_id=person.portfolio_id,
    )
    return person.chosen_word


def _visited(person: Person) -> bool:
    return person.first_visit_on is not None and person.first_visit_on <= clock.today()


def _waiting(person: Person, contact_id: UUID, rows: Collection[IdentityCheck]) -> list[Question]:
    """The questions drawn in this contact that wait for their answer, if they still have one on file."""
    answered = {row.question_id for row in rows}
    said = any(row.result == Result.SAID and row.contact_id == contact_id for row in rows)
    waiting = [
        (row, fact(row.fact))
        for row in rows
        if row.result == Result.ASKED and row.contact_id == contact_id and row.pk not in answered
    ]
    return [
        Question(row.pk, str(one.question))
        for row, one in waiting
        if one and one.answer_of(person) and not (said and one.code == WORD)
    ]


def _was_said(question: IdentityCheck) -> bool:
    """Did we give the answer ourselves in this contact?"""
    said = IdentityCheck.objects.filter(
        contact_id=question.contact_id, result=Result.SAID, fact=question.fact
    )
    return question.fact == WORD and said.exists()


def _drawn(person: Person, spent: Collection[str], chance: random.Random) -> list[Fact]:
    """The questions to ask: facts on file, none of them ``spent``."""
    known = [one for one in declared_facts() if one.code not in spent and one.answer_of(person)]
    first = [] if _visited(person) else list(FINDING)
    wanted = 1 if first else FACTS_NEEDED
    if len(known) < wanted or not all(finding.answer_of(person) for finding in first):
        raise Refused(
            _(
                "Le dossier ne permet pas de poser d’autres questions aujourd’hui. Proposez un rappel sur un numéro"
                " vérifié, ou passez l’appel à son correspondant."
            ),
            code="not-enough-facts",
        )
    return first + chance.sample(known, wanted)


def _not_blocked(contact_id: UUID) -> int:
    """The number of wrong answers of the contact, about whomever. Raises ``Refused`` at three (identity-blocked)."""
    wrong = IdentityCheck.objects.filter(contact_id=contact_id, result=Result.NO_MATCH).count()
    if wrong >= WRONG_ANSWERS:
        raise Refused(
            _("Trois réponses ne vont pas : aucune autre question dans cet appel. Proposez un rappel."),
            code="identity-blocked",
            facts={"contact": contact_id},
        )
    return wrong


def _act(name: str, person: Person, contact_id: UUID, **body: object) -> None:
    journal.act(
        name,
        subject=("contacts.contact", contact_id),
        person_id=person.pk,
        portfolio_id=person.portfolio_id,
        body=body,
    )
