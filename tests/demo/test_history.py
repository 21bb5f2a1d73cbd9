"""A small territory with its month of history: as many calls as planned, nothing impossible, ranks that are true."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from gruppetto.demo import colleagues, history, territory
from gruppetto.demo.cast import AWAY, DAYS_AGO, STAFF
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.sessions import register_service
from gruppetto.kernel.calendars import PLATFORM_HOURS, is_open
from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.journal.models import Entry, Origin, Pending
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.coverage.reads import worker_of
from gruppetto.registry.people.duplicates.finding import look_at
from gruppetto.registry.people.models import Channel, IdentityCheck, Person, Suspect
from gruppetto.service.catalogue.reads import reasons_in_force
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, LineCall
from gruppetto.service.contacts.repeats import repeats
from gruppetto.service.finding.models import Story
from gruppetto.service.interventions.models import ACTIVE, Handover, Intervention, Move, Notice
from gruppetto.service.interventions.states import WORKED
from gruppetto.service.messages.models import Budget, Delivery, Message, Price
from tests.support.database import as_owner

SUBSCRIBERS = 30
TELEPHONY = "telephony@gruppetto.invalid"


@pytest.fixture(params=["told one by one", "echoes of a few"])
def made(
    db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[territory.Stage, history.Told]:
    """The territory and its past, written as the owner."""
    if request.param == "echoes of a few":
        monkeypatch.setattr(history, "ALL_TOLD", 12)
        monkeypatch.setattr(history, "TOLD_OF_MANY", 12)
    until = now()
    since = datetime.combine(today() - timedelta(days=31), time(0), PARIS).astimezone(UTC)
    with as_owner():
        Origin.objects.create(origin="demo")
        register_service(TELEPHONY, "Téléphonie", "k" * 40)
        stage = territory.set_up(SUBSCRIBERS, {}, today(), since)
        telephony = Account.objects.get(email=TELEPHONY).pk
        told = history.write(
            stage, subscribers=SUBSCRIBERS, since=since, until=until, telephony=telephony, seed=5
        )
    return stage, told


def test_a_month_of_a_small_territory(made: tuple[territory.Stage, history.Told]) -> None:
    stage, told = made
    with as_owner():
        _the_territory_is_the_pilot_s(stage)
        _as_many_calls_as_planned(told)
        _nothing_after_now()
        _states_are_coherent()
        _ranks_are_true()
        _identity_was_shown()
        _the_journal_tells_it_all()
        _all_of_it_can_be_found()
        _messages_left()
        _colleagues_meet()


def _colleagues_meet() -> None:
    """People noted twice are found, each for another reason; mentions and relays wait to be read."""
    assert not Person.objects.filter(likeness_keys=[]).exists()
    written = dict(Person.objects.values_list("pk", "likeness_keys"))
    look_at(written)
    assert dict(Person.objects.values_list("pk", "likeness_keys")) == written
    before, under_way = Suspect.objects.count(), Intervention.objects.filter(state__in=WORKED).count()
    colleagues.meet()
    found = Suspect.objects.filter(state=Suspect.State.OPEN)
    assert found.count() >= before + 5
    assert {"sure", "likely"} <= set(found.values_list("grade", flat=True))
    unread = Counter(Notice.objects.filter(read_at=None).values_list("kind", flat=True))
    assert unread["mention"] == min(3, under_way)
    # Each relay needs a request of its own.
    assert Handover.objects.count() == (0, 0, 0, 0, 1, 2, 4)[min(6, under_way)]


def _the_territory_is_the_pilot_s(stage: territory.Stage) -> None:
    assert 145_000 < stage.inhabitants < 155_000
    assert Account.objects.filter(kind="human").count() == len(STAFF)
    assert Person.objects.filter(subscriber_since__isnull=False).count() == SUBSCRIBERS
    away = today() - timedelta(days=DAYS_AGO)
    for portfolio in stage.holders:
        for on in (today(), away):
            worker = worker_of(portfolio, on)
            assert (worker.account_id, worker.capacity) == stage.worker(portfolio, on)
    assert any(stage.worker(number, away)[1] == "substitute" for number in stage.holders), AWAY


def _as_many_calls_as_planned(told: history.Told) -> None:
    # 4.33 calls and 3.03 interventions for each subscriber; 30 people, who live 12 lives, leave much to chance.
    assert 2.2 < told.calls / SUBSCRIBERS < 7.5
    assert 1.5 < told.interventions / SUBSCRIBERS < 5.3
    received = Contact.objects.filter(direction="in")
    assert received.count() == told.calls == LineCall.objects.count()
    assert all(is_open(at, PLATFORM_HOURS) for at in received.values_list("happened_at", flat=True))


def _nothing_after_now() -> None:
    at = now()
    assert not Contact.objects.filter(Q(happened_at__gt=at) | Q(concluded_at__gt=at)).exists()
    assert not Move.objects.filter(at__gt=at).exists()
    assert not Entry.objects.filter(recorded_at__gt=at).exists()
    assert not Contact.objects.exclude(state__in=("done", "missed")).exists()


def _states_are_coherent() -> None:
    states = {row.pk: row.state for row in Intervention.objects.all()}
    assert "closed" in states.values()
    assert set(states.values()) & {state.value for state in ACTIVE}
    for key, state in states.items():
        moves = list(Move.objects.filter(intervention_id=key).order_by("at", "id"))
        assert moves[-1].target == state
        assert all(before.target in (after.source, "opened") for before, after in itertools.pairwise(moves))
    work = [state.value for state in ACTIVE]
    assert not Intervention.objects.filter(state__in=work, worker_id=None).exists()
    owed = CallBack.objects.filter(why="confirm", state="due").values("intervention_id")
    assert set(Intervention.objects.filter(pk__in=owed).values_list("state", flat=True)) <= {"answered"}


def _ranks_are_true() -> None:
    """Judged again by the rule itself, from all the contacts of each person."""
    periods = {one.code: timedelta(days=one.repeat_days) for one in reasons_in_force(now())}
    rows = list(ContactReason.objects.exclude(person_id=None).order_by("happened_at", "id"))
    counted = [row for row in rows if not row.not_counted]
    assert any(row.rank > 1 for row in counted)
    for row in rows:
        earlier = [
            (one.reason, one.contact_id, one.happened_at)
            for one in counted
            if one.person_id == row.person_id
            and one.happened_at < row.happened_at
            and one.contact_id != row.contact_id
        ]
        repeat = repeats(earlier, periods, row.happened_at).get(row.reason) if not row.not_counted else None
        assert (row.rank, row.first_at) == ((repeat.rank, repeat.first_at) if repeat else (1, None))


def _identity_was_shown() -> None:
    """Who was recognised answered two questions rightly, none of which had been asked the time before."""
    for contact_id in Contact.objects.filter(level=2).values_list("pk", flat=True):
        assert IdentityCheck.objects.filter(contact_id=contact_id, result="match").count() == 2
    asked: dict[tuple[object, int], set[str]] = {}
    for check in IdentityCheck.objects.filter(result="asked"):
        asked.setdefault((check.person_id, check.round), set()).add(check.fact)
    for (person, number), drawn in asked.items():
        assert len(drawn) == 2
        assert not drawn & asked.get((person, number - 1), set())


def _the_journal_tells_it_all() -> None:
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {
        "call.received",
        "contact.taken",
        "identity.answered",
        "intervention.opened",
        "person.opened",
    } <= verbs
    assert Pending.objects.count() == Entry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry e JOIN journal_body b ON b.entry_id = e.id"
            " WHERE e.commitment <> sha256(b.salt || convert_to(b.data, 'UTF8'))"
        )
        assert cursor.fetchone()[0] == 0


def _messages_left() -> None:
    """Most arrive, each with its cost counted once; one waits for its budget, and somebody hands over the rest."""
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert states["arrived"] + states["sent"] > sum(states.values()) / 2
    assert states["held"] == Delivery.objects.filter(why="budget").count() > 0
    assert Budget.objects.count() == 1
    carried = {one.pk: one for one in Delivery.objects.all()}
    for message in Message.objects.exclude(delivery_id=None):
        delivery = carried[message.delivery_id]  # type: ignore[index]  # those without are left out
        assert delivery.subject_id == message.subject_id
        if message.state == "sent" and message.sent_by is not None:
            assert delivery.state not in ("sent", "arrived")
    assert set(Price.objects.values_list("channel", flat=True)) == set(Channel.values)
    teams = dict(Portfolio.objects.values_list("pk", "team_id"))
    assert all(one.team_id == teams[one.portfolio_id] for one in Delivery.objects.all())


def test_a_journal_that_began_as_real_has_no_invented_past(db: None) -> None:
    since = now() - timedelta(days=3)
    with as_owner():
        Origin.objects.create(origin="real")
        register_service(TELEPHONY, "Téléphonie", "k" * 40)
        stage = territory.set_up(SUBSCRIBERS, {}, today(), since)
        telephony = Account.objects.get(email=TELEPHONY).pk
        history.write(stage, subscribers=2, since=since, until=now(), telephony=telephony)
        # What is told is dated by the database, and signed by who really wrote it.
        told = Entry.objects.filter(verb="person.added")
        assert set(told.values_list("actor", flat=True)) == {"command:demo"}
        assert not told.filter(recorded_at__lt=now() - timedelta(minutes=5)).exists()


def _all_of_it_can_be_found() -> None:
    """What triggers fill is there too, for the echoes as for the others."""
    told = dict(Story.objects.values_list("pk", "portfolio_id"))
    assert told == {
        **dict(Intervention.objects.values_list("pk", "portfolio_id")),
        **dict(Contact.objects.exclude(summary="").values_list("pk", "portfolio_id")),
    }
    known = Story.objects.filter(person_id__isnull=False)
    assert not known.exclude(subject_id=F("person_id")).exists()
    moves = Move.objects.filter(intervention_id=OuterRef("pk"), target=OuterRef("state"))
    latest = moves.exclude(source=F("target")).order_by("-at")
    since = Intervention.objects.annotate(moved=Subquery(latest.values("at")[:1]))
    assert not since.exclude(state_since=F("moved")).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM finding_story s JOIN people_person p ON p.id = s.subject_id"
            " WHERE NOT s.words @@ plainto_tsquery('finding.french', p.family_name)"
            " OR NOT '#p' || s.portfolio_id = ANY (tsvector_to_array(s.words))"
        )
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'stories_by_words'")
        assert cursor.fetchone()
