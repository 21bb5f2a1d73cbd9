"""Reasons, repeats known before typing, the sentences read back, drafts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import Contact, ContactReason, Draft
from gruppetto.service.contacts.repeats import Repeat, repeats
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)


def earlier(person: Person, days: float, reason: str = "follow-request", **more: object) -> Contact:
    """A contact of the person some days ago, for one reason."""
    # Days of the calendar: an hour may be lost or won in between.
    contact_id, when = new_id(), now().astimezone(PARIS) - timedelta(days=days)
    facts = {"channel": "letter", "direction": "in", "state": "done", **more}
    with as_owner():
        contact = Contact.objects.create(
            id=contact_id,
            shelf=1,
            happened_at=when,
            ended_at=when,
            concluded_at=when,
            taken_by_id=new_id(),
            taken_at=when,
            person_id=person.pk,
            person_shelf=person.shelf,
            portfolio_id=person.portfolio_id,
            **facts,
        )
        ContactReason.objects.create(
            shelf=1,
            contact_id=contact_id,
            person_id=person.pk,
            portfolio_id=person.portfolio_id,
            reason=reason,
            happened_at=when,
        )
    return contact


def test_the_third_contact_in_nine_days_is_said_before_anything_is_typed(cast: Cast, call: Contact) -> None:
    earlier(cast.jeanne, 9)
    earlier(cast.jeanne, 4, channel="counter")
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        page = reads.contact_page(call.pk)
        assert page.reasons == []
        assert {code: repeat.sentence for code, repeat in page.repeats.items()} == {
            "follow-request": "3ᵉ contact en 9 jours pour la même chose"
        }
        noted = verbs.note_reasons(
            call.pk, [("follow-request", "no-news", ""), ("alert", "", "un appel bizarre")]
        )
    assert {(row.reason, row.rank) for row in noted} == {("follow-request", 3), ("alert", 1)}


def test_what_we_asked_for_what_we_send_and_what_is_too_old_do_not_count(cast: Cast, call: Contact) -> None:
    earlier(cast.jeanne, 16)
    earlier(cast.jeanne, 3, asked_by_us=True)
    earlier(cast.jeanne, 2, direction="out")
    earlier(cast.jeanne, 1, reason="alert")
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        assert set(reads.contact_page(call.pk).repeats) == {"alert"}
        assert reads.repeat_of(cast.jeanne.pk, "follow-request", now(), call.pk) is None


def test_each_reason_has_its_own_period(cast: Cast, call: Contact) -> None:
    for reason in ("alert", "appointment", "complaint"):
        earlier(cast.jeanne, 10, reason=reason)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        assert set(reads.contact_page(call.pk).repeats) == {"appointment", "complaint"}


def test_the_repeat_is_the_beneficiarys_whoever_calls(cast: Cast, gateway: Actor) -> None:
    paul = make.person("Roux", "Paul", title="mr", subscriber_since=None)
    make.phone(paul, "+33639980007")
    make.relative(cast.jeanne, paul, "son fils")
    earlier(cast.jeanne, 2)
    ringing = ring(gateway, "+33639980007")
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        verbs.note_reasons(contact.pk, [("follow-request", "", "")])
        verbs.choose_person(contact.pk, cast.jeanne.pk, paul.pk, "son fils")
        page = reads.contact_page(contact.pk)
        assert (page.contact.caller_link, page.rights) == ("son fils", ("see", "ask"))
        assert [(row.rank, row.person_id) for row in page.reasons] == [(2, cast.jeanne.pk)]


def test_a_contact_that_we_asked_for_repeats_nothing(cast: Cast, call: Contact) -> None:
    earlier(cast.jeanne, 2)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        assert verbs.note_reasons(call.pk, [("follow-request", "", "")])[0].rank == 2
        verbs.asked_by_us(call.pk)
        assert [(row.rank, row.not_counted) for row in ContactReason.objects.filter(contact_id=call.pk)] == [
            (1, "asked_by_us")
        ]


def test_a_stranger_to_the_person_learns_nothing_of_their_repeats(cast: Cast) -> None:
    earlier(cast.jeanne, 2)
    with acting(cast.bob.actor):
        assert reads.repeats_of(cast.jeanne.pk, now()) == {}
    with acting(cast.alice.actor):
        assert set(reads.repeats_of(cast.jeanne.pk, now())) == {"follow-request"}


def test_noting_again_replaces_what_was_noted(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.note_reasons(call.pk, [("alert", "", ""), ("complaint", "delay", "")])
        rows = verbs.note_reasons(call.pk, [("complaint", "delay", ""), ("complaint", "other", "le ton")])
        assert [(row.reason, row.sub_reason, row.other) for row in rows] == [
            ("complaint", "delay", ""),
            ("complaint", "other", "le ton"),
        ]
        for wrong in [("unknown", "", ""), ("alert", "delay", ""), ("alert", "", "x" * 201)]:
            with pytest.raises(Refused):
                verbs.note_reasons(call.pk, [wrong])
        assert ContactReason.objects.filter(contact_id=call.pk).count() == 2


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 3), st.integers(-40, 5)), max_size=12),
    st.integers(1, 30),
)
def test_a_repeat_counts_contacts_within_the_period_and_its_first(
    before: list[tuple[str, int, int]], period: int
) -> None:
    contacts = [new_id() for _ in range(4)]
    rows = [(reason, contacts[n], NOON + timedelta(days=day)) for reason, n, day in before]
    # One contact is at one moment.
    moments = {contact: moment for _reason, contact, moment in rows}
    rows = [(reason, contact, moments[contact]) for reason, contact, _moment in rows]
    found = repeats(rows, {"a": timedelta(days=period)}, NOON)
    inside = {c: m for r, c, m in rows if r == "a" and NOON - timedelta(days=period) <= m <= NOON}
    assert set(found) == ({"a"} if inside else set())
    if inside:
        assert found["a"] == Repeat("a", len(inside) + 1, min(inside.values()), NOON)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (2, "2ᵉ contact aujourd’hui pour la même chose"),
        (20, "2ᵉ contact en 1 jour pour la même chose"),
        (72, "2ᵉ contact en 3 jours pour la même chose"),
    ],
)
def test_a_repeat_is_said_in_words(hours: int, sentence: str) -> None:
    assert Repeat("a", 2, NOON - timedelta(hours=hours), NOON).sentence == sentence


def test_the_sentences_read_back_are_kept_with_the_moment_of_the_yes(cast: Cast, call: Contact) -> None:
    three = ["Vous voulez une carte.", "Nous la demandons.", "Réponse jeudi."]
    with acting(cast.charlie.actor):
        contact = verbs.read_back_accepted(call.pk, three)
        assert (contact.read_back, contact.accepted_at is not None) == (three, True)
        assert len(verbs.read_back_accepted(call.pk, ["Et un rendez-vous."]).read_back) == 4
        with pytest.raises(Refused, match="Relisez"):
            verbs.read_back_accepted(call.pk, [])
        with pytest.raises(Refused, match="Relisez"):
            verbs.read_back_accepted(call.pk, ["  "])


def test_a_draft_is_its_authors_sealed_and_the_last_one_said(cast: Cast, call: Contact) -> None:
    form = f"contact:{call.pk}"
    with acting(cast.charlie.actor):
        verbs.save_draft(form, {"notes": "elle hésite", "n": 1})
        verbs.save_draft(form, {"notes": "elle est d’accord"})
        assert reads.kept_draft(form) == {"notes": "elle est d’accord"}
        with pytest.raises(Refused, match="trop long"):
            verbs.save_draft(form, {"notes": "x" * 100_001})
    with acting(cast.bob.actor):
        assert reads.kept_draft(form) is None
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_or(position('accord' IN encode(fields, 'escape')) > 0) FROM contacts_draft"
        )
        assert cursor.fetchone() == (1, False)
    with acting(cast.charlie.actor):
        verbs.conclude(call.pk)
        assert reads.kept_draft(form) is None
        verbs.save_draft("autre", {})
        verbs.drop_draft("autre")
        assert not Draft.objects.exists()


def test_the_page_of_a_contact_asks_few_questions_whatever_there_is(
    cast: Cast, gateway: Actor, django_assert_max_num_queries: object
) -> None:
    for days in range(1, 6):
        earlier(cast.jeanne, days)
    ringing = ring(gateway)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        verbs.choose_person(contact.pk, cast.jeanne.pk)
        verbs.note_reasons(contact.pk, [("follow-request", "", ""), ("alert", "", "")])
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture that is a function
            page = reads.contact_page(contact.pk)
    assert [len(past.reasons) for past in page.history] == [1] * 5
    assert page.history[0].reasons == ("Suivre une demande en cours",)
    assert page.number == "05 61 00 00 01"


def test_history_is_read_page_by_page(cast: Cast) -> None:
    made = [earlier(cast.jeanne, days).pk for days in range(1, 8)]
    with acting(cast.alice.actor):
        first = reads.history(cast.jeanne.pk, limit=4)
        rest = reads.history(cast.jeanne.pk, limit=4, before=first[-1].contact.happened_at)
    read: list[UUID] = [past.contact.pk for past in [*first, *rest]]
    assert read == made


def test_a_withheld_number_is_worked_without_candidates(cast: Cast, gateway: Actor) -> None:
    ringing = ring(gateway, "")
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        page = reads.contact_page(contact.pk)
        assert (page.number, page.candidates, page.contact.level) == ("numéro caché", [], 0)
        assert reads.who_calls(STRANGERS) == []
