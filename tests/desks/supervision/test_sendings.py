"""Sendings that wait for a decision, coordinates to check; what others' teams have stays out of sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id
from gruppetto.service.messages.models import DeadEnd, Delivery, Message
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
DESK = "/responsable/envois/"


def waiting(letter: Message, state: str = "unknown", **more: object) -> Delivery:
    """The letter as a sending in ``state``."""
    with as_owner():
        made = Delivery.objects.create(
            person_id=letter.person_id,
            shelf=letter.shelf,
            portfolio_id=letter.portfolio_id,
            channel="email",
            state=state,
            key="<one@gruppetto.invalid>",
            recipient="jeanne@example.test",
            queued_at=now() - timedelta(hours=2),
            due_at=now(),
            begun_at=now(),
            attempts=1,
            **more,
        )
        Message.objects.filter(pk=letter.pk).update(state="queued", delivery_id=made.pk)
    return made


def test_an_uncertain_sending_leaves_two_choices(sylvie: Client, letter: Message) -> None:
    one = waiting(letter, why="cut")
    page = sylvie.get(DESK).content.decode()
    for words in (
        "Envoi incertain",
        "Considérer comme envoyé",
        "Envoyer de nouveau",
        "deux fois",
        letter.title,
    ):
        assert words in page
    assert "Envoyer quand même" not in page
    assert sylvie.post(f"{DESK}{one.pk}/decider/", {"choice": "believe"}).status_code == 303
    with as_owner():
        one.refresh_from_db()
        assert one.state == "sent"
        assert Message.objects.get(pk=letter.pk).state == "sent"
    assert "Aucun envoi n’attend" in sylvie.get(DESK).content.decode()
    sylvie.post(f"{DESK}{one.pk}/decider/", {"choice": "again"})
    assert "n’attend plus de décision" in sylvie.get(DESK).content.decode()


def test_a_held_sending_says_why_and_is_released(sylvie: Client, letter: Message) -> None:
    one = waiting(letter, "held", why="budget")
    assert "budget du mois est dépensé" in sylvie.get(DESK).content.decode()
    sylvie.post(f"{DESK}{one.pk}/decider/", {"choice": "release"})
    with as_owner():
        one.refresh_from_db()
    assert one.state == "queued"
    assert one.decided_by


def test_a_coordinate_is_checked(sylvie: Client, cast: Cast) -> None:
    with as_owner():
        dead = DeadEnd.objects.create(
            person_id=cast.jeanne.pk,
            channel="sms",
            coordinate="+33639980001",
            why="bounced",
            code="wrong-number",
            since=now(),
            **make.same_rows(cast.jeanne),
        )
    assert "ne reçoit pas de SMS" in sylvie.get(DESK).content.decode()
    assert sylvie.post(f"{DESK}coordonnees/{dead.pk}/verifiee/").status_code == 303
    assert "Toutes les coordonnées répondent" in sylvie.get(DESK).content.decode()


def test_another_team_s_sendings_are_neither_seen_nor_decided(cast: Cast, letter: Message) -> None:
    one = waiting(letter)
    stranger = make.colleague("Zoé", "supervisor").signed_in.client()
    assert letter.title not in stranger.get(DESK).content.decode()
    stranger.post(f"{DESK}{one.pk}/decider/", {"choice": "believe"})
    with as_owner():
        one.refresh_from_db()
    assert one.state == "unknown"


def queries(browser: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(DESK).status_code == 200
    return len(seen)


def test_the_list_reads_as_much_for_one_as_for_many(sylvie: Client, letter: Message) -> None:
    one = waiting(letter)
    queries(sylvie)
    alone = queries(sylvie)
    with as_owner():
        for number in range(5):
            one.pk, one.key, one._state.adding = new_id(), f"<{number}@gruppetto.invalid>", True
            one.save(force_insert=True)
    assert queries(sylvie) == alone
