"""A relative orders only what the person lets them ask; help with what they say themselves needs no right (G20)."""

from __future__ import annotations

from uuid import UUID

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.verbs import choose_person, visit
from gruppetto.service.interventions.verbs import open_intervention
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def counter_visit_of_a_daughter(cast: Cast, rights: list[str]) -> UUID:
    """The daughter is at the counter, her identity matched; her mother lets her do ``rights``."""
    daughter = make.person("Roux", "Martine", within=cast.portfolio)
    make.relative(cast.jeanne, daughter, rights=rights)
    with acting(cast.charlie.actor):
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk, caller_id=daughter.pk, link="sa fille")
    with as_owner():
        Contact.objects.filter(pk=contact.pk).update(level=2)
    return contact.pk


def ask(cast: Cast, contact_id: UUID, kind: str) -> str:
    with acting(cast.charlie.actor):
        answers = make.answers(kind_in_force(kind, now()))
        return open_intervention(contact_id, cast.jeanne.pk, kind, answers).state


def test_with_the_right_to_ask_it_is_done(cast: Cast) -> None:
    assert ask(cast, counter_visit_of_a_daughter(cast, ["ask"]), "train-ticket") == "assigned"


def test_without_it_the_request_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        ask(cast, counter_visit_of_a_daughter(cast, ["see", "be_told"]), "train-ticket")
    assert refused.value.code == "relative-may-not-ask"


def test_a_lost_card_is_blocked_whoever_says_it(cast: Cast) -> None:
    assert ask(cast, counter_visit_of_a_daughter(cast, []), "bank-card-block") == "assigned"
