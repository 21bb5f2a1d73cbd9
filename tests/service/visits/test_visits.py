"""Alone at somebody's home: silence or one gesture brings a colleague, and nobody is followed (G24)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.coverage.models import TeamMember
from gruppetto.registry.staff.abilities import ROLE_ABILITIES
from gruppetto.registry.staff.models import Absence, Role
from gruppetto.service.visits import reads, verbs
from gruppetto.service.visits.jobs import forget_what_is_old, look_around
from gruppetto.service.visits.models import Visit
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

# A day when nobody of the cast is away; the hour does not matter.
MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
PLACE, PHONE = "12 rue du Temple\n31250 Revel, 2e étage", "06 12 34 56 78"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@contextmanager
def as_worker() -> Iterator[None]:
    """The job opens its own acts, as the worker's role does."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE gruppetto_worker")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE gruppetto_web")


def goes_in(who: make.Colleague, cast: Cast, lasting: int = 60) -> UUID:
    with acting(who.actor):
        return verbs.begin(PLACE, PHONE, lasting, grace=10, whose="Mme Roux", person_id=cast.jeanne.pk).pk


def row(visit: UUID) -> Visit:
    with as_owner():
        return Visit.objects.get(pk=visit)


def seen_by(who: make.Colleague) -> list[UUID]:
    with acting(who.actor):
        return list(Visit.objects.values_list("pk", flat=True))


def called(visit: UUID) -> set[UUID]:
    return set(row(visit).alerted)


def verbs_of(visit: UUID) -> list[str]:
    with as_owner():
        return list(
            Entry.objects.filter(subject_id=visit).order_by("recorded_at").values_list("verb", flat=True)
        )


def test_a_visit_without_alarm_is_seen_by_nobody_else(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    assert seen_by(cast.alice) == [visit]
    # Who stands in for the portfolio, who leads the team: it is nobody's business.
    for other in (cast.bob, cast.sylvie, cast.charlie):
        assert seen_by(other) == []


def test_the_address_is_sealed(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT whose, place FROM visits_visit WHERE id = %s", [visit])
        kept = b"".join(map(bytes, cursor.fetchone()))
    assert b"Temple" not in kept
    assert b"Roux" not in kept


def test_a_word_in_time_raises_nothing(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    with clock.at(MONDAY + minutes(69)), as_worker():
        look_around()
    with clock.at(MONDAY + minutes(69)), acting(cast.alice.actor):
        verbs.extend(visit, 30)
    with clock.at(MONDAY + minutes(108)), as_worker():
        look_around()
    # Counted from the moment it was said: the end was past.
    assert row(visit).alarm_at == MONDAY + minutes(69 + 30 + 10)
    with clock.at(MONDAY + minutes(108)), acting(cast.alice.actor):
        verbs.out(visit)
    with clock.at(MONDAY + minutes(300)), as_worker():
        look_around()
    assert row(visit).state == Visit.State.ENDED
    assert verbs_of(visit) == ["visit.begin", "visit.extend", "visit.out"]


@pytest.mark.parametrize("hours_down", [0, 9])
def test_silence_raises_the_alarm_even_after_a_long_stop(cast: Cast, hours_down: int) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    with clock.at(MONDAY + minutes(70) + timedelta(hours=hours_down)), as_worker():
        look_around()
    raised = row(visit)
    assert (raised.state, raised.how) == (Visit.State.RAISED, Visit.How.SILENCE)
    assert seen_by(cast.sylvie) == [visit]
    assert seen_by(cast.bob) == []
    with as_owner():
        fact = Fact.objects.get(topic="visit.alarm")
    # All pages read again; none is told who or where.
    assert (fact.portfolio_id, fact.about) == (None, {})


def test_help_is_asked_at_once_and_told_to_who_leads(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    with acting(cast.alice.actor):
        assert reads.would_be_called() == ["Sylvie"]
        verbs.ask_help(visit)
    assert called(visit) == {cast.sylvie.account.pk}
    with acting(cast.sylvie.actor):
        (alarm,) = reads.to_answer(cast.sylvie.account.pk)
    assert (alarm.place, alarm.whose, alarm.phone) == (PLACE, "Mme Roux", "+33612345678")


def test_who_leads_is_away_then_every_supervisor_hears(cast: Cast) -> None:
    renee = make.colleague("Renée", "supervisor")
    with as_owner():
        Absence.objects.create(
            staff=cast.sylvie.record, reason="leave", during=(date(2020, 1, 1), date(2100, 1, 1))
        )
    visit = goes_in(cast.alice, cast)
    with acting(cast.alice.actor):
        verbs.ask_help(visit)
    assert called(visit) == {renee.account.pk, cast.sylvie.account.pk}


def test_the_supervisor_s_own_alarm_goes_to_another_or_to_the_team(cast: Cast) -> None:
    visit = goes_in(cast.sylvie, cast)
    with acting(cast.sylvie.actor):
        verbs.ask_help(visit)
        with pytest.raises(Unknown):
            verbs.take(visit)
    # There is no other supervisor: everybody at work hears.
    assert called(visit) == {who.account.pk for who in (cast.alice, cast.bob, cast.charlie)}
    with acting(cast.charlie.actor):
        verbs.take(visit)
        verbs.close(visit, "safe", "Elle me parle.")
    renee = make.colleague("Renée", "supervisor")
    again = goes_in(cast.sylvie, cast)
    with acting(cast.sylvie.actor):
        verbs.ask_help(again)
    assert called(again) == {renee.account.pk}


def test_an_alarm_that_nobody_takes_reaches_more_colleagues(cast: Cast) -> None:
    renee = make.colleague("Renée", "supervisor")
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
        with acting(cast.alice.actor):
            verbs.ask_help(visit)
    reached = {}
    for passed in (4, 5, 9, 10, 60):
        with clock.at(MONDAY + minutes(passed)), as_worker():
            look_around()
        reached[passed] = called(visit)
    first, second = {cast.sylvie.account.pk}, {cast.sylvie.account.pk, renee.account.pk}
    everybody = second | {cast.bob.account.pk, cast.charlie.account.pk}
    assert reached == {4: first, 5: second, 9: second, 10: everybody, 60: everybody}
    assert verbs_of(visit) == ["visit.begin", "visit.raise", "visit.widen", "visit.widen"]


def test_taken_it_is_not_widened(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
        with acting(cast.alice.actor):
            verbs.ask_help(visit)
        with acting(cast.sylvie.actor):
            verbs.take(visit)
    with clock.at(MONDAY + minutes(60)), as_worker():
        look_around()
    assert row(visit).circle == 1


def test_only_who_took_it_closes_it_with_what_was_found(cast: Cast) -> None:
    renee = make.colleague("Renée", "supervisor")
    with as_owner():
        TeamMember.objects.create(
            team=cast.team, staff=renee.record, leads=True, during=(date(2020, 1, 1), None)
        )
    visit = goes_in(cast.alice, cast)
    with acting(cast.alice.actor):
        verbs.ask_help(visit)
        with pytest.raises(Unknown):
            verbs.take(visit)
    with acting(cast.bob.actor), pytest.raises(Unknown):
        verbs.take(visit)
    with acting(cast.sylvie.actor):
        with pytest.raises(Refused, match="On ne peut pas passer"):
            verbs.close(visit, "safe", "Rien.")
        verbs.take(visit)
    with acting(renee.actor):
        with pytest.raises(TooLate):
            verbs.take(visit)
        with pytest.raises(NotYours):
            verbs.close(visit, "safe", "Rien.")
        verbs.take_over(visit, cast.sylvie.account.pk)
    with acting(cast.sylvie.actor):
        with pytest.raises(TooLate):
            verbs.take_over(visit, cast.sylvie.account.pk)
        with pytest.raises(NotYours):
            verbs.close(visit, "safe", "Rien.")
    with acting(renee.actor):
        for finding, words, code in (("fine", "Rien.", "unknown-finding"), ("safe", " ", "empty")):
            with pytest.raises(Refused) as said:
                verbs.close(visit, finding, words)
            assert said.value.code == code
        verbs.close(visit, "rescued", "La police est passée.")
    closed = row(visit)
    assert (closed.state, closed.found, closed.taken_by) == (
        "closed",
        "La police est passée.",
        renee.account.pk,
    )
    assert verbs_of(visit) == ["visit.begin", "visit.raise", "visit.take", "visit.take_over", "visit.close"]
    assert goes_in(cast.alice, cast) != visit


def test_said_out_the_alarm_stays_until_somebody_has_spoken_to_them(cast: Cast) -> None:
    visit = goes_in(cast.alice, cast)
    with acting(cast.alice.actor):
        verbs.ask_help(visit, discreet=True)
        verbs.extend(visit, 30)
        verbs.out(visit)
        assert reads.mine(cast.alice.account.pk) is None
        with pytest.raises(TooLate):
            verbs.out(visit)
    alarm = row(visit)
    assert (alarm.state, alarm.how) == (Visit.State.RAISED, Visit.How.DISCREET)
    assert alarm.out_at is not None
    assert seen_by(cast.sylvie) == [visit]


def test_help_asked_after_silence_says_so_and_discretion_is_kept(cast: Cast) -> None:
    with clock.at(MONDAY):
        visit = goes_in(cast.alice, cast)
    with clock.at(MONDAY + minutes(70)), as_worker():
        look_around()
    with acting(cast.alice.actor):
        verbs.ask_help(visit, discreet=True)
        verbs.ask_help(visit)
    assert row(visit).how == Visit.How.DISCREET
    with as_owner():
        told = Entry.objects.filter(subject_id=visit, verb="visit.raise").order_by("recorded_at").last()
        assert told
        assert str(cast.sylvie.account.pk) in Body.objects.get(pk=told.pk).data


def test_what_is_typed_wrong_is_said(cast: Cast) -> None:
    elsewhere = make.person("Petit", "Luc", within=make.portfolio(cast.team))
    with acting(cast.alice.actor):
        for place, phone, lasting, grace, code in (
            ("", PHONE, 60, 10, "empty"),
            ("x" * 2_001, PHONE, 60, 10, "too-long"),
            (PLACE, "douze", 60, 10, "phone-letters"),
            (PLACE, PHONE, 4, 10, "wrong-duration"),
            (PLACE, PHONE, 481, 10, "wrong-duration"),
            (PLACE, PHONE, 60, 61, "wrong-grace"),
        ):
            with pytest.raises(Refused) as said:
                verbs.begin(place, phone, lasting, grace=grace)
            assert said.value.code == code
        with pytest.raises(Unknown):
            verbs.begin(PLACE, PHONE, 60, person_id=elsewhere.pk)
        verbs.begin(PLACE, PHONE, 60)
        with pytest.raises(Refused, match="déjà une visite en cours"):
            verbs.begin(PLACE, PHONE, 60)


def test_no_page_chooses_who_is_called_nor_answers_for_itself(cast: Cast) -> None:
    visit = goes_in(cast.alice, cast)
    mine = f"WHERE id = '{visit}'"
    with acting(cast.alice.actor), connection.cursor() as cursor:
        cursor.execute(f"UPDATE visits_visit SET alerted = ARRAY[account_id] {mine} RETURNING alerted")
        assert cursor.fetchone() == ([],)
    for forbidden in (
        "DELETE FROM visits_visit",
        "SELECT visits.called(access.me(), 3)",
        f"UPDATE visits_visit SET account_id = gen_random_uuid() {mine}",
        f"UPDATE visits_visit SET state = 'taken', how = 'help', raised_at = now(), taken_at = now(),"
        f" taken_by = account_id {mine}",
    ):
        with (
            acting(cast.alice.actor),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(forbidden)
    with acting(cast.sylvie.actor), connection.cursor() as cursor:
        cursor.execute(f"UPDATE visits_visit SET circle = 3 {mine}")
        assert cursor.rowcount == 0


def test_rows_go_in_time(cast: Cast) -> None:
    with clock.at(MONDAY):
        quiet = goes_in(cast.alice, cast)
        with acting(cast.alice.actor):
            verbs.out(quiet)
        loud = goes_in(cast.alice, cast)
        with acting(cast.alice.actor):
            verbs.ask_help(loud)
        with acting(cast.sylvie.actor):
            verbs.take(loud)
            verbs.close(loud, "forgotten", "Elle avait oublié.")
    left = {}
    for days in (0.9, 1.1, 89, 91):
        with (
            clock.at(MONDAY + timedelta(days=days)),
            as_worker(),
            acting(Actor.job("visits.forget")),
        ):
            forget_what_is_old()
        with as_owner():
            left[days] = set(Visit.objects.values_list("pk", flat=True))
    assert left == {0.9: {quiet, loud}, 1.1: {loud}, 89: {loud}, 91: set()}


def test_only_roles_at_work_with_persons_are_called() -> None:
    answering = {role for role, abilities in ROLE_ABILITIES.items() if "answer_alarms" in abilities}
    assert answering == {Role.AGENT, Role.CORRESPONDENT, Role.SUPERVISOR}
