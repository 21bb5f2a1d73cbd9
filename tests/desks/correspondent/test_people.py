"""A person's record at the correspondent's desk: found, seen from all sides, changed one thing at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.correspondent.dossier import dossier
from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.files.verbs import receive
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people import verbs
from gruppetto.registry.people.models import Address, Consent, Need, Person, Phone, Relative
from gruppetto.service.contacts.models import Contact, ContactReason
from gruppetto.service.contacts.verbs import choose_person, conclude, hang_up, visit
from tests.kernel.files.samples import PDF
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
PEOPLE = "/personnes/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.alice.signed_in.client()


def record(cast: Cast, what: str = "", row: Any = "") -> str:
    parts = [str(cast.jeanne.pk), what, str(row)]
    return PEOPLE + "/".join(part for part in parts if part) + "/"


def send(client: Client, address: str, **typed: object) -> str:
    """Send a form that must be accepted, asked for face to face; the page it leads to."""
    sent = client.post(address, {"asked": "face", **typed})
    assert sent.status_code == 303, sent.content.decode()[-4000:]
    return client.get(sent["Location"]).content.decode()


# --- finding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["roux", "Jeanne Roux", "05 61 00 00 01", "3/5/44", "roux 3/5/1944"])
def test_a_person_is_found_by_name_number_or_birth_date(cast: Cast, alice: Client, typed: str) -> None:
    found = alice.post(PEOPLE, {"who": typed})
    assert found.status_code == 200
    assert "Mme Jeanne Roux" in found.content.decode()
    assert record(cast) in found.content.decode()


def test_what_is_typed_is_never_in_an_address(cast: Cast, alice: Client) -> None:
    assert "Jeanne Roux" not in alice.get(PEOPLE, {"who": "roux"}).content.decode()
    assert 'method="post"' in alice.get(PEOPLE).content.decode()


def test_nobody_of_another_portfolio_is_found(cast: Cast) -> None:
    found = cast.bob.signed_in.client().post(PEOPLE, {"who": "roux"})
    assert "Personne de ce nom dans vos dossiers" in found.content.decode()


def test_an_empty_search_says_what_to_type(cast: Cast, alice: Client) -> None:
    assert alice.post(PEOPLE, {"who": " "}).status_code == 422


def test_a_search_is_journaled_without_its_words(cast: Cast, alice: Client) -> None:
    alice.post(PEOPLE, {"who": "roux"})
    with as_owner():
        assert Entry.objects.get(verb="person.searched").account_id == cast.alice.account.pk


def test_needs_to_review_are_proposed(cast: Cast, alice: Client) -> None:
    with clock.at(clock.now() - timedelta(days=400)), acting(cast.alice.actor):
        need = verbs.note_need(cast.jeanne.pk, "hearing", "Entend mal", "sa fille")
    text = alice.get(PEOPLE).content.decode()
    assert "Entend mal" in text
    assert record(cast, "revoir-besoin", need.pk) in text


# --- the record ---------------------------------------------------------------------------------------


def rich(cast: Cast) -> None:
    """A life in the record: a need, a relative, consents, a visit, a request."""
    with acting(cast.alice.actor):
        verbs.note_need(cast.jeanne.pk, "hearing", "Entend mal", "elle-même", helps="parler lentement")
        verbs.add_relative(
            cast.jeanne.pk,
            source="elle-même",
            name="Martine Roux",
            number="06 12 34 56 78",
            link="fille",
            rights=["see", "ask"],
            trusted=True,
            asked="face",
        )
        verbs.give_consent(cast.jeanne.pk, "sms", "dit au téléphone")
        verbs.choose_word(cast.jeanne.pk, "mésange", asked="face")
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk)
        hang_up(contact.pk)
        conclude(contact.pk, "Elle a perdu sa carte")
    make.intervention(cast.jeanne, cast.alice, title="Refaire ma carte")


def test_the_record_is_seen_from_all_sides(cast: Cast, alice: Client) -> None:
    rich(cast)
    text = alice.get(record(cast)).content.decode()
    for said in (
        "Mme Jeanne Roux",
        "Correspondant : Alice",
        "Portefeuille 1",
        "parler lentement",
        "Dit par elle-même",
        "05\u00a061\u00a000\u00a000\u00a001",
        "par Bob",
        "12 rue du Temple, 31250 Revel",
        "Martine Roux",
        "Peut : voir, demander.",
        "dit au téléphone",
        "Refaire ma carte",
        "Elle a perdu sa carte",
        "première affectation",
        "a ouvert la fiche",
        "Aucun mandat enregistré",
        "Abonnement et argent",
    ):
        assert said in text, said
    assert "mésange" not in text


def test_each_opening_is_a_look_that_the_page_shows(cast: Cast, alice: Client) -> None:
    alice.get(record(cast))
    cast.sylvie.signed_in.client().get(record(cast))
    shown = alice.get(record(cast)).context["dossier"].looks
    assert [(one.who, one.more, said) for one, said in shown] == [
        ("Alice", "2", "a ouvert la fiche d’une personne"),
        ("Sylvie", "1", "a ouvert la fiche d’une personne"),
    ]


def test_the_record_costs_eight_queries_whatever_it_holds(cast: Cast) -> None:
    def asked() -> int:
        with acting(cast.alice.actor), CaptureQueriesContext(connection) as captured:
            dossier(cast.jeanne.pk)
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    before = asked()
    rich(cast)
    assert asked() == before == 8


def test_the_page_costs_ten_queries(cast: Cast, alice: Client) -> None:
    """The record's eight, who asks, and the page's session; last, in a test's transaction, the end of the actor."""
    rich(cast)
    with CaptureQueriesContext(connection) as captured:
        assert alice.get(record(cast)).status_code == 200
    asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked[:-1]) == 10, asked
    assert "set_config" in asked[-1]


def test_a_number_never_verified_or_long_ago_says_so(cast: Cast, alice: Client) -> None:
    with acting(cast.alice.actor):
        verbs.add_phone(cast.jeanne.pk, "06 12 34 56 78", asked="face")
    with clock.at(clock.now() + timedelta(days=400)), acting(cast.alice.actor):
        words = [str(one.look.word) for one in dossier(cast.jeanne.pk).numbers]
    assert words == ["À vérifier de nouveau", "Jamais vérifié"]


def test_the_history_is_told_by_threads(cast: Cast, alice: Client) -> None:
    rich(cast)

    def told(thread: str) -> list[str]:
        return [one.words for one in alice.get(record(cast), {"fil": thread}).context["dossier"].story]

    assert told("") == ["Refaire ma carte", "Elle a perdu sa carte"]
    assert told("rencontres") == ["Elle a perdu sa carte"]
    assert told("demandes") == ["Refaire ma carte"]
    assert told("appels") == told("ecrits") == []
    assert told("n'importe quoi") == told("")


def test_certainty_says_how_when_and_its_ceiling(cast: Cast, alice: Client) -> None:
    with as_owner():
        Person.objects.filter(pk=cast.jeanne.pk).update(first_visit_on=None)
    text = alice.get(record(cast)).content.decode()
    assert "Personne n’a encore vérifié son identité" in text
    assert "Avant la première visite" in text
    with acting(cast.charlie.actor):
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk)
    with as_owner():
        Contact.objects.filter(pk=contact.pk).update(level=3)
    text = alice.get(record(cast)).content.decode()
    assert "Identité confirmée" in text
    assert "accueil, avec Charlie." in text


def test_who_had_to_come_back_is_flagged(cast: Cast, alice: Client) -> None:
    # Nine days by the calendar: an hour may be lost or won in between.
    at = clock.now().astimezone(clock.PARIS)
    with as_owner():
        ContactReason.objects.create(
            contact_id=new_id(), person_id=cast.jeanne.pk, reason="alert", happened_at=at, rank=3,
            first_at=at - timedelta(days=9), **make.same_rows(cast.jeanne),
        )  # fmt: skip
    assert alice.get(record(cast)).context["dossier"].repeat.startswith("3ᵉ contact en 9 jours pour «")


def test_the_person_confirms_in_one_gesture(cast: Cast, alice: Client) -> None:
    with as_owner():
        number = Phone.objects.get()
    sent = {"what": "phone", "row": number.pk, "said": "right"}
    assert "Confirmé par la personne aujourd’hui" in send(alice, record(cast, "confirmer"), **sent)
    text = send(alice, record(cast, "confirmer"), what="home", said="back")
    assert "Revenu : à vérifier" in text
    assert alice.get(f"{PEOPLE}coordonnees/").context["all"].people == 1
    assert "Domicile revenu" in alice.get(f"{PEOPLE}coordonnees/").content.decode()
    assert "n’est plus dans la fiche" in send(alice, record(cast, "confirmer"), what="email", said="right")
    assert alice.post(record(cast, "confirmer"), {"what": "phone", "row": "x"}).status_code == 404
    assert cast.bob.signed_in.client().post(record(cast, "confirmer"), sent).status_code == 404


def test_documents_are_named_to_who_sees_the_person(cast: Cast, alice: Client) -> None:
    with acting(cast.alice.actor):
        receive("ordonnance.pdf", [PDF], cast.jeanne.pk, portfolio_id=cast.portfolio.pk)
    assert "ordonnance.pdf" in alice.get(record(cast)).content.decode()


# --- changing it --------------------------------------------------------------------------------------


def test_phones_are_added_verified_preferred_and_ended(cast: Cast, alice: Client) -> None:
    assert "06\u00a012" in send(alice, record(cast, "telephone"), number="06 12 34 56 78", label="chez elle")
    with as_owner():
        added = Phone.objects.get(number="+33612345678")
    assert (
        "appelé sur place" in send(alice, record(cast, "verifier-telephone", added.pk), how="visit").lower()
    )
    send(alice, record(cast, "telephone-principal", added.pk))
    with as_owner():
        added.refresh_from_db()
    assert (added.main, added.verified_how, added.verified_by) == (True, "visit", cast.alice.account.pk)
    text = alice.get(record(cast, "retirer-telephone", added.pk)).content.decode()
    assert "ne sera plus reconnu" in text
    assert "06\u00a012" not in send(alice, record(cast, "retirer-telephone", added.pk))


def test_needs_are_noted_reviewed_and_ended(cast: Cast, alice: Client) -> None:
    send(
        alice,
        record(cast, "besoin"),
        kind="hearing",
        words="Entend mal",
        helps="parler fort",
        source="elle-même",
    )
    with as_owner():
        need = Need.objects.get()
    assert "parler fort" in alice.get(record(cast, "revoir-besoin", need.pk)).content.decode()
    assert "parler lentement" in send(
        alice, record(cast, "revoir-besoin", need.pk), words="Entend mal", helps="parler lentement"
    )
    assert "Rien de noté" in send(alice, record(cast, "retirer-besoin", need.pk))


def test_relatives_are_added_and_their_rights_chosen_one_by_one(cast: Cast, alice: Client) -> None:
    added = send(
        alice,
        record(cast, "proche"),
        name="Martine Roux",
        number="06 12 34 56 78",
        link="fille",
        rights=["see"],
        source="elle-même",
    )
    assert "Peut : voir." in added
    with as_owner():
        row = Relative.objects.get()
    assert "Peut : voir, payer." in send(
        alice, record(cast, "droits-proche", row.pk), rights=["see", "pay"], link="fille", trusted="on"
    )
    assert "Aucun proche noté" in send(alice, record(cast, "retirer-proche", row.pk))


def test_an_address_is_moved_or_corrected(cast: Cast, alice: Client) -> None:
    send(
        alice,
        record(cast, "adresse"),
        lines="14 rue du Temple",
        postcode="31250",
        commune="revel",
        moved="no",
    )
    with as_owner():
        assert Address.objects.get().lines == "14 rue du Temple"
    text = send(
        alice, record(cast, "adresse"), lines="3 place Victor", postcode="31250", commune="Revel", moved="yes"
    )
    assert "3 place Victor, 31250 Revel" in text
    with as_owner():
        assert Address.objects.filter(until=None).count() == 1
        assert Address.objects.count() == 2


@pytest.mark.parametrize(
    ("postcode", "commune", "field"), [("31250", "Castres", "commune"), ("99999", "Revel", "postcode")]
)
def test_a_commune_that_the_postcode_does_not_serve_is_asked_again(
    cast: Cast, alice: Client, postcode: str, commune: str, field: str
) -> None:
    typed = {
        "lines": "3 place Victor",
        "postcode": postcode,
        "commune": commune,
        "moved": "yes",
        "asked": "letter",
    }
    refused = alice.post(record(cast, "adresse"), typed)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert "3 place Victor" in refused.content.decode()


def test_the_communes_of_a_postcode_are_proposed(cast: Cast, alice: Client) -> None:
    assert alice.get(f"{PEOPLE}communes/", {"code_postal": "31250"}).json() == [
        {"code": "31451", "name": "Revel"}
    ]


def test_identity_word_consents_and_visits(cast: Cast, alice: Client) -> None:
    form = alice.get(record(cast, "identite")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"asked": "face"}
    assert typed["birth_date"] == "03/05/1944"
    assert "Nom d’usage" in send(alice, record(cast, "identite"), **{**typed, "usage_name": "Martin"})
    late = alice.post(record(cast, "identite"), {**typed, "given_names": "Janine", "asked": "ours"})
    assert late.status_code == 409
    assert "Janine" in late.content.decode()
    assert "bleuet" not in send(alice, record(cast, "mot"), word="bleuet")
    send(alice, record(cast, "accord"), purpose="sms", source="dit au téléphone")
    send(alice, record(cast, "retirer-accord"), purpose="sms")
    send(alice, record(cast, "visite"))
    with as_owner():
        person = Person.objects.get(pk=cast.jeanne.pk)
        assert (person.usage_name, person.chosen_word) == ("Martin", "bleuet")
        assert person.last_visit_on == clock.today()
        assert Consent.objects.get(purpose="sms").withdrawn_on == clock.today()


@pytest.mark.parametrize(
    ("what", "typed", "field"),
    [
        ("telephone", {"number": "06 12"}, "number"),
        ("telephone", {"number": "05 61 00 00 01"}, "__all__"),
        ("besoin", {"kind": "hearing", "words": "x", "source": "y", "review_on": "31/02/2027"}, "review_on"),
        ("mot", {"word": "Roux"}, "word"),
        ("accord", {"purpose": "sms", "source": "z", "given_on": "1/1/2999"}, "given_on"),
        ("retirer-accord", {"purpose": "voice"}, "__all__"),
        ("visite", {"on": "demain"}, "on"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    cast: Cast, alice: Client, what: str, typed: dict[str, str], field: str
) -> None:
    refused = alice.post(record(cast, what), {"asked": "face", **typed})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    text = refused.content.decode()
    assert "data-error-summary" in text
    assert all(value in text for value in typed.values())


def test_a_row_of_somebody_else_is_not_there(cast: Cast, alice: Client) -> None:
    paul = make.person("Petit", "Paul", within=cast.other)
    theirs = make.phone(paul, "+33561000002")
    assert alice.get(record(cast, "retirer-telephone", theirs.pk)).status_code == 404
    assert alice.post(record(cast, "retirer-telephone", theirs.pk)).status_code == 404
    assert alice.get(record(cast, "inconnu")).status_code == 404
    assert alice.get(record(cast, "telephone", theirs.pk)).status_code == 404
    assert alice.get(record(cast, "retirer-telephone")).status_code == 404
    with as_owner():
        assert Phone.objects.get(pk=theirs.pk).ended_at is None


def test_a_death_is_said_before_anything_else(cast: Cast, alice: Client) -> None:
    with acting(cast.alice.actor):
        verbs.correct_person(cast.jeanne.pk, died_on=date(2026, 5, 3), asked="face")
    text = alice.get(record(cast)).content.decode()
    assert "Cette personne est décédée" in text
