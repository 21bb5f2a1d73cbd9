"""What did not succeed comes to the supervisor's page and leaves it once read: identities that were not confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from gruppetto.kernel.clock import now
from gruppetto.kernel.journal.models import Entry
from gruppetto.service.contacts.models import Contact
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

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
