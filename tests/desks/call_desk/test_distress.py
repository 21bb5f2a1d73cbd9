"""A grave situation: on every call screen, what to do, whom to call, and a record apart."""

from __future__ import annotations

import pytest

from gruppetto.service.contacts.models import ProtectedRecord
from tests.desks.call_desk.conftest import Desk
from tests.service.conftest import Cast
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

STEP = "Appelez le 17, ou le 18 en cas de feu, sans raccrocher avec la personne."


def records() -> list[ProtectedRecord]:
    """The protected records, as their owner sees them."""
    with as_owner():
        return list(ProtectedRecord.objects.all())


@pytest.mark.parametrize("part", ["", "demande/bank-card-block/"])
def test_every_call_screen_says_what_to_do_and_what_nobody_checked_yet(chosen: Desk, part: str) -> None:
    page = chosen.see(part)
    for words in (
        "Situation grave",
        STEP,
        "Ne raccrochez pas en premier.",
        'href="tel:3114"',
        'href="sms:114"',
    ):
        assert words in page
    assert "à vérifier" in page
    assert 'data-shortcut="shift+d"' in page


def test_the_desk_between_two_calls_has_the_help_numbers(cast: Cast) -> None:
    assert 'href="tel:15"' in cast.charlie.signed_in.client().get("/plate-forme/").content.decode()


def test_a_paying_number_is_dialled_without_its_spaces(chosen: Desk) -> None:
    assert 'href="tel:0892705705"' in chosen.see()


def test_what_was_heard_is_written_and_never_shown_again_to_its_author(cast: Cast, chosen: Desk) -> None:
    chosen.send("signaler/danger/", words="Il y a des cris derrière la porte", done=[STEP])
    (record,) = records()
    assert (record.guide, record.done, record.person_id) == ("danger", [STEP], cast.jeanne.pk)
    assert "des cris derrière la porte" not in chosen.see()


def test_an_empty_record_is_refused_with_its_guide_open(chosen: Desk) -> None:
    page = chosen.send("signaler/danger/", 422, words="", done=[STEP])
    assert 'id="danger-words_error"' in page
    assert page.count('<details class="more" open>') == 1
    assert records() == []


def test_a_record_about_a_colleague_says_which_one(cast: Cast, chosen: Desk) -> None:
    assert "Cette personne ne verra jamais la fiche." in chosen.see()
    chosen.send(
        "signaler/abuse-by-staff/", words="Elle dit avoir été menacée", about_account=cast.bob.account.pk
    )
    assert records()[0].about_account == cast.bob.account.pk


def test_a_guide_that_does_not_exist_is_not_found(chosen: Desk) -> None:
    chosen.send("signaler/tempete/", 404, words="x")
    assert records() == []


def test_a_record_may_be_written_before_anybody_is_known(call: Desk) -> None:
    call.send("signaler/suicide/", words="Elle pleure")
    assert records()[0].person_id is None
