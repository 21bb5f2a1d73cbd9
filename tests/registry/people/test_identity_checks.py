"""Two questions drawn, never the same twice running; answers judged, neither shown nor stored."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.outbox.models import Fact as Published
from gruppetto.registry.people import identity, verbs
from gruppetto.registry.people.identity import facts as registry
from gruppetto.registry.people.models import Address, IdentityCheck, Person
from tests.registry.people.conftest import Cast, contact_with, journaled
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

RIGHT = {
    "chosen_word": "le COQUELICOT",
    "trusted_relative": "martine",
    "energy_provider": "edf",
    "phone_provider": "Orange",
    "previous_street": "rue du Taur",
    "last_visit": "en mai",
    "birth_date": "3/5/1944",
    "home_street": "Rue du Temple",
}


@pytest.fixture(autouse=True)
def facts_of_this_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without those that rooms above declare."""
    own = {code: fact for code, fact in registry._facts.items() if code in RIGHT}
    monkeypatch.setattr(registry, "_facts", own)


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Jeanne with all six facts on file, after a first visit."""
    with acting(cast.alice.actor):
        verbs.correct_person(cast.jeanne.pk, energy_provider="EDF", phone_provider="Orange", asked="face")
        verbs.choose_word(cast.jeanne.pk, "Coquelicot", asked="face")
        verbs.note_visit(cast.jeanne.pk, date(2026, 5, 3))
        verbs.add_relative(
            cast.jeanne.pk,
            name="Mme Martine Roux",
            number="0639980102",
            source="elle",
            trusted=True,
            asked="face",
        )
    with as_owner():
        Address.objects.create(
            person=cast.jeanne,
            lines="3 rue du Taur",
            postcode="31250",
            commune_id="31451",
            since=date(2000, 1, 1),
            until=date(2020, 1, 1),
            **make.same_rows(cast.jeanne),
        )
    return cast


def asked(questions: list[identity.Question]) -> list[str]:
    rows = dict(
        IdentityCheck.objects.filter(pk__in=[q.check_id for q in questions]).values_list("id", "fact")
    )
    return [rows[question.check_id] for question in questions]


def answer(questions: list[identity.Question], right: bool = True) -> None:
    for question, code in zip(questions, asked(questions), strict=True):
        assert identity.judge(question.check_id, RIGHT[code] if right else "je ne sais pas") is right


def test_each_fact_on_file_can_be_asked_and_its_right_answer_matches(known: Cast) -> None:
    seen: set[str] = set()
    with acting(known.alice.actor):
        for _contact in range(100):
            questions = identity.draw(known.jeanne.pk, new_id())
            seen |= set(asked(questions))
            answer(questions)
            if len(seen) == 6:
                break
    assert seen == RIGHT.keys() - {"birth_date", "home_street"}


def test_two_questions_are_drawn_and_never_one_of_the_last_two(known: Cast) -> None:
    with acting(known.alice.actor):
        before: set[str] = set()
        for _contact in range(20):
            drawn = asked(identity.draw(known.jeanne.pk, new_id()))
            assert len(set(drawn)) == 2
            assert not before & set(drawn)
            before = set(drawn)


def test_asking_again_in_the_same_contact_gives_the_questions_that_wait(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        questions = identity.draw(known.jeanne.pk, contact)
        assert identity.draw(known.jeanne.pk, contact) == questions
        answer(questions[:1])
        assert identity.draw(known.jeanne.pk, contact) == questions[1:]
        answer(questions[1:], right=False)
        more = identity.draw(known.jeanne.pk, contact)
    assert not {q.text for q in more} & {q.text for q in questions}


def test_two_right_answers_recognise_the_person(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        jeanne = Person.objects.get(pk=known.jeanne.pk)
        assert identity.reached(jeanne, contact) == 0
        assert identity.reached(jeanne, contact, number_known=True) == 1
        questions = identity.draw(jeanne.pk, contact)
        answer(questions[:1])
        assert identity.reached(jeanne, contact, number_known=True) == 1
        answer(questions[1:])
        assert identity.reached(jeanne, contact) == 2
        assert identity.reached(jeanne, contact, confirmed=True) == 3
        assert identity.reached(jeanne, new_id()) == 0


def test_three_wrong_answers_leave_the_contact_at_level_0_and_tell_the_supervisor(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        jeanne = Person.objects.get(pk=known.jeanne.pk)
        answer(identity.draw(jeanne.pk, contact), right=False)
        questions = identity.draw(jeanne.pk, contact)
        answer(questions[:1], right=False)
        assert identity.reached(jeanne, contact, number_known=True, confirmed=True) == 0
        for wish in (
            lambda: identity.judge(questions[1].check_id, "edf"),
            lambda: identity.draw(jeanne.pk, contact),
        ):
            with pytest.raises(Refused) as refused:
                wish()
            assert refused.value.code == "identity-blocked"
        assert identity.draw(jeanne.pk, new_id())
    with as_owner():
        published = Published.objects.get(topic="people.identity_failed")
        assert (published.subject_id, published.portfolio_id) == (contact, known.portfolio_id)


def test_wrong_answers_count_whomever_they_are_about(known: Cast) -> None:
    other = make.person("Petit", "Paul", within=known.portfolio, energy_provider="EDF", phone_provider="SFR")
    contact = new_id()
    with acting(known.alice.actor):
        answer(identity.draw(other.pk, contact), right=False)
        answer(identity.draw(known.jeanne.pk, contact)[:1], right=False)
        assert identity.standing(known.jeanne.pk, contact).wrong == 3


def test_a_question_is_answered_once(known: Cast) -> None:
    with acting(known.alice.actor):
        (first, _second) = identity.draw(known.jeanne.pk, new_id())
        identity.judge(first.check_id, "je ne sais pas")
        with pytest.raises(Refused) as refused:
            identity.judge(first.check_id, RIGHT[asked([first])[0]])
    assert refused.value.code == "a-question-is-answered-once"


def test_an_answer_belongs_to_the_contact_of_its_question(known: Cast) -> None:
    with acting(known.alice.actor):
        question = identity.draw(known.jeanne.pk, new_id())[0]
        with pytest.raises(NotYours) as refused:
            identity.judge(question.check_id, "edf", contact_id=new_id())
    assert refused.value.code == "wrong-contact"


def test_a_fact_that_left_the_record_is_asked_no_more(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        questions = identity.draw(known.jeanne.pk, contact)
        while "energy_provider" not in asked(questions):
            contact = new_id()
            questions = identity.draw(known.jeanne.pk, contact)
        question = questions[asked(questions).index("energy_provider")]
        verbs.correct_person(known.jeanne.pk, energy_provider="", asked="face")
        with pytest.raises(Refused) as refused:
            identity.judge(question.check_id, "edf")
        assert refused.value.code == "question-outdated"
        assert question not in identity.draw(known.jeanne.pk, contact)


def test_with_too_few_facts_the_screen_says_what_else_to_do(cast: Cast) -> None:
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refused:
            identity.draw(cast.jeanne.pk, new_id())
        assert refused.value.code == "not-enough-facts"
        verbs.correct_person(cast.jeanne.pk, energy_provider="EDF", phone_provider="Orange", asked="face")
        assert len(identity.draw(cast.jeanne.pk, new_id())) == 2
        with pytest.raises(Refused) as refused:
            identity.draw(cast.jeanne.pk, new_id())
        assert refused.value.code == "not-enough-facts"


def test_before_the_first_visit_birth_date_street_and_one_fact_give_level_2_at_most(cast: Cast) -> None:
    new = make.person("Petit", "Anne", within=cast.portfolio, first_visit_on=None, energy_provider="EDF")
    make.home(new, make.commune())
    contact = new_id()
    with acting(cast.alice.actor):
        assert identity.ceiling(new) == 2
        questions = identity.draw(new.pk, contact)
        assert asked(questions) == ["birth_date", "home_street", "energy_provider"]
        answer(questions[:2])
        assert identity.reached(new, contact) == 0
        answer(questions[2:])
        assert identity.reached(new, contact) == 2
        assert identity.reached(new, contact, confirmed=True) == 2
        assert identity.ceiling(verbs.note_visit(new.pk)) == 3


def test_two_trusted_relatives_make_no_question(known: Cast) -> None:
    with acting(known.alice.actor):
        verbs.add_relative(known.jeanne.pk, name="Luc Roux", source="elle", trusted=True, asked="face")
        trusted = registry.fact("trusted_relative")
        assert trusted is not None
        assert trusted.answer_of(Person.objects.get(pk=known.jeanne.pk)) is None


def test_an_agent_in_contact_asks_about_relatives_held_elsewhere(known: Cast) -> None:
    contact = contact_with(known.charlie, known.jeanne.pk)
    with acting(known.charlie.actor):
        trusted = registry.fact("trusted_relative")
        assert trusted is not None
        assert trusted.matches(Person.objects.get(pk=known.jeanne.pk), "Martine") is True
        answer(identity.draw(known.jeanne.pk, contact))


def test_neither_answers_nor_what_was_said_is_kept_anywhere(known: Cast) -> None:
    with acting(known.alice.actor):
        for _round in range(3):
            contact = new_id()
            questions = identity.draw(known.jeanne.pk, contact)
            assert not any("oquelicot" in q.text or "EDF" in q.text for q in questions)
            answer(questions[:1])
            identity.judge(questions[1].check_id, "jaune d’œuf")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT data FROM journal_body UNION ALL SELECT about::text FROM outbox_fact"
            " UNION ALL SELECT to_jsonb(c)::text FROM people_identitycheck c"
        )
        kept = " ".join(row[0] for row in cursor.fetchall())
    for said in ("jaune", "oquelicot", "EDF", "martine", "Taur"):
        assert said not in kept
    assert {"identity.asked", "identity.answered"} <= set(journaled(known.jeanne.pk))


def test_a_draw_and_a_judgement_have_a_fixed_number_of_queries(
    known: Cast, django_assert_max_num_queries: object
) -> None:
    with acting(known.alice.actor):
        for _again in range(2):
            with django_assert_max_num_queries(10):  # type: ignore[operator]
                questions = identity.draw(known.jeanne.pk, new_id())
            with django_assert_max_num_queries(9):  # type: ignore[operator]
                answer_one(questions[0])


def answer_one(question: identity.Question) -> None:
    identity.judge(question.check_id, "je ne sais pas")


def say(cast: Cast, contact: UUID, **how: bool) -> str:
    return identity.word_to_say(cast.jeanne.pk, contact, **how)


def test_the_word_is_said_to_a_person_recognised_and_the_look_is_kept(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        with pytest.raises(Refused) as refused:
            say(known, contact)
        assert refused.value.code == "word-before-identity"
        answer(identity.draw(known.jeanne.pk, contact))
        assert say(known, contact) == "Coquelicot"
        assert say(known, new_id(), recognised=True) == "Coquelicot"
    assert journaled(known.jeanne.pk).count("word.said") == 2


def test_a_word_we_said_proves_nothing_in_that_contact(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        questions = identity.draw(known.jeanne.pk, contact)
        while "chosen_word" not in asked(questions):
            contact = new_id()
            questions = identity.draw(known.jeanne.pk, contact)
        word = questions[asked(questions).index("chosen_word")]
        say(known, contact, recognised=True)
        with pytest.raises(Refused) as refused:
            identity.judge(word.check_id, "coquelicot")
        assert refused.value.code == "question-outdated"
        assert word not in identity.draw(known.jeanne.pk, contact)


def test_after_three_wrong_answers_the_word_is_not_said(known: Cast) -> None:
    contact = new_id()
    with acting(known.alice.actor):
        answer(identity.draw(known.jeanne.pk, contact), right=False)
        answer(identity.draw(known.jeanne.pk, contact)[:1], right=False)
        with pytest.raises(Refused) as refused:
            say(known, contact, recognised=True)
    assert refused.value.code == "word-before-identity"


def test_a_person_without_a_word_has_none_to_say(cast: Cast) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        say(cast, new_id(), recognised=True)
    assert refused.value.code == "no-word"


def test_only_a_human_asks(known: Cast) -> None:
    with as_owner(), pytest.raises(NotYours):
        identity.draw(known.jeanne.pk, new_id())
