"""The desk between two calls: what rings, what one takes, the contacts that no line brings, the calls we owe."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gruppetto.desks.call_desk.templatetags.line import _written
from gruppetto.kernel.actors import Actor
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.contacts.models import CallBack, Contact
from tests.desks.call_desk.conftest import Desk
from tests.service.conftest import Cast
from tests.support.actors import staff
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring, tell

pytestmark = pytest.mark.django_db

HOME, LINE, OWED = "/plate-forme/", "/plate-forme/ligne/", "/plate-forme/rappels/"
# Page session and account (2), act and actor (4), line (1), mine (1), owed (2), help lines (1), end of the act (1).
HOME_QUERIES = 11


def text_of(client: Client, address: str = HOME) -> str:
    """A page that opens, as its text, its no-break spaces as plain ones."""
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()[:2000]
    return page.content.decode().replace("\u00a0", " ")


def missed(gateway: Actor, number: str = STRANGERS) -> None:
    """Somebody called and nobody took it."""
    call_id = new_id().hex
    tell(gateway, "ringing", call_id, number)
    tell(gateway, "missed", call_id, number)


def test_a_ringing_call_shows_a_masked_number_and_what_it_tells_nobody_s_name(
    cast: Cast, ringing: Contact
) -> None:
    seen = text_of(cast.charlie.signed_in.client())
    assert "05 •• •• •• 01" in seen
    assert "Numéro connu" in seen
    assert "Prendre l’appel" in seen
    for secret in ("05 61 00 00 01", "+33561000001", "Jeanne", "Roux", "Revel"):
        assert secret not in seen


def test_taking_a_call_opens_its_screen(cast: Cast, ringing: Contact) -> None:
    client = cast.charlie.signed_in.client()
    taken = client.post(f"{HOME}contacts/{ringing.pk}/prendre/")
    assert (taken.status_code, taken.headers["Location"]) == (303, f"{HOME}contacts/{ringing.pk}/")
    assert client.get(taken.headers["Location"]).status_code == 200


def test_who_comes_second_learns_who_has_the_call(cast: Cast, call: Desk) -> None:
    client = cast.bob.signed_in.client()
    page = client.post(call.at("prendre/"), follow=True)
    assert "Charlie a déjà pris cet appel" in page.content.decode()
    assert call.contact().taken_by_id == cast.charlie.account.pk


def test_the_pane_read_again_alone_brings_the_counts_of_the_rail(cast: Cast, gateway: Actor) -> None:
    client = cast.charlie.signed_in.client()
    assert '<span class="count" id="count-waiting" hx-swap-oob="true">0</span>' in text_of(client, LINE)
    ring(gateway, STRANGERS)
    again = text_of(client, LINE)
    assert '<span class="count" id="count-waiting" hx-swap-oob="true">1</span>' in again
    assert "Numéro inconnu" in again
    assert "<html" not in again


def test_a_row_is_written_once_and_each_page_has_its_own_token_in_it(cast: Cast, ringing: Contact) -> None:
    charlie, bob = cast.charlie.signed_in.client(), cast.bob.signed_in.client()
    charlie.handler.enforce_csrf_checks = True
    text_of(bob, LINE)
    before = _written.cache_info()
    row = text_of(charlie, LINE)
    assert (_written.cache_info().hits, _written.cache_info().misses) == (before.hits + 1, before.misses)
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', row)
    assert len(token) == 1
    taken = charlie.post(f"{HOME}contacts/{ringing.pk}/prendre/", {"csrfmiddlewaretoken": token[0]})
    assert taken.status_code == 303
    after = text_of(bob, LINE)
    assert "Avec Charlie" in after
    assert "data-ringing" not in after


def test_during_a_call_the_pane_read_again_still_says_which_contact_is_open(cast: Cast, call: Desk) -> None:
    again = text_of(call.client, f"{LINE}?contact={call.contact_id}")
    assert 'aria-current="true"' in again
    assert text_of(call.client, f"{LINE}?contact=rien").count('aria-current="true"') == 0


def test_a_call_passed_on_rings_for_one_colleague_and_may_be_taken_back(cast: Cast, call: Desk) -> None:
    call.send("transferer/", account=cast.bob.account.pk)
    assert "Cet appel vous est transféré" in text_of(cast.bob.signed_in.client())
    assert "Transféré à Bob" in text_of(cast.alice.signed_in.client())
    assert "Reprendre l’appel" in call.see()


def test_the_correspondent_asked_to_join_finds_the_call_and_joins_it(cast: Cast, chosen: Desk) -> None:
    chosen.send("correspondant/")
    client = cast.alice.signed_in.client()
    assert "Rejoindre l’appel de Charlie" in text_of(client)
    joined = client.post(chosen.at("rejoindre/"))
    assert joined.status_code == 303
    assert "Alice a rejoint l’appel" in chosen.see()


def test_a_visit_to_the_counter_is_a_contact_at_once(cast: Cast) -> None:
    client = cast.charlie.signed_in.client()
    page = client.post(f"{HOME}accueil/", follow=True)
    assert page.context["screen"].contact.channel == Contact.Channel.COUNTER
    assert "Finir l’échange" in page.content.decode()


def test_a_contact_typed_by_hand_says_its_channel(cast: Cast) -> None:
    client = cast.charlie.signed_in.client()
    assert "Courrier" in client.post(f"{HOME}a-la-main/", {"channel": "letter"}, follow=True).content.decode()
    wrong = client.post(f"{HOME}a-la-main/", {"channel": "pigeon"})
    assert wrong.status_code == 422


def test_a_missed_call_is_called_back_and_who_answers_ends_it(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    missed(gateway)
    client = cast.charlie.signed_in.client()
    seen = text_of(client, OWED)
    assert "06 •• •• •• 42" in seen
    assert "A appelé 2 fois" in seen
    owed = _owed()[0]
    started = client.post(f"{OWED}{owed.pk}/", follow=True)
    desk = Desk(client, started.context["screen"].contact.pk)
    assert "06 39 98 00 42" in desk.see().replace("\u00a0", " ")
    assert "Charlie rappelle en ce moment" in text_of(cast.bob.signed_in.client(), OWED)
    desk.send(f"rappels/{owed.pk}/", reached="yes")
    assert {one.state for one in _owed()} == {"done"}
    assert "La personne a répondu" not in desk.see()


def test_nobody_answers_concludes_the_try_and_keeps_the_call_owed(cast: Cast, gateway: Actor) -> None:
    missed(gateway)
    client = cast.charlie.signed_in.client()
    owed = _owed()[0]
    started = client.post(f"{OWED}{owed.pk}/", follow=True)
    desk = Desk(client, started.context["screen"].contact.pk)
    desk.send(f"rappels/{owed.pk}/", reached="no")
    assert desk.contact().state == Contact.State.DONE
    assert (_owed()[0].state, _owed()[0].attempts) == ("due", 1)


def test_a_withheld_number_cannot_be_called_back_and_the_page_says_so(cast: Cast, gateway: Actor) -> None:
    missed(gateway, "")
    assert "on ne peut pas rappeler" in text_of(cast.charlie.signed_in.client(), OWED)


def test_the_number_of_queries_does_not_grow_with_the_line(
    cast: Cast, gateway: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.charlie.signed_in.client()
    for calls in (1, 6):
        for number in range(calls):
            ring(gateway, f"+3363998000{number}")
            missed(gateway, f"+3363998001{number}")
        with django_assert_num_queries(HOME_QUERIES):
            text_of(client)


@pytest.mark.parametrize("role", ["back_office", "auditor", "administrator"])
def test_a_role_that_takes_no_calls_finds_the_desk_closed(cast: Cast, role: str) -> None:
    stranger = staff("Denis", role).client()
    for address in (HOME, LINE, OWED):
        assert stranger.get(address).status_code == 403


def test_nobody_enters_without_signing_in(db: None) -> None:
    assert Client().get(HOME).status_code == 302


def _owed() -> list[CallBack]:
    with as_owner():
        return list(CallBack.objects.order_by("due_at", "id"))
