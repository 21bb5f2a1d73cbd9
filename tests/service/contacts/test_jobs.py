"""What the clock does here, as the worker's role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.registry.people.holders import holders, undeclared
from gruppetto.service.contacts import jobs, reads, verbs
from gruppetto.service.contacts.models import CallBack, Contact, Draft, LineCall, TelephonyEvent
from gruppetto.service.contacts.ports import use_telephone
from tests.registry.people.conftest import as_worker
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled, pass_time, published
from tests.support.database import as_owner
from tests.support.telephony import ring

pytestmark = pytest.mark.django_db


class Recorder:
    """A provider that only remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def place_call(self, number: str) -> None:
        self.asked.append((number,))

    def connect(self, call_id: str, number: str) -> None:
        self.asked.append((call_id, number))


def test_the_worker_ends_what_rings_for_ever(gateway: Actor) -> None:
    call = ring(gateway)
    with as_owner():
        for model, field in ((Contact, "happened_at"), (LineCall, "rang_at")):
            model._default_manager.update(**{field: now() - timedelta(minutes=11)})
    with as_worker("contacts.stop_ringing"):
        assert verbs.stop_ringing() == 1
    with as_owner():
        assert CallBack.objects.get().contact_id == call.pk
    assert journaled(call.pk)[-1] == "call.missed"


def test_the_worker_concludes_what_was_left(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.hang_up(call.pk)
    pass_time(call, 121)
    with as_worker("contacts.conclude_forgotten"):
        assert verbs.conclude_forgotten() == 1


def test_drafts_and_events_are_forgotten_after_thirty_days(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.save_draft("old", {})
        verbs.save_draft("new", {})
    with as_owner():
        Draft.objects.filter(form="old").update(saved_at=now() - timedelta(days=31))
        TelephonyEvent.objects.update(received_at=now() - timedelta(days=31))
    with as_worker("contacts.forget"):
        jobs.forget_what_is_old()
    with as_owner():
        assert [draft.form for draft in Draft.objects.all()] == ["new"]
        assert not TelephonyEvent.objects.exists()


def test_without_a_provider_the_number_is_shown_and_with_one_the_call_is_placed(
    cast: Cast, gateway: Actor
) -> None:
    provider = Recorder()
    call = ring(gateway)
    with acting(cast.charlie.actor):
        verbs.take(call.pk)
        verbs.choose_person(call.pk, cast.jeanne.pk)
        owed = verbs.owe_call_back("promised", contact_id=call.pk)
        shown = verbs.start_call_back(owed.pk)
        assert verbs.start_call_back(owed.pk).pk == shown.pk
        verbs.conclude(shown.pk)
    assert published("call.to_place") == []
    use_telephone(provider)
    try:
        with acting(cast.charlie.actor):
            dialled = verbs.start_call_back(owed.pk)
            verbs.bring_in(call.pk)
        with as_owner():
            cast.alice.record.phone = "+33561000099"
            cast.alice.record.save(update_fields=["phone"])
        with acting(cast.alice.actor):
            verbs.join(call.pk)
        assert (published("call.to_place"), published("call.to_connect")) == ([dialled.pk], [call.pk])
        with as_worker("contacts.place_call"):
            jobs.dial(dialled.pk)
            jobs.bring_telephone(call.pk, cast.alice.account.pk)
        with acting(cast.charlie.actor):
            verbs.conclude(dialled.pk)
            assert [one.pk for one in reads.mine()] == [call.pk]
        with as_worker("contacts.place_call"):
            jobs.dial(dialled.pk)
    finally:
        use_telephone(None)
    assert provider.asked == [("+33561000001",), (call.call_id, "+33561000099")]


def test_each_table_about_a_person_is_in_the_register() -> None:
    ours = {holder.model._meta.label for holder in holders() if holder.model._meta.app_label == "contacts"}
    assert ours == {
        "contacts.CallBack",
        "contacts.Contact",
        "contacts.ContactReason",
        "contacts.ProtectedRecord",
    }
    assert not [label for label in undeclared() if label.startswith("contacts.")]
