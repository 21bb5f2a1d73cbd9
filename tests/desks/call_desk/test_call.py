"""The call screen by its forms: who it is, how we know, how we prove ourselves, how the call goes on and ends."""

from __future__ import annotations

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people.models import Person, Phone
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact
from tests.desks.call_desk.conftest import SAID, Desk
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

# Who asks (2), the contact (12), the person (6), identity and requests (3), drafts (1), what stands around (10); and in
# a test's transaction the savepoint of the act (2) and the end of its actor (1).
CALL_QUERIES = 37


@pytest.fixture
def stranger(cast: Cast, facts: None, gateway: Actor) -> Desk:
    """A number nobody knows, in Charlie's hands."""
    ringing = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        verbs.take(ringing.pk)
    return Desk(cast.charlie.signed_in.client(), ringing.pk)


def test_candidates_come_with_their_certainty_and_why(call: Desk) -> None:
    page = call.see()
    assert "Très probable" in page
    assert "C’est son numéro, et nous l’avons vérifié." in page


def test_choosing_a_candidate_makes_the_call_about_them(cast: Cast, call: Desk) -> None:
    call.send("personne/", person=cast.jeanne.pk)
    assert call.contact().person_id == cast.jeanne.pk


def test_a_person_that_cannot_be_read_is_refused_with_words(call: Desk) -> None:
    assert "Choisissez la personne dans la liste" in call.send("personne/", 422, person="Jeanne")


def test_an_unknown_caller_is_worked_at_once_and_found_later_by_name(cast: Cast, stranger: Desk) -> None:
    assert "Le numéro ne nous dit rien" in stranger.see()
    stranger.send("motifs/", reasons=["understand"])
    found = stranger.send("chercher/", 200, name="rou", postcode="31250", birth_date="3/5/44")
    assert "C’est Mme Jeanne Roux" in found
    stranger.send("personne/", person=cast.jeanne.pk)
    assert stranger.contact().person_id == cast.jeanne.pk


def test_a_search_shows_no_name_in_an_address_and_leaves_its_trace(cast: Cast, stranger: Desk) -> None:
    assert stranger.client.get(stranger.at("chercher/"), {"name": "Roux"}).status_code == 405
    stranger.send("chercher/", 200, name="Roux")
    with as_owner():
        assert Entry.objects.filter(
            kind="look", verb="person.searched", subject_id=stranger.contact_id
        ).exists()


def test_a_birth_date_that_does_not_exist_is_said_next_to_its_field(stranger: Desk) -> None:
    page = stranger.send("chercher/", 422, name="Roux", birth_date="31/6/44")
    assert 'value="31/6/44"' in page
    assert 'aria-describedby="trouver-birth_date_help trouver-birth_date_error"' in page


def test_a_search_by_htmx_brings_back_the_answer_alone(stranger: Desk) -> None:
    page = stranger.client.post(stranger.at("chercher/"), {"name": "Roux"}, headers={"HX-Request": "true"})
    assert "Mme Jeanne Roux" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_a_new_person_is_made_with_the_least_and_their_number(stranger: Desk) -> None:
    stranger.send("nouvelle-personne/", title="mr", family_name="Sanz", given_names="Luis", keep_number="on")
    with as_owner():
        made = Person.objects.get(family_name="Sanz")
        assert Phone.objects.get(person=made).number == STRANGERS
    assert stranger.contact().person_id == made.pk


def test_what_is_wrong_in_a_new_person_is_said_and_what_was_typed_is_kept(stranger: Desk) -> None:
    page = stranger.send("nouvelle-personne/", 422, title="mr", given_names="Luis", birth_date="3/5/20")
    assert 'value="Luis"' in page
    assert "quatre chiffres" in page
    with as_owner():
        assert not Person.objects.filter(given_names="Luis").exists()


def test_the_one_who_speaks_may_be_a_relative_or_somebody_new(cast: Cast, facts: None, call: Desk) -> None:
    lea = make.person("Roux", "Léa", subscriber_since=None)
    make.relative(cast.jeanne, lea)
    call.send("personne/", person=cast.jeanne.pk)
    call.send("qui-parle/", who=lea.pk)
    assert (call.contact().caller_id, call.contact().caller_link) == (lea.pk, "sa fille")
    assert "parle pour Mme Jeanne Roux" in call.see()
    call.send("qui-parle/", who="other", name="Denise Pons", link="voisine")
    assert call.contact().caller_link == "voisine"
    call.send("qui-parle/", who="self")
    assert call.contact().caller_id is None


def test_somebody_new_who_speaks_has_a_name_and_a_link(cast: Cast, chosen: Desk) -> None:
    page = chosen.send("qui-parle/", 422, who="other", name="Denise")
    assert "c’est quelqu’un d’autre qui parle" in page
    assert 'value="Denise"' in page
    assert chosen.contact().caller_id is None


def test_two_questions_are_drawn_and_the_page_says_match_or_no_match_only(chosen: Desk) -> None:
    chosen.send("identite/")
    page = chosen.see()
    checks = re.findall(r'name="check" value="([^"]+)"', page)
    assert len(checks) == 2
    texts = re.findall(r'<label class="field-label" for="reponse-[^>]*>([^<]+)<', page)
    right = next(answer for word, answer in SAID.items() if word in texts[0])
    chosen.send("identite/reponse/", check=checks[0], typed=right)
    chosen.send("identite/reponse/", check=checks[1], typed="n’importe quoi")
    page = chosen.see()
    assert "La réponse correspond" in page
    assert "La réponse ne correspond pas" in page
    assert "importe quoi" not in page
    assert not any(answer in page for answer in ("Enercoop", "Orange", "mésange"))


def test_three_wrong_answers_close_the_questions_and_propose_a_call_back(cast: Cast, chosen: Desk) -> None:
    for _turn in range(2):
        chosen.send("identite/")
        for check in re.findall(r'name="check" value="([^"]+)"', chosen.see()):
            chosen.send("identite/reponse/", check=check, typed="faux")
    page = chosen.see()
    assert "Trois réponses ne vont pas" in page
    assert "Poser deux questions" not in page
    assert chosen.contact().level == 0
    chosen.send("rappeler/", day=_choices(page)[1], hour="10 h")
    with as_owner():
        owed = CallBack.objects.get()
    assert (owed.why, owed.number) == ("safety", "+33561000001")


def _choices(page: str) -> list[str]:
    """The days on which a call may be promised: today, then those to come, of which any hour is to come."""
    return re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', page)


def test_the_word_is_said_once_recognised_only_and_its_reading_is_traced(cast: Cast, chosen: Desk) -> None:
    refused = chosen.send("mot/", 422)
    assert "mésange" not in refused
    assert "Confirmez d’abord l’identité" in refused


def test_the_word_is_shown_when_asked_for_and_never_again(cast: Cast, matched: Desk) -> None:
    fragment = matched.client.post(matched.at("mot/"), headers={"HX-Request": "true"}).content.decode()
    assert "mésange" in fragment
    assert "<html" not in fragment
    assert "mésange" not in matched.see()
    with as_owner():
        look = Entry.objects.get(verb="word.said")
    assert (look.kind, look.person_id) == ("look", cast.jeanne.pk)


def test_only_their_own_correspondent_recognises_somebody(cast: Cast, chosen: Desk) -> None:
    assert "Je reconnais sa voix" not in chosen.see()
    chosen.send("identite/reconnue/", how="voice")
    assert chosen.contact().level == 1


def test_reasons_are_several_with_their_finer_ones_and_stay_ticked(chosen: Desk) -> None:
    chosen.send("motifs/", reasons=["understand", "appointment", "appointment:make"], other="une ordonnance")
    page = chosen.see()
    for value in ("understand", "appointment:make"):
        assert re.search(rf'value="{value}" id="[^"]+" checked', page)
    assert 'value="une ordonnance"' in page


def test_no_reason_at_all_is_refused_next_to_the_list(chosen: Desk) -> None:
    page = chosen.send("motifs/", 422, other="rien ne va")
    assert "Choisissez au moins un motif." in page
    assert 'href="#motifs-reasons"' in page
    assert 'id="motifs-reasons"' in page
    assert 'value="rien ne va"' in page


def test_a_contact_we_asked_for_repeats_nothing(chosen: Desk) -> None:
    chosen.send("motifs/", reasons=["understand"], asked_by_us="yes")
    assert chosen.contact().asked_by_us
    assert "Nous avions demandé ce contact" in chosen.see()


def test_every_reason_has_its_key(chosen: Desk) -> None:
    keys = re.findall(r'title="[^"]+" data-shortcut="(\d)"', chosen.see())
    assert keys == list("1234567890")


def test_no_key_serves_twice_on_the_call_screen(matched: Desk) -> None:
    page = matched.see()
    keys = re.findall(r'data-shortcut="([^"]+)"', page)
    assert sorted(keys) == sorted(set(keys))
    assert not set(keys) & {"?", "j", "k"}


def test_a_call_back_is_promised_for_an_hour_to_come(chosen: Desk) -> None:
    today, day, *_later = _choices(chosen.see())
    assert "Écrivez l’heure comme" in chosen.send("rappeler/", 422, day=day, hour="tantôt")
    assert "Cette heure est déjà passée" in chosen.send("rappeler/", 422, day=today, hour="0 h 00")
    assert "dix chiffres" in chosen.send("rappeler/", 422, day=day, hour="10 h", number="06" * 15)
    with as_owner():
        assert not CallBack.objects.exists()
    chosen.send("rappeler/", day=day, hour="10 h")
    assert "Rappel promis au" in chosen.see()


def test_hanging_up_leaves_what_remains_to_be_written(chosen: Desk) -> None:
    chosen.send("raccrocher/")
    assert chosen.contact().state == Contact.State.WRAPPING
    page = chosen.see()
    assert "Raccrocher" not in page
    assert "Conclure le contact" in page


def test_concluding_says_it_in_one_sentence(chosen: Desk) -> None:
    chosen.send("conclure/", summary="Elle sait où en est sa carte.")
    concluded = chosen.contact()
    assert (concluded.state, concluded.summary) == (Contact.State.DONE, "Elle sait où en est sa carte.")


def test_a_sentence_too_long_is_refused_and_kept(chosen: Desk) -> None:
    page = chosen.send("conclure/", 422, summary="a" * 301)
    assert "a" * 301 in page
    assert chosen.contact().state == Contact.State.TAKEN


@pytest.mark.parametrize(
    "part",
    ["chercher/", "motifs/", "identite/", "mot/", "raccrocher/", "conclure/", "transferer/", "rappeler/"],
)
def test_a_colleague_s_contact_is_closed_to_another_agent(cast: Cast, chosen: Desk, part: str) -> None:
    before = chosen.contact()
    other = make.colleague("Odile", "agent").signed_in.client()
    assert other.get(chosen.at()).status_code == 404
    answer = other.post(
        chosen.at(part), {"name": "Roux", "reasons": ["understand"], "summary": "x"}, follow=True
    )
    assert answer.status_code in (403, 404, 422)
    assert "Jeanne" not in answer.content.decode()
    assert chosen.contact().version == before.version


def test_the_screen_has_a_fixed_number_of_queries(
    cast: Cast, gateway: Actor, matched: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (1, 4):
        for _again in range(more):
            earlier = ring(gateway)
            with acting(cast.charlie.actor):
                verbs.take(earlier.pk)
                verbs.choose_person(earlier.pk, cast.jeanne.pk)
                verbs.note_reasons(earlier.pk, [("understand", "", "")])
                verbs.conclude(earlier.pk, "x")
            make.intervention(cast.jeanne, cast.alice)
        with django_assert_num_queries(CALL_QUERIES):
            matched.see()
