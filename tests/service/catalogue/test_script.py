"""Walking a script: what is asked, what is wrong, what the answers change, what is read aloud."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.calendars import days, minutes
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind, Question
from gruppetto.service.catalogue.files import read_catalogue
from gruppetto.service.catalogue.vocabulary import Field, Grade, QuestionKind

KINDS = {kind.code: kind for kind in read_catalogue().kinds}
CARD, TRAIN, ENERGY = KINDS["bank-card-block"], KINDS["train-ticket"], KINDS["energy-bill-dispute"]
DELAY = "au plus tard mardi 3 mai à 18 h"


def good_answer(question: Question) -> st.SearchStrategy[Any]:
    match question.kind:
        case QuestionKind.DATE:
            return st.dates(date(2020, 1, 1), date(2030, 1, 1)) | st.just("2026-05-03")
        case QuestionKind.TEXT_SHORT:
            return st.text(min_size=1, max_size=script.LONGEST_TEXT)
        case QuestionKind.AMOUNT | QuestionKind.NUMBER:
            return st.integers(question.least, question.most)
        case _:
            return st.sampled_from(question.accepted)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    """A kind with a right answer to each of its questions, some left out."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    answers = {question.id: draw(good_answer(question)) for question in kind.questions}
    left_out = draw(st.sets(st.sampled_from(list(answers)), max_size=4))
    return kind, {name: answer for name, answer in answers.items() if name not in left_out}


@given(answered())
def test_a_right_answer_is_never_refused_and_a_missing_one_only_when_required(
    case: tuple[Kind, dict[str, Any]],
) -> None:
    kind, answers = case
    required = {q.id for q in script.visible_questions(kind, answers) if q.required}
    assert set(script.check_answers(kind, answers)) == required - answers.keys()


@given(answered())
def test_what_is_no_longer_shown_changes_nothing(case: tuple[Kind, dict[str, Any]]) -> None:
    kind, answers = case
    shown = script.shown_answers(kind, answers)
    assert script.visible_questions(kind, shown) == script.visible_questions(kind, answers)
    assert script.effects(kind, shown) == script.effects(kind, answers)
    assert script.papers(kind, shown) == script.papers(kind, answers)
    assert script.read_back(kind, shown, DELAY, person="Madame Roux") == script.read_back(
        kind, answers, DELAY, person="Madame Roux"
    )


@given(answered())
def test_three_sentences_are_always_said_and_answers_never_become_templates(
    case: tuple[Kind, dict[str, Any]],
) -> None:
    kind, answers = case
    sentences = script.read_back(kind, answers, DELAY, person="{delay}")
    assert sentences[0].startswith("{delay}, ")
    assert "vous nous demandez" in sentences[0]
    assert DELAY in sentences[2]
    assert all(sentence.endswith(".") for sentence in sentences)


@given(answered())
def test_answers_raise_the_grade_and_the_urgency_never_lower_them(case: tuple[Kind, dict[str, Any]]) -> None:
    kind, answers = case
    effects = script.effects(kind, answers)
    assert effects.grade.rank >= kind.grade.rank
    assert effects.urgent >= kind.urgent


@given(answered(), st.data())
def test_papers_in_hand_are_not_missing(case: tuple[Kind, dict[str, Any]], data: st.DataObject) -> None:
    kind, answers = case
    needed = script.papers(kind, answers)
    states = {paper.code: data.draw(st.sampled_from(script.PaperState.values)) for paper in needed}
    missing = script.missing_papers(kind, states, answers)
    assert {paper.code for paper in missing} == {
        paper.code for paper in needed if paper.required and states[paper.code] in ("asked", "missing")
    }
    assert script.missing_papers(kind, dict.fromkeys(states, "have"), answers) == ()


def test_a_question_appears_with_the_answer_that_calls_for_it() -> None:
    def asked(answers: dict[str, Any]) -> set[str]:
        return {question.id for question in script.visible_questions(CARD, answers)}

    assert "safe" not in asked({"what_happened": "lost"})
    assert "safe" in asked({"what_happened": "stolen"})


def test_a_chain_of_questions_disappears_with_its_head() -> None:
    answers = {"wish": "buy", "return_trip": "yes", "back_on": "2026-05-05"}
    assert "back_on" in script.shown_answers(TRAIN, answers)
    assert "back_on" not in script.shown_answers(TRAIN, {**answers, "wish": "refund"})


@pytest.mark.parametrize(
    ("question_id", "answer", "message"),
    [
        ("wish", "fly", "Choisissez une des réponses proposées."),
        ("wish", "yes", "Choisissez une des réponses proposées."),
        ("soon", True, "Choisissez une des réponses proposées."),
        ("go_on", "31/02/2026", "Cette date n’existe pas."),
        ("from_place", "x" * 201, "Écrivez au plus 200 caractères."),
        ("from_place", 31, "Quelques mots sont attendus."),
        ("travellers", 0, "Le nombre attendu va de 1 à 9."),
        ("travellers", "2", "Un nombre est attendu."),
        ("travellers", True, "Un nombre est attendu."),
        ("highest_price", 99, "Le nombre attendu va de 1\u00a0€ à 1\u00a0000\u00a0€."),
        ("seat", "window", "Cette question ne fait pas partie de cette démarche."),
        ("to_place", "", "Posez cette question : la réponse est nécessaire."),
    ],
)
def test_a_wrong_answer_is_said_in_words(question_id: str, answer: Any, message: str) -> None:
    errors = script.check_answers(TRAIN, {"wish": "buy", question_id: answer})
    assert str(errors[question_id]).startswith(message)


def test_somebody_asking_for_the_code_opens_the_scam_guide() -> None:
    effects = script.effects(CARD, {"someone_asking": "yes", "unknown_payments": "yes"})
    assert effects.distress == ("scam-in-progress",)
    assert effects.grade is Grade.COMPLEX
    assert len(effects.says) == 2
    # Urgent whatever the grade: two business hours.
    assert effects.target == minutes(120)


def test_the_promise_follows_the_grade() -> None:
    assert script.effects(ENERGY, {}).target == days(10)
    assert script.effects(ENERGY, {"written": "yes", "two_months": "yes"}).target == days(20)
    # The mediator's question is hidden again: its old answer no longer counts.
    assert script.effects(ENERGY, {"written": "no", "two_months": "yes"}).target == days(10)
    assert script.effects(TRAIN, {}).target == days(1)


def test_papers_follow_the_answers() -> None:
    def missing(answers: dict[str, Any]) -> set[str]:
        return {paper.code for paper in script.missing_papers(ENERGY, {"bill": "have"}, answers)}

    assert missing({}) == {"older-bills"}
    assert missing({"problem": "paid-already"}) == {"older-bills", "payment-proof"}
    assert {paper.code for paper in script.missing_papers(ENERGY, {})} == {"bill", "older-bills"}


def test_steps_and_warnings_follow_the_answers() -> None:
    labels = [step.label for step in script.steps(ENERGY, {"written": "yes", "two_months": "yes"})]
    assert any("médiateur" in label for label in labels)
    assert not any("médiateur" in step.label for step in script.steps(ENERGY, {}))
    assert len(script.warnings(TRAIN, {"wish": "buy"})) == len(script.warnings(TRAIN, {})) + 1


def test_a_ticket_is_read_back_as_it_was_asked() -> None:
    answers: script.Answers = {
        "wish": "buy",
        "from_place": "Foix",
        "to_place": "Toulouse",
        "go_on": date(2026, 5, 1),
        "go_when": "morning",
        "return_trip": "yes",
        "back_on": "2026-05-05",
        "advance_ok": "yes",
        "highest_price": 4550,
    }
    assert script.read_back(TRAIN, answers, DELAY, person="Madame Roux") == (
        "Madame Roux, vous nous demandez d’acheter un billet de train de Foix à Toulouse "
        "le vendredi 1er mai 2026, le matin, retour le mardi 5 mai 2026.",
        "Votre correspondant cherche un train à moins de 45,50\u00a0€, vous lit le prix, "
        "puis achète avec votre accord.",
        "Vous aurez de nos nouvelles au plus tard mardi 3 mai à 18 h, et rien n’est payé sans votre accord.",
    )


def test_answers_fill_the_fields_of_the_request() -> None:
    filled = script.filled(
        TRAIN, {"wish": "buy", "from_place": "Foix", "to_place": "Toulouse", "highest_price": 4550}
    )
    assert [(question.id, said) for question, said in filled[Field.PLACE]] == [
        ("from_place", "Foix"),
        ("to_place", "Toulouse"),
    ]
    assert [said for _question, said in filled[Field.AMOUNT]] == ["45,50\u00a0€"]


@pytest.mark.parametrize(
    ("cents", "said"),
    [(0, "0 €"), (5, "0,05 €"), (100, "1 €"), (123456, "1 234,56 €"), (10**8, "1 000 000 €")],
)
def test_amounts_are_said_as_in_a_letter(cents: int, said: str) -> None:
    assert script.say_amount(cents).replace("\u00a0", " ") == said
