"""What did not succeed comes to the supervisor's page and leaves it once read: identities, calls back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people.models import Consent
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.messages.models import Message
from tests.desks.supervision.conftest import in_vain
from tests.registry.people.conftest import as_worker
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import JEANNES

pytestmark = pytest.mark.django_db
DESK = "/responsable/"


def figure(client: Client, code: str) -> str:
    """The count of a queue on the first page."""
    families = client.get(DESK).context["board"].families
    return next(str(one.value) for _title, figures in families for one in figures if one.kind.code == code)


def test_three_wrong_answers_are_on_the_supervisor_s_page_until_they_are_read(
    cast: Cast, sylvie: Client, doubted: Contact
) -> None:
    home = sylvie.get(DESK).content.decode()
    assert "Identités non confirmées" in home
    assert "people.identity_failed" in home
    assert figure(sylvie, "identites") == "1"
    assert "3 réponses ne vont pas" in sylvie.get(f"{DESK}identites/").content.decode()
    address = f"{DESK}identites/{doubted.pk}/"
    page = sylvie.get(address)
    assert len(page.context["questions"]) >= 2
    text = page.content.decode()
    assert "Charlie" in text
    assert "Enercoop" not in text
    done = sylvie.post(f"{address}lue/")
    assert done["Location"] == f"{DESK}identites/"
    assert figure(sylvie, "identites") == "0"
    assert sylvie.get(done["Location"]).context["listed"].items == []
    with as_owner():
        doubted.refresh_from_db()
        assert doubted.failures_seen_by == cast.sylvie.account.pk
        assert Entry.objects.filter(verb="identity.failures_seen", subject_id=doubted.pk).count() == 1
    again = sylvie.post(f"{address}lue/")
    assert again.status_code == 422
    assert "Un collègue l’a déjà lu." in again.content.decode()


def test_two_wrong_answers_and_old_ones_are_not_there(sylvie: Client, doubted: Contact) -> None:
    with as_owner():
        Contact.objects.filter(pk=doubted.pk).update(happened_at=now() - timedelta(days=8))
    assert figure(sylvie, "identites") == "0"
    with as_owner():
        Contact.objects.filter(pk=doubted.pk).update(happened_at=now(), failures=2)
    assert figure(sylvie, "identites") == "0"
    assert sylvie.get(f"{DESK}identites/{doubted.pk}/").status_code == 404


def test_another_team_s_supervisor_learns_nothing_of_it(doubted: Contact) -> None:
    stranger = make.colleague("Zoé", "supervisor")
    make.team("Comminges", leader=stranger)
    browser = stranger.signed_in.client()
    assert figure(browser, "identites") == "0"
    assert browser.get(f"{DESK}identites/{doubted.pk}/").status_code == 404
    assert browser.post(f"{DESK}identites/{doubted.pk}/lue/").status_code == 404


def test_a_person_called_twice_in_vain_is_written_to_as_they_prefer(cast: Cast, sylvie: Client) -> None:
    with acting(cast.sylvie.actor):
        owed = verbs.owe_call_back("promised", person_id=cast.jeanne.pk)
    with acting(cast.charlie.actor):
        verbs.start_call_back(owed.pk)
        for _each in range(2):
            verbs.attempt_call_back(owed.pk, reached=False)
    write(owed)
    write(owed)
    message = the_message()
    assert (message.kind, message.subject_id, message.channel) == (
        "call-back-in-vain",
        cast.jeanne.pk,
        "letter",
    )
    text = sylvie.get(f"{DESK}courriers/{message.pk}/").content.decode()
    assert "Nous avons essayé deux fois, sans vous trouver." in text
    assert figure(sylvie, "a-remettre") == "1"
    assert figure(sylvie, "rappels-abandonnes") == "0"


@pytest.mark.parametrize(("agreed", "channel"), [(True, "email"), (False, "letter")])
def test_the_number_of_one_person_whom_we_follow_is_theirs(
    cast: Cast, sylvie: Client, agreed: bool, channel: str
) -> None:
    with as_owner():
        cast.jeanne.preferred_channel = "email"
        cast.jeanne.save(update_fields=["preferred_channel"])
        if agreed:
            Consent.objects.create(
                person=cast.jeanne,
                purpose="email",
                source="elle-même",
                given_on=today(),
                **make.same_rows(cast.jeanne),
            )
    owed = in_vain(cast, JEANNES)
    write(owed)
    assert (the_message().subject_id, the_message().channel) == (cast.jeanne.pk, channel)
    assert figure(sylvie, "rappels-abandonnes") == "0"


def test_an_answer_to_confirm_keeps_its_own_letter(cast: Cast) -> None:
    request = make.intervention(cast.jeanne, cast.alice)
    with acting(cast.sylvie.actor):
        owed = verbs.owe_call_back("confirm", person_id=cast.jeanne.pk, intervention_id=request.pk)
    with acting(cast.charlie.actor):
        verbs.start_call_back(owed.pk)
        for _each in range(2):
            verbs.attempt_call_back(owed.pk, reached=False)
    write(owed)
    with as_owner():
        assert not Message.objects.filter(kind="call-back-in-vain").exists()


@pytest.mark.parametrize("again", ["yes", "no"])
def test_a_number_of_nobody_we_know_waits_for_the_supervisor_s_decision(
    cast: Cast, sylvie: Client, given_up: CallBack, again: str
) -> None:
    write(given_up)
    assert "Rappels abandonnés" in sylvie.get(DESK).content.decode()
    assert figure(sylvie, "rappels-abandonnes") == "1"
    listed = sylvie.get(f"{DESK}rappels-abandonnes/").content.decode()
    assert "06 •• •• •• 42" in listed
    assert "dans 3 heures" not in listed
    address = f"{DESK}rappels-abandonnes/{given_up.pk}/"
    assert "Charlie" in sylvie.get(address).content.decode()
    assert sylvie.post(f"{address}regler/", {"again": again})["Location"] == f"{DESK}rappels-abandonnes/"
    assert figure(sylvie, "rappels-abandonnes") == "0"
    assert figure(sylvie, "rappels") == ("1" if again == "yes" else "0")
    with as_owner():
        given_up.refresh_from_db()
        assert given_up.settled_by == cast.sylvie.account.pk
        assert Entry.objects.filter(verb="call_back.settled", subject_id=given_up.pk).count() == 1
    assert "Un collègue l’a déjà réglé." in sylvie.post(f"{address}regler/").content.decode()


def write(owed: CallBack) -> None:
    """What the worker does once a call back is given up."""
    with as_worker("contacts.write_instead"):
        verbs.write_instead(owed.pk)


def the_message() -> Message:
    """The only one prepared."""
    with as_owner():
        return Message.objects.get()
