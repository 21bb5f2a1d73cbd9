"""Level 3 by a code: to a verified number only, seen by nobody here, ten minutes, three tries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.registry.people.models import Phone
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import Contact
from gruppetto.service.messages import codes, ports
from gruppetto.service.messages.models import Code
from tests.service.conftest import Cast
from tests.service.contacts.conftest import journaled
from tests.service.messages.stage import MOBILE, FakeCarrier, worker
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def sms() -> Iterator[FakeCarrier]:
    one = FakeCarrier()
    ports.use_carrier("sms", one)
    yield one
    ports.use_carrier("sms", None)
    ports.use_carrier(ports.VOICE, None)


@pytest.fixture
def mobile(cast: Cast) -> Phone:
    return make.phone(cast.jeanne, MOBILE, verified_by=cast.alice, main=False)


def sent(cast: Cast, call: Contact, phone: Phone) -> Code:
    """A code asked for by Charlie and sent by the worker."""
    with acting(cast.charlie.actor):
        if Contact.objects.get(pk=call.pk).subject_id is None:
            verbs.choose_person(call.pk, cast.jeanne.pk)
        code = verbs.send_code(call.pk, phone.pk)
    with worker():
        codes.send_code(code.pk)
    return code


def digits(carrier: FakeCarrier) -> str:
    return re.search(r"\d{6}", carrier.taken[-1].text)[0]  # type: ignore[index]  # a test that fails says it


def test_the_right_code_confirms_who_speaks(
    cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone
) -> None:
    sent(cast, call, mobile)
    assert sms.taken[0].recipient == MOBILE
    said = digits(sms)
    with acting(cast.charlie.actor):
        answer = verbs.answer_code(call.pk, f"{said[:3]} {said[3:]}")
    assert (answer.match, answer.level) == (True, 3)
    assert "identity.level" in journaled(call.pk)


def test_three_wrong_codes_spend_it(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    sent(cast, call, mobile)
    right = digits(sms)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    with acting(cast.charlie.actor):
        assert [verbs.answer_code(call.pk, wrong).match for _try in range(3)] == [False] * 3
        with pytest.raises(Refused, match="trois fois"):
            verbs.answer_code(call.pk, right)
        assert Contact.objects.get(pk=call.pk).level < 3
    sent(cast, call, mobile)
    with acting(cast.charlie.actor):
        assert verbs.answer_code(call.pk, digits(sms)).level == 3


def test_a_code_is_good_for_ten_minutes(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    sent(cast, call, mobile)
    later = clock.now() + timedelta(minutes=10)
    with clock.at(later), acting(cast.charlie.actor), pytest.raises(Refused, match="ne vaut plus"):
        verbs.answer_code(call.pk, digits(sms))


def test_what_is_not_six_digits_costs_no_try(
    cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone
) -> None:
    code = sent(cast, call, mobile)
    with acting(cast.charlie.actor):
        for said in ("", "12345", "douze", "１２３４５６"):
            with pytest.raises(Refused, match="six chiffres"):
                verbs.answer_code(call.pk, said)
        code.refresh_from_db()
    assert code.tries == 0


def test_nobody_here_can_read_the_code(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    code = sent(cast, call, mobile)
    with as_owner():
        row = Code.objects.filter(pk=code.pk).values().get()
    assert digits(sms) not in repr({name: value for name, value in row.items() if name != "seal"})
    assert digits(sms).encode() not in bytes(row["seal"] or b"")


def test_a_number_that_is_not_verified_receives_none(cast: Cast, call: Contact, sms: FakeCarrier) -> None:
    phone = make.phone(cast.jeanne, MOBILE, main=False)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        with pytest.raises(Refused, match="déjà vérifié"):
            verbs.send_code(call.pk, phone.pk)
        stranger = make.phone(
            make.person("Martin", "Léa", within=cast.other), "+33639980077", verified_by=cast.bob
        )
        with pytest.raises(Refused, match="n’est pas celui"):
            verbs.send_code(call.pk, stranger.pk)


def test_a_landline_is_called_and_told_the_code(cast: Cast, call: Contact, sms: FakeCarrier) -> None:
    with as_owner():
        landline = Phone.objects.get(person=cast.jeanne)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        with pytest.raises(Refused, match="Aucun moyen"):
            verbs.send_code(call.pk, landline.pk)
    voice = FakeCarrier()
    ports.use_carrier(ports.VOICE, voice)
    sent(cast, call, landline)
    assert not sms.taken
    said = "".join(re.findall(r"\d", voice.taken[0].said[1]))
    with acting(cast.charlie.actor):
        assert verbs.answer_code(call.pk, said).level == 3


def test_before_the_first_visit_a_code_is_not_enough(
    cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone
) -> None:
    with as_owner():
        type(cast.jeanne).objects.filter(pk=cast.jeanne.pk).update(first_visit_on=None)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        with pytest.raises(Refused, match="première visite"):
            verbs.send_code(call.pk, mobile.pk)


def test_three_codes_a_contact_at_most(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    for _time in range(3):
        sent(cast, call, mobile)
    with acting(cast.charlie.actor), pytest.raises(Refused, match="Trois codes"):
        verbs.send_code(call.pk, mobile.pk)


def test_only_the_last_code_counts(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    sent(cast, call, mobile)
    first = digits(sms)
    sent(cast, call, mobile)
    if first != digits(sms):
        with acting(cast.charlie.actor):
            assert not verbs.answer_code(call.pk, first).match


def test_a_job_run_twice_sends_one_code(cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone) -> None:
    code = sent(cast, call, mobile)
    with worker():
        codes.send_code(code.pk)
    assert len(sms.taken) == 1


@pytest.mark.parametrize(("mood", "state"), [("away", "failed"), ("refuses", "failed"), ("cut", "unknown")])
def test_where_the_code_stands_is_told(
    cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone, mood: str, state: str
) -> None:
    sms.mood = mood
    code = sent(cast, call, mobile)
    with acting(cast.charlie.actor):
        code.refresh_from_db()
        assert code.state == state


def test_a_contact_in_other_hands_sends_nothing(
    cast: Cast, call: Contact, sms: FakeCarrier, mobile: Phone
) -> None:
    with acting(cast.alice.actor), pytest.raises((NotYours, Refused)):
        verbs.send_code(call.pk, mobile.pk)
    assert not sms.taken
