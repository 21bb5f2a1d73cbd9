"""Working together on one intervention: nothing is lost, nothing is decided unseen, the promise is never later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage.models import Holding, TeamMember
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.jobs import follow_absence, wake_what_is_due
from gruppetto.service.interventions.models import (
    Attachment,
    Handover,
    Intervention,
    Merge,
    Note,
    Notice,
    Paper,
    State,
)
from gruppetto.service.interventions.reads import came_back, figures, next_task, page_of, story_of, work_list
from gruppetto.service.interventions.states import BESIDE
from gruppetto.service.interventions.tied import notices, ties_of
from gruppetto.service.interventions.verbs.correcting import Conflict
from gruppetto.service.interventions.verbs.steps import same_person
from tests.kernel.files.stage import as_worker
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(cast: Cast) -> make.Colleague:
    """A colleague who leads the team with Sylvie: she sees the same portfolio."""
    leads = make.colleague("Dana Petit", "supervisor")
    with as_owner():
        TeamMember.objects.create(team=cast.team, staff=leads.record, leads=True, during=make.FOR_EVER)
    return leads


def opened(cast: Cast, title: str = "Sa carte", state: str = "in_progress") -> Intervention:
    return stage.put(make.intervention(cast.jeanne, cast.alice, title=title), state)


def row(key: UUID) -> Intervention:
    with as_owner():
        return Intervention.objects.get(pk=key)


def told(account: Any) -> list[str]:
    """The notices that wait for somebody, oldest first."""
    with as_owner():
        waiting = Notice.objects.filter(account_id=account.pk, read_at=None).order_by("at", "id")
        return list(waiting.values_list("kind", flat=True))


# --- put aside ----------------------------------------------------------------------------------------


def test_what_is_put_aside_comes_back_on_top_at_the_opening_of_its_day(cast: Cast) -> None:
    with clock.at(MONDAY):
        key, later = opened(cast).pk, opened(cast, "Plus tard").pk
    with clock.at(MONDAY), acting(cast.alice.actor):
        put = verbs.snooze(key, (MONDAY + days(3)).date(), "son fils revient jeudi")
        assert put.snoozed_until is not None
        assert put.snoozed_until.astimezone(PARIS).isoformat() == "2026-03-05T08:30:00+01:00"
        assert [one.pk for one in work_list().rows] == [later]
        assert [one.pk for one in work_list(aside=True).rows] == [key]
        counted = figures([cast.portfolio.pk], cast.alice.account.pk)
        assert (counted["mine"], counted["aside"]) == (1, 1)
    with clock.at(MONDAY + days(2.9)), as_worker():
        wake_what_is_due.func(timestamp=0)
    assert row(key).snoozed_until
    with clock.at(MONDAY + days(3)), as_worker():
        wake_what_is_due.func(timestamp=0)
        wake_what_is_due.func(timestamp=0)
    with acting(cast.alice.actor):
        assert [one.pk for one in came_back(cast.alice.account.pk)] == [key]
        task = next_task(cast.alice.account.pk)
        assert task is not None
        assert task.pk == key
        verbs.note(key, "us", "j’ai rappelé")
        assert came_back(cast.alice.account.pk) == []
    assert told(cast.alice.account) == ["back"]


def test_the_promise_runs_on_while_it_is_put_aside(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = opened(cast).pk
        due = row(key).due_at
        with acting(cast.alice.actor):
            verbs.snooze(key, (MONDAY + days(30)).date(), "après les vacances")
    assert row(key).due_at == due
    with clock.at(due + timedelta(hours=1)), acting(cast.alice.actor):
        assert [one.pk for one in work_list(late=True).rows] == [key]
        assert verbs.answer(key, "done", "C’est fait.").snoozed_until is None


@pytest.mark.parametrize(
    ("after", "why", "code"),
    [(0, "oui", "day-past"), (-3, "oui", "day-past"), (93, "oui", "day-too-far"), (2, " ", "why-missing")],
)
def test_a_day_that_makes_no_sense_is_refused(cast: Cast, after: int, why: str, code: str) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor), pytest.raises(Refused) as refusal:
        verbs.snooze(key, clock.today() + days(after), why)
    assert refusal.value.code == code


# --- joined, and parted again -------------------------------------------------------------------------


def paper(of: Intervention, code: str, state: str = "needed") -> Paper:
    with as_owner():
        return Paper.objects.create(**same_person(of), intervention=of, code=code, label=code, state=state)


def document(of: Intervention, label: str) -> Attachment:
    with as_owner():
        return Attachment.objects.create(
            **same_person(of), intervention=of, file_id=of.pk, label=label, at=clock.now()
        )


def test_two_made_one_keep_everything_and_the_earlier_promise(cast: Cast) -> None:
    with clock.at(MONDAY):
        first = opened(cast, "La première")
    with clock.at(MONDAY + days(1)):
        second = opened(cast, "La deuxième")
        shared, own = paper(second, "shared", "received"), paper(second, "own")
        missing = paper(first, "shared")
        attached = document(first, "le relevé")
        with acting(cast.alice.actor):
            verbs.note(first.pk, "us", "dit lundi")
            verbs.spend(first.pk, 100)
            verbs.spend(second.pk, 20)
            verbs.merge(second.pk, first.pk, "c’est la même carte")
            into = ties_of(first.pk).into
            assert into is not None
            assert into.id == second.pk
            assert [one.id for one in ties_of(second.pk).absorbed] == [first.pk]
            assert "dit lundi" in [line.words for line in story_of(second.pk)]
            assert page_of(first.pk).possible[0].verb == "unmerge"
            assert [one.pk for one in work_list().rows] == [second.pk]
    kept, gone = row(second.pk), row(first.pk)
    assert (gone.state, gone.merged_into_id) == ("merged", kept.pk)
    assert (kept.due_at, kept.first_due_at) == (first.due_at, first.first_due_at)
    assert kept.seconds_spent == 120
    with as_owner():
        assert Attachment.objects.get(pk=attached.pk).intervention_id == kept.pk
        codes = set(Paper.objects.filter(intervention=kept).values_list("pk", flat=True))
        assert {shared.pk, own.pk} <= codes
        assert missing.pk not in codes
    with acting(cast.alice.actor), pytest.raises(Refused, match="travaillez sur celle-là"):
        verbs.answer(first.pk, "done", "fait")


def test_parted_again_each_has_its_own_and_what_came_since_stays(cast: Cast) -> None:
    with clock.at(MONDAY):
        first = opened(cast, "La première", "waiting_paper")
        wanted, attached = paper(first, "seul"), document(first, "le relevé")
    with clock.at(MONDAY + days(1)):
        second = opened(cast, "La deuxième")
        before = row(second.pk)
        with acting(cast.alice.actor):
            verbs.spend(first.pk, 100)
            verbs.merge(second.pk, first.pk, "même chose")
            verbs.note(second.pk, "us", "écrit depuis")
    with clock.at(MONDAY + days(1) + timedelta(hours=2)), acting(cast.alice.actor):
        again = verbs.unmerge(first.pk, "deux cartes différentes")
        assert (again.state, again.worker_id) == ("assigned", cast.alice.account.pk)
        assert "écrit depuis" in [line.words for line in story_of(second.pk)]
        assert "écrit depuis" not in [line.words for line in story_of(first.pk)]
    after = row(second.pk)
    assert (after.due_at, after.clock, after.seconds_spent) == (before.due_at, before.clock, 0)
    with as_owner():
        assert Paper.objects.get(pk=wanted.pk).intervention_id == first.pk
        assert Attachment.objects.get(pk=attached.pk).intervention_id == first.pk
        assert Merge.objects.get().undone_by == cast.alice.account.pk
    with acting(cast.alice.actor), pytest.raises(Refused) as refusal:
        verbs.unmerge(first.pk, "encore")
    assert refusal.value.code == "state-forbidden"


def test_a_promise_changed_since_is_not_put_back_later(cast: Cast) -> None:
    with clock.at(MONDAY):
        first = opened(cast, "La première")
    with clock.at(MONDAY + days(1)):
        second = opened(cast, "La deuxième")
    with clock.at(MONDAY + days(1)), acting(cast.alice.actor):
        verbs.merge(second.pk, first.pk, "même chose")
        verbs.wait(second.pk, "paper", "la photo")
        verbs.unmerge(first.pk, "deux choses")
        assert verbs.resume(second.pk).due_at == first.due_at


def test_only_two_of_the_same_person_become_one(cast: Cast) -> None:
    first = opened(cast)
    with as_owner():
        other = make.intervention(make.person("Autre", within=cast.portfolio), cast.alice)
    with acting(cast.alice.actor):
        for kept, absorbed, code in (
            (first.pk, other.pk, "other-person"),
            (first.pk, first.pk, "same-intervention"),
        ):
            with pytest.raises(Refused) as refusal:
                verbs.merge(kept, absorbed, "même chose")
            assert refusal.value.code == code
    with acting(cast.bob.actor), pytest.raises(Unknown):
        verbs.merge(first.pk, other.pk, "même chose")


def test_a_chain_of_merges_tells_one_story_and_is_undone_from_its_end(cast: Cast) -> None:
    one, two, three = (opened(cast, title) for title in ("un", "deux", "trois"))
    with acting(cast.alice.actor):
        verbs.note(one.pk, "us", "au début")
        verbs.merge(two.pk, one.pk, "même")
        verbs.merge(three.pk, two.pk, "même")
        assert "au début" in [line.words for line in story_of(three.pk)]
        with pytest.raises(Refused) as refusal:
            verbs.unmerge(one.pk, "non")
        assert refusal.value.code == "kept-is-over"
        verbs.unmerge(two.pk, "non")
        verbs.unmerge(one.pk, "non")
    assert {row(key.pk).state for key in (one, two)} == {"assigned"}


# --- made two, linked ---------------------------------------------------------------------------------


def test_made_two_each_keeps_the_promise_and_what_concerns_it(cast: Cast) -> None:
    first = opened(cast)
    goes, stays = paper(first, "goes"), paper(first, "stays")
    attached = document(first, "la facture")
    with acting(cast.alice.actor):
        said = verbs.note(first.pk, "us", "deux factures")
        second = verbs.split(
            first.pk, "L’autre facture", papers=[goes.pk], documents=[attached.pk], notes=[said.pk]
        )
        (copied,) = Note.objects.filter(intervention=second)
        assert (copied.text, copied.author, copied.copied_from) == ("deux factures", "Alice", said.pk)
        assert [tie.id for tie in ties_of(first.pk).links] == [second.pk]
        assert sorted(line.code for line in story_of(second.pk)) == ["", "assign", "open", "us"]
        with pytest.raises(Refused, match="dans la deuxième"):
            verbs.split(first.pk, "  ")
    assert (second.due_at, second.worker_id, second.state) == (
        first.due_at,
        cast.alice.account.pk,
        State.ASSIGNED,
    )
    assert second.reference != first.reference
    with as_owner():
        assert set(Paper.objects.filter(intervention=second).values_list("pk", flat=True)) == {goes.pk}
        assert Paper.objects.get(pk=stays.pk).intervention_id == first.pk


def test_made_two_the_second_may_be_of_another_kind(cast: Cast) -> None:
    first = opened(cast)
    with acting(cast.alice.actor):
        second = verbs.split(first.pk, "Bloquer sa carte bancaire", kind="bank-card-block")
    assert (second.kind, second.answers) == ("bank-card-block", {})
    with as_owner():
        assert Paper.objects.filter(intervention=second, code__in=["photo"]).count() == 0


def test_a_link_is_drawn_once_seen_from_both_and_undone(cast: Cast) -> None:
    one, other = opened(cast, "une"), opened(cast, "autre")
    with acting(cast.alice.actor):
        drawn = verbs.link(one.pk, other.pk, "follows")
        assert [(tie.id, tie.from_here) for tie in ties_of(other.pk).links] == [(one.pk, False)]
        with pytest.raises(Refused, match="déjà liées"):
            verbs.link(other.pk, one.pk, "same")
        with pytest.raises(Refused, match="elle-même"):
            verbs.link(one.pk, one.pk, "same")
        with pytest.raises(Refused):
            verbs.link(one.pk, other.pk, "cousine")
        verbs.unlink(drawn.pk)
        assert ties_of(other.pk).links == ()


# --- handed on ----------------------------------------------------------------------------------------


def test_work_handed_on_stays_with_its_giver_until_it_is_accepted(cast: Cast, dana: make.Colleague) -> None:
    key = opened(cast).pk
    due = row(key).due_at
    with acting(cast.alice.actor):
        offer = verbs.hand_on(key, dana.account.pk, "Elle préfère le matin.")
        assert row(key).worker_id == cast.alice.account.pk
        with pytest.raises(Refused, match="déjà proposée"):
            verbs.hand_on(key, cast.sylvie.account.pk, "à vous")
        with pytest.raises(Unknown):
            verbs.accept(offer.pk)
    assert told(dana.account) == ["offered"]
    with acting(dana.actor):
        verbs.accept(offer.pk)
        with pytest.raises(TooLate):
            verbs.accept(offer.pk)
    taken = row(key)
    assert (taken.worker_id, taken.state, taken.due_at) == (dana.account.pk, "in_progress", due)
    assert told(cast.alice.account) == ["accepted"]
    # Answered, it waits to be read no more.
    assert told(dana.account) == []


def test_an_offer_declined_leaves_everything_as_it_was_and_says_why(cast: Cast, dana: make.Colleague) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        offer = verbs.hand_on(key, dana.account.pk, "Elle préfère le matin.")
    with acting(dana.actor):
        with pytest.raises(Refused, match="votre collègue le lira"):
            verbs.decline(offer.pk, " ")
        verbs.decline(offer.pk, "je suis en congé demain")
    assert row(key).worker_id == cast.alice.account.pk
    assert (told(dana.account), told(cast.alice.account)) == ([], ["declined"])
    with acting(cast.alice.actor):
        assert any("je suis en congé demain" in line.words for line in story_of(key))


@pytest.mark.parametrize("ends", ["withdraw", "answer", "assign"])
def test_an_offer_ends_with_what_it_was_about(cast: Cast, dana: make.Colleague, ends: str) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        offer = verbs.hand_on(key, dana.account.pk, "à vous")
    with acting(cast.sylvie.actor if ends == "assign" else cast.alice.actor):
        if ends == "withdraw":
            verbs.withdraw(offer.pk)
        elif ends == "answer":
            verbs.answer(key, "done", "C’est fait.")
        else:
            verbs.assign(key, cast.sylvie.account.pk, "je la prends")
    with as_owner():
        assert Handover.objects.get(pk=offer.pk).state == "withdrawn"
    with acting(dana.actor), pytest.raises(TooLate):
        verbs.accept(offer.pk)


def test_work_is_handed_on_only_to_who_may_see_it(cast: Cast) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        for to in (cast.bob, cast.charlie, cast.alice):
            with pytest.raises(Refused):
                verbs.hand_on(key, to.account.pk, "à vous")
    stage.may_speak_of(cast.charlie, cast.jeanne)
    with acting(cast.charlie.actor), pytest.raises(NotYours):
        verbs.hand_on(key, cast.sylvie.account.pk, "à vous")


# --- called, followed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["@Dana Petit", "@dana petit", "@Dana", "@DÂNA, regarde"])
def test_a_colleague_called_by_name_is_told_and_follows(cast: Cast, dana: make.Colleague, call: str) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        verbs.note(key, "us", f"Vu avec {call} ce matin (jeanne@exemple.fr)")
    assert told(dana.account) == ["mention"]
    with acting(dana.actor):
        (line,), _after = notices(unread=True)
        assert (line.who, line.person) == ("Alice", "Mme Jeanne Roux")
        assert "ce matin" in line.words
        verbs.read_notice(line.notice.pk)
        assert notices(unread=True) == ([], "")
        assert ties_of(key).followed
    with acting(cast.alice.actor):
        verbs.wait(key, "paper", "la photo")
        verbs.resume(key)
    assert told(dana.account) == ["news"]
    with acting(dana.actor):
        verbs.unfollow(key)
        assert verbs.read_notices() == 1
    with acting(cast.alice.actor):
        verbs.wait(key, "paper", "la photo")
    assert told(dana.account) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("Demande à @Bob", "mention-cannot-see"), ("Demande à @Godot", "mention-unknown")],
)
def test_who_may_not_read_it_cannot_be_called(cast: Cast, text: str, code: str) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        with pytest.raises(Refused) as refusal:
            verbs.note(key, "us", text)
        assert (refusal.value.code, refusal.value.field) == (code, "text")
        assert not Note.objects.exists()
        # What the person is told calls nobody.
        verbs.note(key, "person", text)
    assert told(cast.bob.account) == []


def test_nobody_reads_the_notices_of_another(cast: Cast, dana: make.Colleague) -> None:
    key = opened(cast).pk
    with acting(cast.alice.actor):
        verbs.note(key, "us", "@Dana à toi")
    with as_owner():
        notice = Notice.objects.get()
    for other in (cast.alice, cast.bob):
        with acting(other.actor), pytest.raises(Unknown):
            verbs.read_notice(notice.pk)


# --- corrected ----------------------------------------------------------------------------------------

READ = {"title": "Sa carte", "details": ""}


def test_two_who_correct_different_fields_both_win(cast: Cast) -> None:
    key = opened(cast).pk
    with acting(cast.sylvie.actor):
        verbs.correct(key, READ, {"title": "Sa carte Vitale", "details": ""})
    with acting(cast.alice.actor):
        verbs.correct(key, READ, {"title": "Sa carte", "details": "Sonner deux fois."})
    found = row(key)
    assert (found.title, found.details) == ("Sa carte Vitale", "Sonner deux fois.")


def test_two_who_correct_the_same_field_see_both_and_choose(cast: Cast) -> None:
    key = opened(cast).pk
    with acting(cast.sylvie.actor):
        verbs.correct(key, READ, {"title": "Sa carte Vitale", "details": "Sonner."})
    with acting(cast.alice.actor):
        with pytest.raises(Conflict) as conflict:
            verbs.correct(key, READ, {"title": "Sa carte bleue", "details": "Sonner."})
        (one,) = conflict.value.fields
        assert (conflict.value.who, one.read, one.theirs, one.mine) == (
            "Sylvie",
            "Sa carte",
            "Sa carte Vitale",
            "Sa carte bleue",
        )
        assert row(key).title == "Sa carte Vitale"
        now_read = {"title": one.theirs, "details": "Sonner."}
        verbs.correct(key, now_read, {"title": "Sa carte bleue", "details": "Sonner."})
    assert row(key).title == "Sa carte bleue"
    with as_owner():
        told_of = Entry.objects.filter(subject_id=key, verb="intervention.corrected")
        assert told_of.count() == 2


# --- who may, what follows ----------------------------------------------------------------------------

DONE: dict[str, Any] = {
    "correct": lambda key: verbs.correct(key, {}, {"details": "Sonner deux fois."}),
    "snooze": lambda key: verbs.snooze(key, clock.today() + days(2), "attendre"),
    "absorb": lambda key: verbs.merge(key, stage.companion(key), "même chose"),
    "split": lambda key: verbs.split(key, "La deuxième"),
    "link": lambda key: verbs.link(key, stage.companion(key), "same"),
}


@pytest.mark.parametrize("act", DONE)
def test_each_act_is_for_who_works_it_or_leads_in_the_states_of_the_table(cast: Cast, act: str) -> None:
    """The table of ``BESIDE``, written again: before the answer; links at any time."""
    intervention = make.intervention(cast.jeanne, cast.alice)
    stage.put_companion(intervention)
    stage.may_speak_of(cast.charlie, cast.jeanne)
    before = {"opened", "assigned", "in_progress", "waiting_person", "waiting_provider", "waiting_paper"}
    wrong = []
    for state in State.values:
        for kind, who in (("worker", cast.alice), ("supervisor", cast.sylvie), ("anyone", cast.charlie)):
            with stage.each_forgotten():
                stage.put(intervention, state, worker=cast.alice)
                with acting(who.actor):
                    try:
                        DONE[act](intervention.pk)
                        outcome = "done"
                    except NotYours:
                        outcome = "not yours"
                    except Refused as refused:
                        outcome = refused.code
            allowed = state in before or act == "link"
            expected = "done" if allowed else "state-forbidden"
            # Two are looked at when they are joined: not theirs is said first.
            if kind == "anyone" and (allowed or act == "absorb"):
                expected = "not yours"
            if outcome != expected:
                wrong.append((state, kind, outcome, expected))
    assert wrong == []
    assert set(BESIDE) == {*DONE, "wake", "hand_on"}


def test_a_reference_already_drawn_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = opened(cast).reference
    drawn = iter([taken, taken, "I-2222-2222"])
    monkeypatch.setattr(
        "gruppetto.service.interventions.verbs.opening.new_reference", lambda kind, draw: next(drawn)
    )
    assert make.intervention(cast.jeanne, cast.alice).reference == "I-2222-2222"


def test_an_absence_declared_today_moves_what_is_not_begun_at_once(cast: Cast) -> None:
    waiting, begun = make.intervention(cast.jeanne, cast.alice), opened(cast)
    with acting(cast.sylvie.actor):
        declare_absence(cast.alice.record.pk, clock.today(), clock.today(), "sick")
    with as_worker():
        follow_absence.func.__wrapped__(subject_id=str(cast.alice.record.pk))
    assert row(waiting.pk).worker_id == cast.bob.account.pk
    assert row(begun.pk).worker_id == cast.alice.account.pk


def test_what_was_handed_on_stays_where_it_went_at_night(cast: Cast) -> None:
    with as_owner():
        Holding.objects.create(
            portfolio=cast.portfolio,
            staff=cast.bob.record,
            capacity="substitute",
            during=make.FOR_EVER,
            why="remplaçant",
        )
    key, other = (make.intervention(cast.jeanne, cast.alice).pk for _each in range(2))
    assert row(key).worker_id == cast.bob.account.pk
    with acting(cast.bob.actor):
        offer = verbs.hand_on(key, cast.alice.account.pk, "à toi, tu la connais")
    with acting(cast.alice.actor):
        verbs.accept(offer.pk)
    with as_worker():
        follow_absence.func.__wrapped__(subject_id=str(cast.alice.record.pk))
    assert row(key).worker_id == cast.alice.account.pk
    assert row(other).worker_id == cast.bob.account.pk
