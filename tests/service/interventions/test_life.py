"""The life of an intervention, told from the call to the closing (G4)."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.journal.models import Body, Change, Entry
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.service.interventions.models import Intervention, Move, Note, Paper
from gruppetto.service.interventions.verbs import (
    answer,
    assign,
    attach,
    cancel,
    close,
    confirm,
    note,
    open_intervention,
    reopen,
    resume,
    set_paper,
    spend,
    start,
    wait,
)
from tests.kernel.files.stage import given_by
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def in_progress(cast: Cast) -> UUID:
    key = make.intervention(cast.jeanne, cast.alice).pk
    with acting(cast.alice.actor):
        start(key)
    return key


def test_a_request_goes_from_the_call_to_its_closing_and_all_of_it_is_told(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            start(key)
            wait(key, "provider", "la caisse cherche le dossier")
            resume(key, "la caisse a répondu")
            answer(key, "done", "La carte arrive mardi par la poste.")
            confirm(key, "Mme Roux, au téléphone")
            done = close(key)
    assert (done.state, done.outcome) == ("closed", "done")
    assert done.confirmed_to == cast.alice.account.pk
    with acting(cast.alice.actor):
        moves = list(Move.objects.filter(intervention=key).order_by("at", "id"))
        verbs = [move.verb for move in moves]
        assert verbs == [
            "open",
            "assign",
            "start",
            "wait_provider",
            "resume",
            "answer",
            "confirm",
            "close",
        ]
        assert [move.source for move in moves[2:]] == [move.target for move in moves[1:-1]]
        assert {move.account_id for move in moves} == {cast.alice.account.pk}
        entries = Entry.objects.filter(subject_id=key, kind="act").order_by("id")
        assert [entry.verb for entry in entries] == [
            "intervention.opened",
            *(f"intervention.{verb}" for verb in verbs[1:]),
        ]
        assert '"why":"la caisse a répondu"' in Body.objects.get(entry_id=entries[4].pk).data
        assert Change.objects.filter(table="interventions_intervention", row_id=str(key)).count() == 6


def test_it_is_opened_for_the_holder_with_its_papers_and_its_promise(cast: Cast) -> None:
    with clock.at(MONDAY):
        opened = make.intervention(
            cast.jeanne, cast.sylvie, complete=False, title="Ma carte verte ne marche plus"
        )
    assert opened.state == "assigned"
    assert opened.worker_id == cast.alice.account.pk
    assert opened.title == "Ma carte verte ne marche plus"
    assert opened.reference.startswith("I")
    # Ordinary: three business days, Thursday evening.
    assert opened.due_at.astimezone(clock.PARIS).strftime("%A %H:%M") == "Thursday 18:00"
    with acting(cast.alice.actor):
        papers = Paper.objects.filter(intervention=opened)
        assert papers.count() > 0
        assert {paper.state for paper in papers} == {"needed"}
        assert all(paper.reason for paper in papers)


def test_when_the_holder_is_away_the_substitute_gets_it(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(cast.alice.record.pk, clock.today(), clock.today(), "sick")
    assert make.intervention(cast.jeanne, cast.sylvie).worker_id == cast.bob.account.pk


def test_when_nobody_is_there_it_waits_for_the_supervisor_with_the_reason(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(cast.bob.record.pk, clock.today(), clock.today(), "leave")
        declare_absence(cast.alice.record.pk, clock.today(), clock.today(), "sick")
    opened = make.intervention(cast.jeanne, cast.sylvie)
    assert (opened.state, opened.worker_id) == ("opened", None)
    assert "absent" in opened.queue_reason
    with acting(cast.sylvie.actor):
        taken = assign(opened.pk, cast.sylvie.account.pk, "je m’en occupe moi-même")
    assert (taken.state, taken.worker_id, taken.queue_reason) == ("assigned", cast.sylvie.account.pk, "")


def test_an_urgent_request_is_promised_in_two_business_hours(cast: Cast) -> None:
    with clock.at(MONDAY):
        urgent = make.intervention(cast.jeanne, cast.alice, urgent=True)
    assert urgent.due_at.astimezone(clock.PARIS).strftime("%A %H:%M") == "Monday 11:00"


def test_an_incomplete_script_opens_nothing(cast: Cast) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        open_intervention(None, cast.jeanne.pk, "health-card-renewal", {})
    assert (refused.value.code, refused.value.field) == ("script-incomplete", "what_happened")
    with as_owner():
        assert not Intervention.objects.exists()


def test_a_request_for_somebody_out_of_sight_is_not_opened(cast: Cast) -> None:
    with pytest.raises(Unknown):
        make.intervention(cast.jeanne, cast.bob)


@pytest.mark.parametrize(
    ("outcome", "text", "field"), [("", "C’est fait.", "outcome"), ("done", "  ", "text")]
)
def test_an_answer_has_an_outcome_and_words(cast: Cast, outcome: str, text: str, field: str) -> None:
    key = in_progress(cast)
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        answer(key, outcome, text)
    assert refused.value.field == field


@pytest.mark.parametrize("awaited", ["person", "provider", "paper"])
def test_waiting_says_for_what(cast: Cast, awaited: str) -> None:
    key = in_progress(cast)
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refused:
            wait(key, awaited, " ")
        assert refused.value.field == "why"
        assert wait(key, awaited, "son avis d’impôt").state == f"waiting_{awaited}"


def test_a_person_who_says_no_is_worked_for_again_under_a_new_promise(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = in_progress(cast)
        with acting(cast.alice.actor):
            first = answer(key, "done", "La carte est partie.")
    with clock.at(MONDAY + days(9)), acting(cast.alice.actor):
        again = reopen(key, "elle n’a rien reçu")
    assert (again.state, again.reopened, again.outcome) == ("in_progress", 1, "")
    assert again.worker_id == cast.alice.account.pk
    assert again.due_at.astimezone(clock.PARIS).date() == (MONDAY + days(12)).date()
    # The first promise and the first answer stay in the figures.
    assert again.first_due_at == first.due_at
    assert again.first_answered_at == first.answered_at
    assert again.answered_at is None


def test_after_sixty_days_one_opens_another_request(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = in_progress(cast)
        with acting(cast.alice.actor):
            answer(key, "done", "La carte est partie.")
    with acting(cast.alice.actor):
        with clock.at(MONDAY + days(61)), pytest.raises(Refused, match="60 jours"):
            reopen(key, "toujours rien")
        with clock.at(MONDAY + days(59)):
            assert reopen(key, "toujours rien").state == "in_progress"


def test_reopened_while_nobody_is_there_it_goes_to_the_supervisor(cast: Cast) -> None:
    key = stage.put(make.intervention(cast.jeanne, cast.alice), "answered").pk
    with acting(cast.sylvie.actor):
        declare_absence(cast.bob.record.pk, clock.today(), clock.today(), "leave")
        declare_absence(cast.alice.record.pk, clock.today(), clock.today(), "sick")
        again = reopen(key, "elle attend toujours")
    assert (again.state, again.worker_id) == ("opened", None)
    assert again.queue_reason


def test_a_cancelled_request_keeps_its_reason(cast: Cast) -> None:
    key = in_progress(cast)
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refused:
            cancel(key, "")
        assert refused.value.field == "why"
        cancel(key, "sa fille s’en est occupée")
        assert Move.objects.get(intervention=key, verb="cancel").why == "sa fille s’en est occupée"


def test_a_note_is_for_us_or_said_to_the_person_and_never_rewritten(cast: Cast) -> None:
    key = in_progress(cast)
    with acting(cast.alice.actor):
        for whom, text, field in (("us", " ", "text"), ("both", "Rappeler le matin.", "whom")):
            with pytest.raises(Refused) as refused:
                note(key, whom, text)
            assert refused.value.field == field
        mine = note(key, "us", "Rappeler le matin.")
        assert (mine.whom, mine.author, mine.account_id) == ("us", "Alice", cast.alice.account.pk)
    with as_owner(), pytest.raises(DatabaseError, match="what_is_written_stays"), transaction.atomic():
        Note.objects.filter(pk=mine.pk).update(whom="person")


def test_papers_are_asked_received_or_not_needed_and_documents_attached_once(cast: Cast) -> None:
    key = in_progress(cast)
    file = given_by(cast.alice.signed_in, None)
    with acting(cast.alice.actor):
        paper = Paper.objects.filter(intervention=key).order_by("code")[0]
        with pytest.raises(Refused):
            set_paper(paper.pk, "lost")
        assert set_paper(paper.pk, "asked").file_id is None
        received = set_paper(paper.pk, "received", file.pk)
        assert (received.file_id, received.changed_by) == (file.pk, cast.alice.account.pk)
        assert set_paper(paper.pk, "received").file_id == file.pk
        assert attach(key, file.pk).pk == attach(key, file.pk).pk
    with acting(cast.bob.actor), pytest.raises(Unknown):
        set_paper(paper.pk, "not_needed")


def test_time_spent_adds_up_one_sitting_at_a_time(cast: Cast) -> None:
    key = in_progress(cast)
    with acting(cast.alice.actor):
        for seconds in (40, 0, -5, 20, 999_999):
            spend(key, seconds)
    with acting(cast.sylvie.actor):
        spend(key, 10)
    with as_owner():
        intervention = Intervention.objects.get(pk=key)
        sittings = sorted(intervention.times.values_list("seconds", flat=True))
    assert sittings == [10, 20, 40, 4 * 3600]
    assert intervention.seconds_spent == sum(sittings)


def test_no_time_is_spent_on_what_is_over(cast: Cast) -> None:
    over = stage.put(make.intervention(cast.jeanne, cast.alice), "closed")
    with acting(cast.alice.actor):
        spend(over.pk, 30)
        assert Intervention.objects.get(pk=over.pk).seconds_spent == 0
