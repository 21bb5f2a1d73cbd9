"""A promise about to be broken is told with its new date, once; papers are asked for twice, then a human calls."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import at
from gruppetto.service.interventions.jobs import acknowledge
from gruppetto.service.interventions.models import Intervention, Move, Note, Notice, Paper
from gruppetto.service.interventions.verbs.steps import same_person
from gruppetto.service.messages.models import Message
from gruppetto.service.notices import delays, papers
from gruppetto.service.notices.jobs import again, answered, chase_papers, moved, near
from tests.service.conftest import Cast
from tests.service.messages.stage import worker
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
# A Monday morning: the platform is open.
MONDAY = datetime.fromisoformat("2026-03-02T09:00+01:00")


@pytest.fixture
def asked(cast: Cast) -> Intervention:
    """Asked for on Monday at nine, acknowledged."""
    with at(MONDAY):
        made = make.intervention(cast.jeanne, cast.alice, complete=False)
        as_job(acknowledge, made)
    return made


def as_job(job: object, about: Intervention) -> None:
    with worker(), acting(Actor.job("notices.test")):
        job.func(subject_id=str(about.pk))  # type: ignore[attr-defined]


def ticking(tick: object) -> None:
    with worker():
        tick.func(0)  # type: ignore[attr-defined]


def told(kind: str = "delay") -> list[Message]:
    with as_owner():
        return list(Message.objects.filter(kind=kind).order_by("prepared_at", "id"))


def put(about: Intervention, state: str, since: datetime) -> None:
    with as_owner():
        Intervention.objects.filter(pk=about.pk).update(
            state=state, answered_at=since if state == "answered" else None,
            outcome="done" if state == "answered" else "",
        )  # fmt: skip
        Move.objects.create(
            **same_person(about), intervention=about, target=state, verb="test", at=since, actor="test"
        )


def test_the_acknowledgement_promises_a_date_and_lists_the_papers(asked: Intervention) -> None:
    with as_owner():
        message = Message.objects.get()
        wanted = list(Paper.objects.values_list("label", flat=True))
    assert message.promised_until == asked.due_at
    assert wanted
    assert all(label in message.text for label in wanted)
    assert asked.title not in message.short


def test_before_it_is_broken_the_person_hears_the_new_date_once(asked: Intervention) -> None:
    shortly = asked.due_at - timedelta(hours=2)
    with at(shortly):
        as_job(near, asked)
        as_job(near, asked)
    (message,) = told()
    assert message.promised_until
    assert message.promised_until > asked.due_at
    assert "plus tard" in message.text


def test_the_new_date_is_a_promise_too(asked: Intervention) -> None:
    with at(asked.due_at - timedelta(hours=2)):
        as_job(near, asked)
    first = told()[0].promised_until
    assert first
    with at(first - timedelta(days=2)):
        ticking(again)
        assert len(told()) == 1
    with at(first - timedelta(hours=2)):
        ticking(again)
        ticking(again)
    assert told()[0].promised_until == first
    assert len(told()) == 2


def test_an_answer_makes_the_waiting_message_needless(asked: Intervention) -> None:
    put(asked, "answered", MONDAY)
    with at(asked.due_at - timedelta(hours=2)):
        as_job(near, asked)
    assert not told()


def test_waiting_for_the_person_breaks_no_promise(asked: Intervention) -> None:
    put(asked, "waiting_person", MONDAY)
    with at(asked.due_at - timedelta(hours=2)):
        as_job(near, asked)
    assert not told()


def test_a_promise_moved_later_is_told_with_its_date(asked: Intervention) -> None:
    later = asked.due_at + timedelta(days=3)
    with as_owner():
        Intervention.objects.update(due_at=later)
    with at(MONDAY):
        as_job(moved, asked)
        as_job(moved, asked)
    (message,) = told()
    assert message.promised_until == later


def test_a_promise_moved_sooner_needs_no_word(asked: Intervention) -> None:
    with as_owner():
        Intervention.objects.update(due_at=asked.due_at - timedelta(days=1))
    with at(MONDAY):
        as_job(moved, asked)
    assert not told()


def test_what_is_told_is_what_the_person_knows(asked: Intervention) -> None:
    with as_owner():
        assert delays.told(asked) == asked.due_at


@pytest.mark.parametrize(("preferred", "count"), [("sms", 1), ("email", 1), ("phone", 0), ("letter", 0)])
def test_an_answer_is_told_at_once_by_who_prefers_to_read(
    asked: Intervention, cast: Cast, preferred: str, count: int
) -> None:
    with as_owner():
        type(cast.jeanne).objects.filter(pk=cast.jeanne.pk).update(preferred_channel=preferred)
    put(asked, "answered", MONDAY)
    as_job(answered, asked)
    as_job(answered, asked)
    assert len(told("answered")) == count


def test_papers_are_asked_for_twice_then_a_human_calls(asked: Intervention, cast: Cast) -> None:
    put(asked, "waiting_paper", MONDAY)
    counts = []
    for day in (3, 8, 10, 16, 20, 25, 40):
        with at(MONDAY + timedelta(days=day)):
            with as_owner():
                Message.objects.filter(
                    kind="papers-wanted", prepared_at__gt=MONDAY + timedelta(days=60)
                ).update(prepared_at=MONDAY + timedelta(days=day))
            ticking(chase_papers)
            with as_owner():
                Message.objects.filter(
                    kind="papers-wanted", prepared_at__gt=MONDAY + timedelta(days=60)
                ).update(prepared_at=MONDAY + timedelta(days=day))
        counts.append(len(told("papers-wanted")))
    assert counts == [0, 1, 1, 2, 2, 2, 2]
    with as_owner():
        assert Note.objects.filter(intervention=asked, whom="us").count() == 1
        assert Notice.objects.get(intervention=asked).account_id == asked.worker_id


def test_a_paper_that_came_is_not_asked_for(asked: Intervention) -> None:
    put(asked, "waiting_paper", MONDAY)
    with as_owner():
        Paper.objects.update(state="received")
    with at(MONDAY + timedelta(days=8)):
        ticking(chase_papers)
        with worker(), acting(Actor.job("notices.test")):
            assert papers.chase(asked.pk) is None
    assert not told("papers-wanted")
