"""One story told twice: by the verbs, and by the demo's past. The rows are equal, identifiers and moments apart."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction

from gruppetto.demo.asking import request
from gruppetto.demo.past.book import Book
from gruppetto.demo.past.interventions import Past
from gruppetto.demo.people import Known
from gruppetto.demo.territory import Stage
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.sessions import register_service
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.journal.models import Body, Entry, Origin
from gruppetto.kernel.journal.writing import commitment
from gruppetto.registry.people.models import Person, Phone, Relative
from gruppetto.service.catalogue.reads import kind_in_force, reasons_in_force
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.messages.ways import Way
from tests.demo import rows
from tests.demo.rows import Rows
from tests.demo.story import Telling, Told
from tests.demo.telling import ByPast, ByVerbs
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.service.messages.stage import MOBILE, consents
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
TELEPHONY = "telephony@gruppetto.invalid"
JEANNE, MARTINE = "+33561000001", "+33561000002"
EMAIL = "jeanne.roux@example.test"
# A Monday morning in the past; the verbs tell theirs from now on (the database's own clock must agree with them).
LONG_BEFORE = timedelta(days=90)


@pytest.fixture
def told(cast: Cast) -> Told:
    """Jeanne with facts to ask her, her daughter Martine, three requests whose papers and answers are drawn once."""
    with as_owner():
        Origin.objects.create(origin="demo")
        register_service(TELEPHONY, "Téléphonie", settings.GRUPPETTO_SERVICE_KEY)
        jeanne = cast.jeanne
        jeanne.chosen_word, jeanne.energy_provider, jeanne.phone_provider = "mimosa", "EDF", "Orange"
        jeanne.last_visit_on, jeanne.email = date(2026, 10, 5), EMAIL
        jeanne.save()
        Phone.objects.create(person=jeanne, number=MOBILE, kind="mobile", **make.same_rows(jeanne))
        key = new_id()
        martine = Person.objects.create(id=key, shelf=shelf_of(key), family_name="Roux", **make_same(jeanne))
        Phone.objects.create(
            person=martine, number=MARTINE, kind="mobile", main=True, **make.same_rows(martine)
        )
        Relative.objects.create(
            person=jeanne,
            relative_id=martine.pk,
            link="sa fille",
            chosen_on=date(2026, 1, 5),
            source="elle-même",
            **make.same_rows(jeanne),
        )
        kinds = [
            kind_in_force(code, now()) for code in ("energy-bill-dispute", "phone-contract", "tax-return")
        ]
    chance = Random(7)
    requests = tuple(request(kind, date(2026, 11, 2), chance) for kind in kinds)
    assert requests[0].papers
    consents(jeanne, "sms", "email")
    ways = (Way("sms", MOBILE), Way("email", EMAIL))
    facts = ("chosen_word", "energy_provider", "phone_provider", "last_visit", "correspondent")
    kin = _known(martine, MARTINE)
    person = _known(jeanne, JEANNE, facts=facts, kin=kin, link="sa fille", ways=ways)
    return Told(person, cast.charlie.account.pk, cast.alice.account.pk, cast.sylvie.account.pk, requests)


def make_same(of: Person) -> dict[str, object]:
    """Portfolio and department of ``of``, for a relative."""
    return {"portfolio_id": of.portfolio_id, "department": of.department}


def _known(person: Person, number: str, **more: object) -> Known:
    name = person.full_name
    return Known(person.pk, person.shelf, person.portfolio_id, person.department, name, number, **more)  # type: ignore[arg-type]


def _past(cast: Cast, told: Told) -> Past:
    with as_owner():
        telephony = Account.objects.get(email=TELEPHONY).pk
        periods = {one.code: timedelta(days=one.repeat_days) for one in reasons_in_force(now())}
        rules = hours_in_force(now())
    staff = {one.account.pk: one.account.name for one in (cast.alice, cast.bob, cast.charlie, cast.sylvie)}
    return Past(
        book=Book(Random(1)),
        telephony=telephony,
        recognised={JEANNE: "known", MARTINE: "relative"},
        periods=periods,
        stage=Stage(
            {},
            staff=staff,
            holders={told.person.portfolio: told.worker},
            teams={told.person.portfolio: cast.team.pk},
        ),
        rules=rules,
    )


def test_the_past_tells_what_the_verbs_write(cast: Cast, told: Told) -> None:
    actors = {one.account.pk: one.actor for one in (cast.alice, cast.bob, cast.charlie, cast.sylvie)}
    world = _world(cast, told)
    shelves = {told.person.shelf, told.person.kin.shelf} if told.person.kin else set()
    with as_owner():
        before = rows.known()

    def read_then_undone(tell: Callable[[], None]) -> Rows:
        """What it writes, told again when a contact falls on the shelf of a person, as one in five hundred does.

        Rows that follow the person and rows that follow the contact could then not be told apart.
        """
        while True:
            with transaction.atomic():
                tell()
                with as_owner():
                    found = rows.told(before, world, shelves)
                    own = {shelf_of(row.pk) for model in (Contact, CallBack) for row in model.objects.all()}
                transaction.set_rollback(True)
            if not own & shelves:
                return found

    by_verbs = ByVerbs(actors)

    def tell_by_verbs() -> None:
        by_verbs.drawn.clear()
        Telling(by_verbs, told, now()).tell()

    def tell_by_past() -> None:
        past = _past(cast, told)
        # A dead end takes a way from the person told of.
        Telling(ByPast(past, by_verbs.drawn), deepcopy(told), now() - LONG_BEFORE).tell()
        with as_owner():
            past.book.flush()

    verbs, copied = read_then_undone(tell_by_verbs), read_then_undone(tell_by_past)
    assert not rows.differences(verbs, copied)
    assert verbs == copied
    assert any('"rank": 2' in row for table, row in copied if table == "contacts_contactreason")
    # The story is long enough to mean something: every table has rows.
    assert {table for table, _row in copied} == {
        model._meta.db_table for model in rows.STORY if model is not Body
    }


def test_what_the_journal_tells_of_the_past_can_be_verified(cast: Cast, told: Told) -> None:
    past = _past(cast, told)
    call = past.ring(datetime(2026, 10, 5, 8, tzinfo=UTC), JEANNE)
    past.take(call, datetime(2026, 10, 5, 8, 1, tzinfo=UTC), told.agent)
    with as_owner():
        past.book.flush()
        entries = {entry.pk: entry for entry in Entry.objects.filter(subject_id=call.id)}
        assert [entry.verb for entry in sorted(entries.values(), key=lambda one: one.pk)] == [
            "call.received",
            "contact.taken",
        ]
        for body in Body.objects.filter(entry_id__in=entries):
            assert commitment(bytes(body.salt), body.data) == bytes(entries[body.entry_id].commitment)
        assert entries[max(entries)].account_id == told.agent


def _world(cast: Cast, told: Told) -> dict[UUID, str]:
    with as_owner():
        telephony = Account.objects.get(email=TELEPHONY).pk
    staff = {one.account.pk: one.account.name for one in (cast.alice, cast.bob, cast.charlie, cast.sylvie)}
    assert told.person.kin is not None
    persons = {told.person.id: "Jeanne", told.person.kin.id: "Martine"}
    return {**staff, **persons, cast.team.pk: "team", telephony: "telephony"}
