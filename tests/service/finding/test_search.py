"""One box finds people, requests, contacts and places, within what the one who asks may see."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts.verbs import choose_person, conclude, hang_up, visit
from gruppetto.service.finding.models import Story
from gruppetto.service.finding.reads import CLOSES, OPENS, Found, search
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs import note
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def asked(by: make.Colleague, typed: str, *, unfinished: bool = False) -> Found:
    with acting(by.actor):
        return search(typed, unfinished=unfinished)


def names(found: Found) -> list[str]:
    return [one.name for one in found.people]


@pytest.fixture
def dupont(cast: Cast) -> Person:
    """M. Léon Dupont, of Saint-Félix, born on 5 December 1941, in Alice's portfolio."""
    felix = make.commune("31478", "Saint-Félix-Lauragais", "31540")
    with as_owner():
        felix.name_key = "saint felix lauragais"
        felix.save()
    made = make.person("Dupont", "Léon", within=cast.portfolio, title="mr", birth_date=date(1941, 12, 5))
    make.home(made, felix, "31540")
    make.phone(made, "+33612345678")
    return made


# --- people -------------------------------------------------------------------------------------------


SAID = (
    "dupont", "DUPOND", "léon dupont", "dupont leon", "duponnt", "1941", "12/1941", "décembre 1941", "5/12/41",
    "dupont 1941", "1941 leon", "06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "0612345678", "06 12 34",
    "5678", "dupont 5678", "31540", "saint félix lauragais", "dupont saint felix lauragais 1941",
    "st-félix-lauragais dupont", "dupont 31540",
)  # fmt: skip
NOT_HIM = ("dupont 1942", "dupont revel", "dupont 31250", "dupont 9999", "01/1941", "zzzz")


def test_a_person_is_found_however_they_are_said(cast: Cast, dupont: Person) -> None:
    assert {typed: names(asked(cast.alice, typed)) for typed in SAID} == {
        typed: ["M. Léon Dupont"] for typed in SAID
    }


def test_a_person_who_is_not_all_of_it_is_not_found(cast: Cast, dupont: Person) -> None:
    assert {typed: names(asked(cast.alice, typed)) for typed in NOT_HIM} == {typed: [] for typed in NOT_HIM}


def test_the_likeliest_name_comes_first(cast: Cast, dupont: Person) -> None:
    make.person("Dumont", "Léon", within=cast.portfolio, title="mr")
    assert names(asked(cast.alice, "leon dumont"))[0] == "M. Léon Dumont"
    assert names(asked(cast.alice, "leon dupont"))[0] == "M. Léon Dupont"


def test_a_name_that_is_also_a_place_finds_both(cast: Cast) -> None:
    make.person("Revel", "Anne", within=cast.portfolio)
    found = asked(cast.alice, "revel")
    assert names(found) == ["Mme Anne Revel", "Mme Jeanne Roux"]
    assert [place.name for place in found.places] == ["Revel"]


def test_an_electronic_address_is_enough(cast: Cast, dupont: Person) -> None:
    with as_owner():
        Person.objects.filter(pk=dupont.pk).update(email="Leon@example.test")
    assert names(asked(cast.alice, "leon@example.test")) == ["M. Léon Dupont"]


# --- scope --------------------------------------------------------------------------------------------


def test_nobody_finds_a_story_out_of_their_scope(cast: Cast, dupont: Person) -> None:
    made = make.intervention(dupont, cast.alice, title="Refaire la carte grise")
    for typed in ("dupont", "5678", "1941", "06 12 34 56 78", "carte grise", made.reference, "31540"):
        for colleague in (cast.bob, cast.charlie):
            found = asked(colleague, typed)
            assert (found.people, found.interventions, found.contacts) == ([], [], []), (typed, colleague)
        found = asked(cast.sylvie, typed)
        assert found.people or found.interventions, typed


def test_an_agent_finds_the_person_of_the_call_they_have(cast: Cast, dupont: Person) -> None:
    make.intervention(dupont, cast.alice, title="Refaire la carte grise")
    with acting(cast.charlie.actor):
        contact = visit("counter")
        choose_person(contact.pk, dupont.pk)
        assert [one.id for one in search("dupont").people] == [dupont.pk]
        assert [one.person for one in search("carte grise").interventions] == ["M. Léon Dupont"]
        assert search("roux").people == []


# --- stories ------------------------------------------------------------------------------------------


@pytest.fixture
def story(cast: Cast, dupont: Person) -> Intervention:
    """A request with a note and a contact that said something."""
    made = make.intervention(dupont, cast.alice, title="Refaire la carte d’assuré")
    with acting(cast.alice.actor):
        note(made.pk, "us", "Le chien a mangé les factures d’électricité.")
        contact = visit("counter")
        choose_person(contact.pk, dupont.pk)
        hang_up(contact.pk)
        conclude(contact.pk, "Il a reçu un courrier menaçant")
    return made


def test_a_request_is_found_by_the_words_of_its_story(cast: Cast, story: Intervention) -> None:
    for typed in ("facture electricite", "FACTURES", "carte assuré", "dupont chien", "leon factures carte"):
        assert [one.id for one in asked(cast.alice, typed).interventions] == [story.pk], typed


def test_words_found_are_shown(cast: Cast, story: Intervention) -> None:
    found = asked(cast.alice, "facture").interventions[0]
    assert f"{OPENS}factures{CLOSES}" in found.words
    assert asked(cast.alice, "carte").interventions[0].title == f"Refaire la {OPENS}carte{CLOSES} d’assuré"


def test_the_last_word_may_go_on(cast: Cast, story: Intervention) -> None:
    assert [one.id for one in asked(cast.alice, "elect", unfinished=True).interventions] == [story.pk]
    assert asked(cast.alice, "elect").interventions == []


def test_a_word_misspelt_is_understood_once_its_like_is_known(cast: Cast, story: Intervention) -> None:
    assert asked(cast.alice, "electrisité").interventions == []
    learn()
    assert [one.id for one in asked(cast.alice, "electrisité").interventions] == [story.pk]
    with as_owner():
        Story.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT finding.forget()")
            cursor.execute("SELECT count(*) FROM finding_word")
            assert cursor.fetchone()[0] == 0


def learn() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT finding.learn(%s)", [clock.now() - timedelta(days=2)])


def test_a_reference_finds_its_request(cast: Cast, story: Intervention) -> None:
    for typed in (story.reference, story.reference.lower(), story.reference.replace("-", "")):
        assert [one.id for one in asked(cast.alice, typed).interventions] == [story.pk], typed


def test_a_contact_is_found_by_what_was_said(cast: Cast, story: Intervention) -> None:
    (found,) = asked(cast.alice, "courrier menacant").contacts
    assert (found.person, found.channel) == ("M. Léon Dupont", "counter")
    assert f"{OPENS}menaçant{CLOSES}" in found.words


def test_a_story_follows_its_person(cast: Cast, story: Intervention, dupont: Person) -> None:
    with acting(cast.alice.actor):
        people.correct_person(dupont.pk, usage_name="Montségur", asked="face")
    assert [one.id for one in asked(cast.alice, "montsegur carte").interventions] == [story.pk]
    assert asked(cast.bob, "carte").interventions == []
    with as_owner():
        Person.objects.filter(pk=dupont.pk).update(portfolio_id=cast.other.pk)
        Intervention.objects.filter(pk=story.pk).update(portfolio_id=cast.other.pk)
        Story.objects.filter(person_id=dupont.pk).update(portfolio_id=cast.other.pk)
    assert [one.id for one in asked(cast.bob, "carte").interventions] == [story.pk]


def test_an_old_story_is_found_too(cast: Cast, dupont: Person) -> None:
    with clock.at(clock.now() - timedelta(days=1_500)):
        made = make.intervention(dupont, cast.alice, title="Un transistor en panne")
    assert [one.id for one in asked(cast.alice, "transistor").interventions] == [made.pk]


# --- what a search leaves, and costs ------------------------------------------------------------------


def test_a_search_is_a_look_without_its_words(cast: Cast, dupont: Person) -> None:
    asked(cast.alice, "dupont 1941")
    with as_owner():
        entry = Entry.objects.get(verb="search.made")
        assert (entry.kind, entry.account_id, entry.person_id) == ("look", cast.alice.account.pk, None)
        assert Body.objects.get(entry_id=entry.pk).data == "{}"


def test_a_search_costs_the_same_whatever_it_finds(cast: Cast, story: Intervention) -> None:
    def queries(typed: str) -> int:
        with acting(cast.alice.actor), CaptureQueriesContext(connection) as captured:
            search(typed)
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    # And one for its trace, when the act ends.
    assert queries("carte dupont") == queries("nowhere") == 5
    assert queries("06 12 34 56 78") == 2


STRANGE = (
    "100% de tout",
    "\\",
    "a'b\"c",
    "& | !",
    "<->",
    "l’eau",
    "é" * 200,
    "1 2 3 4 5 6 7 8 9",
    "#p1",
    "de la le",
)


def test_strange_words_find_nothing_and_break_nothing(cast: Cast, dupont: Person) -> None:
    for typed in STRANGE:
        with suppress(Refused):
            assert asked(cast.alice, typed).people == [], typed
