"""The small form of the call screen: a code to a masked number, typed as it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gruppetto.service.messages import codes, ports
from gruppetto.service.messages.models import Code
from tests.desks.call_desk.conftest import Desk
from tests.service.conftest import Cast
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


def test_without_a_carrier_no_code_is_offered(cast: Cast, chosen: Desk) -> None:
    make.phone(cast.jeanne, MOBILE, verified_by=cast.alice, main=False)
    assert "Confirmer par un code" not in chosen.see()


def test_the_code_is_sent_to_a_masked_number_and_compared(cast: Cast, chosen: Desk, sms: FakeCarrier) -> None:
    phone = make.phone(cast.jeanne, MOBILE, verified_by=cast.alice, main=False)
    page = chosen.see()
    assert "Envoyer un code au 06 •• •• •• 01" in page
    assert "06 39 98 00 01" not in page
    chosen.send("code/envoyer/", phone=phone.pk)
    assert "Le code part" in chosen.see("code/")
    with as_owner():
        code = Code.objects.get()
    with worker():
        codes.send_code(code.pk)
    page = chosen.see()
    said = re.search(r"\d{6}", sms.texts[0])[0]  # type: ignore[index]  # a test that fails says it
    assert "Le code est parti" in page
    assert said not in page
    chosen.send("code/redit/", code="12")
    assert "six chiffres" in chosen.see()
    chosen.send("code/redit/", code=said)
    assert "la personne est confirmée" in chosen.see()
    assert chosen.contact().level == 3


def test_a_strange_number_is_refused_in_words(chosen: Desk, sms: FakeCarrier) -> None:
    chosen.send("code/envoyer/", phone="pas un numéro")
    assert "Choisissez le numéro" in chosen.see()
    chosen.send("code/redit/", code="123456")
    assert "Aucun code n’est parti" in chosen.see()
