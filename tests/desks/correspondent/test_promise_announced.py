"""Once a new date was announced, whoever reads the request sees the date that holds, and the first one struck."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gruppetto.desks.shared.wording import exact
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.models import Message
from gruppetto.service.notices.delays import announced, tell_it_takes_longer
from tests.service.conftest import Cast
from tests.service.messages.stage import worker
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(cast: Cast) -> tuple[Intervention, datetime]:
    """A request whose promise will be broken, and the date announced instead."""
    one = make.intervention(cast.jeanne, cast.alice)
    first = now() + timedelta(minutes=5)
    with as_owner():
        Intervention.objects.filter(pk=one.pk).update(due_at=first, first_due_at=first)
    with worker(), acting(Actor.job("notices.test")):
        message = tell_it_takes_longer(one.pk)
    assert message
    assert message.promised_until
    one.due_at = first
    return one, message.promised_until


def test_the_head_says_both_dates(cast: Cast, later: tuple[Intervention, datetime]) -> None:
    one, holds = later
    browser = cast.alice.signed_in.client()
    for address in ("", "changer/"):
        told = browser.get(f"/correspondant/interventions/{one.pk}/{address}").content.decode()
        assert f"Réponse promise avant {exact(holds, at=timezone.now())}" in told
        assert f"d’abord promis une réponse avant <s>{exact(one.due_at, at=timezone.now())}</s>" in told


def test_a_message_that_was_never_sent_announces_nothing(
    cast: Cast, later: tuple[Intervention, datetime]
) -> None:
    one, holds = later
    with acting(cast.alice.actor):
        assert announced([one.pk]) == {one.pk: holds}
    with as_owner():
        Message.objects.filter(intervention_id=one.pk).update(state=Message.State.DROPPED)
    with acting(cast.alice.actor):
        assert announced([one.pk]) == {}
