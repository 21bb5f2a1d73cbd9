"""Two at a time, with real commits: exactly one effect."""

from __future__ import annotations

import threading
from typing import Any

import psycopg

from gruppetto import launcher
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import TooLate
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, TelephonyEvent
from tests.service.conftest import on_stage
from tests.support.races import as_owner_of, at_once
from tests.support.telephony import event, in_service, ring, tell


def test_of_two_agents_who_take_one_call_one_has_it_and_the_other_learns_who(committed: str) -> None:
    with as_owner_of(committed):
        cast, gateway = on_stage(), in_service()
    for _round in range(5):
        call = ring(gateway)

        def taken_by(colleague: Any, call: Contact = call) -> Any:
            with acting(colleague.actor):
                return verbs.take(call.pk).taken_by_id

        answers = at_once(
            lambda: taken_by(cast.charlie), lambda: taken_by(cast.bob), lambda: taken_by(cast.alice)
        )
        late = [answer for answer in answers if isinstance(answer, TooLate)]
        winners = [answer for answer in answers if not isinstance(answer, Exception)]
        assert (len(winners), len(late)) == (1, 2), answers
        names = {one.account.pk: one.account.name for one in (cast.alice, cast.bob, cast.charlie)}
        assert {str(refusal) for refusal in late} == {f"{names[winners[0]]} a déjà pris cet appel."}


def test_events_of_one_call_told_together_make_one_contact(committed: str) -> None:
    with as_owner_of(committed):
        gateway = in_service()
    for _round in range(5):
        call_id = new_id().hex
        once = {state: event(state, call_id) for state in ("ringing", "answered", "missed", "ended")}

        def told(state: str, once: dict[str, Any] = once) -> Any:
            with acting(gateway):
                return verbs.receive_call(once[state]).pk

        answers = at_once(*(lambda state=state: told(state) for state in [*once, "ringing", "ended"]))
        assert len(set(answers)) == 1, answers
        with as_owner_of(committed):
            assert TelephonyEvent.objects.filter(call_id=call_id).count() == 4
            contact = Contact.objects.get(call_id=call_id)
            assert (contact.state, LineCall.objects.get(pk=contact.pk).state) == ("answered", "answered")
            assert not CallBack.objects.filter(contact_id=contact.pk, state="due").exists()


def test_an_event_that_waits_for_its_double_does_not_hold_the_call(
    committed: str, server: launcher.Server
) -> None:
    with as_owner_of(committed):
        gateway = in_service()
    call = ring(gateway)
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    answers: list[Any] = []

    def end() -> None:
        answers.extend(at_once(lambda: tell(gateway, "ended", call.call_id).pk))

    address = server.superuser_url(committed)
    with psycopg.connect(address, autocommit=True) as watch, psycopg.connect(address) as double:
        # Our triggers ask who acts: a double on stage is nobody.
        double.execute("SET session_replication_role = replica")
        double.execute(
            "INSERT INTO contacts_telephonyevent (id, body, provider, call_id, state, body_sha256, at, received_at)"
            " SELECT gen_random_uuid(), body, provider, call_id, 'ended', body_sha256, at, received_at"
            " FROM contacts_telephonyevent WHERE call_id = %s",
            [call.call_id],
        )
        thread = threading.Thread(target=end)
        thread.start()
        while watch.execute(waits).fetchone() == (0,):
            assert thread.is_alive()
        try:
            # The double would lock the call next: it finds it free.
            assert double.execute(
                "SELECT 1 FROM contacts_contact WHERE id = %s FOR UPDATE NOWAIT", [call.pk]
            ).fetchone() == (1,)
        finally:
            double.rollback()
            thread.join(60)
    assert answers == [call.pk]


def test_a_call_that_ends_while_it_is_taken_is_either_missed_or_written_up(committed: str) -> None:
    with as_owner_of(committed):
        cast, gateway = on_stage(), in_service()
    for _round in range(5):
        call = ring(gateway)

        def take(call: Contact = call) -> Any:
            with acting(cast.charlie.actor):
                return verbs.take(call.pk).state

        def end(call: Contact = call) -> Any:
            return tell(gateway, "ended", call.call_id)

        taken, _ended = at_once(take, end)
        with as_owner_of(committed):
            contact, line = Contact.objects.get(pk=call.pk), LineCall.objects.get(pk=call.pk)
            owed = CallBack.objects.filter(contact_id=call.pk, state="due").count()
        assert contact.state == line.state
        if isinstance(taken, TooLate):
            assert (contact.state, owed) == ("missed", 1)
        else:
            assert (contact.state, owed) == ("wrapping", 0)


def test_two_agents_do_not_call_the_same_person_back(committed: str) -> None:
    with as_owner_of(committed):
        cast, gateway = on_stage(), in_service()
    call = ring(gateway)
    tell(gateway, "missed", call.call_id)
    with as_owner_of(committed):
        owed = CallBack.objects.get()

    def dial(colleague: Any) -> Any:
        with acting(colleague.actor):
            return verbs.start_call_back(owed.pk).state

    answers = at_once(lambda: dial(cast.charlie), lambda: dial(cast.bob))
    assert sorted(str(answer) for answer in answers if not isinstance(answer, Exception)) == ["taken"]
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [TooLate]
