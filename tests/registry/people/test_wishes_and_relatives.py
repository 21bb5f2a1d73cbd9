"""Consents, needs, the chosen word, relatives and their rights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import shelf_of
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.people import reads, verbs
from gruppetto.registry.people.models import Person, Relative
from gruppetto.registry.people.names import read_name
from tests.registry.people.conftest import Cast, contact_with, journaled
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_consent_has_a_source_and_a_date_and_is_given_once(cast: Cast) -> None:
    with clock.at(NOON), acting(cast.alice.actor):
        consent = verbs.give_consent(cast.jeanne.pk, "sms", "dit pendant la visite", "12/1/26")
        assert (consent.given_on, consent.source) == (date(2026, 1, 12), "dit pendant la visite")
        with pytest.raises(Refused) as refused:
            verbs.give_consent(cast.jeanne.pk, "sms", "dit au téléphone")
        assert refused.value.code == "one-consent-in-force-per-purpose"
        with pytest.raises(Refused) as refused:
            verbs.give_consent(cast.jeanne.pk, "email", " ")
        assert (refused.value.code, refused.value.field) == ("empty", "source")


def test_a_consent_withdrawn_can_be_given_again_and_others_are_told(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.give_consent(cast.jeanne.pk, "sms", "courrier")
        verbs.withdraw_consent(cast.jeanne.pk, "sms")
        assert "sms" not in reads.card(cast.jeanne.pk).consents
        with pytest.raises(Refused) as refused:
            verbs.withdraw_consent(cast.jeanne.pk, "sms")
        assert refused.value.code == "no-consent"
        verbs.give_consent(cast.jeanne.pk, "sms", "courrier")
    with as_owner():
        fact = Fact.objects.get(topic="people.consent_withdrawn")
        assert (fact.subject_id, fact.about) == (cast.jeanne.pk, {"purpose": "sms"})


def test_we_write_only_by_the_ways_the_person_agreed_to_preferred_first(cast: Cast) -> None:
    with acting(cast.alice.actor):
        assert reads.card(cast.jeanne.pk).channels == ("phone",)
        verbs.add_phone(cast.jeanne.pk, "0639980102", asked="face")
        verbs.correct_person(cast.jeanne.pk, preferred_channel="letter", email="j@example.test", asked="face")
        for purpose in ("sms", "letter"):
            verbs.give_consent(cast.jeanne.pk, purpose, "visite")
        assert reads.card(cast.jeanne.pk).channels == ("letter", "phone", "sms")


def test_a_need_says_who_said_it_when_and_when_to_see_it_again(cast: Cast) -> None:
    with clock.at(NOON), acting(cast.alice.actor):
        need = verbs.note_need(
            cast.jeanne.pk, "hearing", "entend mal à gauche", "elle-même", helps="parler lentement"
        )
        assert (need.noted_on, need.review_on) == (date(2026, 11, 20), date(2027, 11, 20))
        assert reads.needs_to_review(date(2027, 11, 19)) == []
        assert reads.needs_to_review(date(2027, 11, 20)) == [need]
        verbs.review_need(need.pk, review_on="1/6/2027", words="appareillée")
        assert reads.card(cast.jeanne.pk).needs[0].words == "appareillée"
        verbs.end_need(need.pk)
        assert reads.card(cast.jeanne.pk).needs == ()
        with pytest.raises(Refused) as refused:
            verbs.review_need(need.pk)
        assert refused.value.code == "need-ended"
        with pytest.raises(Refused) as refused:
            verbs.note_need(cast.jeanne.pk, "sight", "lunettes", "elle", review_on=NOON.date() - timedelta(1))
        assert refused.value.code == "date-too-early"


def test_the_chosen_word_is_kept_encrypted_and_out_of_the_journal(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.choose_word(cast.jeanne.pk, " Coquelicot ", asked="face")
        with connection.cursor() as cursor:
            cursor.execute("SELECT chosen_word FROM people_person WHERE id = %s", [cast.jeanne.pk])
            assert b"oquelicot" not in bytes(cursor.fetchone()[0])
        assert Person.objects.get(pk=cast.jeanne.pk).chosen_word == "Coquelicot"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT data FROM journal_body UNION ALL SELECT after::text FROM journal_change")
        assert not any("oquelicot" in row[0] for row in cursor.fetchall())
    assert journaled(cast.jeanne.pk) == ["word.chosen"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("chat", ""),
        ("le", "word-too-short"),
        ("1234", "word-too-short"),
        ("JEANNE", "word-is-a-name"),
        ("", "empty"),
    ],
)
def test_a_word_easily_guessed_is_refused(cast: Cast, word: str, code: str) -> None:
    with acting(cast.alice.actor):
        if not code:
            verbs.choose_word(cast.jeanne.pk, word, asked="face")
            return
        with pytest.raises(Refused) as refused:
            verbs.choose_word(cast.jeanne.pk, word, asked="face")
    assert refused.value.code == code


def test_a_relative_has_a_record_of_their_own_and_rights_one_by_one(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.add_relative(
            cast.jeanne.pk,
            name="Martine Roux",
            number="06 39 98 01 02",
            link="fille",
            rights=["be_told", "see"],
            trusted=True,
            source="dit par Jeanne pendant la visite",
            asked="face",
        )
        (line,) = reads.card(cast.jeanne.pk).relatives
        record = Person.objects.get(pk=line.relative_id)
    assert (line.name, line.link, line.rights, line.trusted) == (
        "Martine Roux",
        "fille",
        ("see", "be_told"),
        True,
    )
    assert (line.shown, line.rights_shown) == ("06 39 98 01 02", ("voir", "être prévenu"))
    assert (record.portfolio_id, record.shelf) != (cast.portfolio_id, cast.jeanne.shelf)
    assert (record.portfolio_id, record.shelf) == (cast.portfolio_id, shelf_of(record.pk))


def test_rights_are_taken_back_at_once(cast: Cast) -> None:
    with acting(cast.alice.actor):
        relative = verbs.add_relative(
            cast.jeanne.pk, name="Luc Roux", source="Jeanne", rights=["pay"], asked="face"
        )
        verbs.change_relative(relative.pk, rights=[], trusted=True, link="fils", asked="face")
        assert reads.card(cast.jeanne.pk).relatives[0].rights == ()
        with pytest.raises(Refused) as refused:
            verbs.change_relative(relative.pk, rights=["sign"], asked="face")
        assert refused.value.code == "unknown-right"
        verbs.end_relative(relative.pk, asked="face")
        assert reads.card(cast.jeanne.pk).relatives == ()
        with pytest.raises(Refused) as refused:
            verbs.end_relative(relative.pk, asked="face")
        assert refused.value.code == "relative-ended"
    assert journaled(cast.jeanne.pk).count("relative.ended") == 1


def test_nobody_is_their_own_relative_nor_twice_the_same(cast: Cast) -> None:
    with acting(cast.alice.actor):
        husband = verbs.add_person("Roux", "Pierre", portfolio_id=cast.portfolio_id)
        verbs.add_relative(cast.jeanne.pk, relative_id=husband.pk, source="Jeanne", link="mari", asked="face")
        for relative_id, code in (
            (husband.pk, "a-relative-is-noted-once"),
            (cast.jeanne.pk, "nobody-is-their-own-relative"),
        ):
            with pytest.raises(Refused) as refused:
                verbs.add_relative(cast.jeanne.pk, relative_id=relative_id, source="Jeanne", asked="face")
            assert refused.value.code == code
        with pytest.raises(Refused) as refused:
            verbs.add_relative(cast.jeanne.pk, source="Jeanne", name="  ", asked="face")
        assert refused.value.code == "empty"


def test_a_relative_out_of_sight_cannot_be_named_by_their_identifier(cast: Cast) -> None:
    stranger = make.person("Petit", "Paul")
    with acting(cast.alice.actor), pytest.raises(Unknown) as unknown:
        verbs.add_relative(cast.jeanne.pk, relative_id=stranger.pk, source="Jeanne", asked="face")
    assert unknown.value.code == "unknown-relative"


def test_the_record_of_a_relative_held_elsewhere_shows_its_name_and_number_only_through_the_person(
    cast: Cast,
) -> None:
    elsewhere = make.person("Roux", "Martine", within=cast.other)
    make.phone(elsewhere, "+33639980102")
    with as_owner():
        Relative.objects.create(
            person=cast.jeanne,
            relative_id=elsewhere.pk,
            link="fille",
            chosen_on=date(2026, 1, 1),
            source="Jeanne",
            **make.same_rows(cast.jeanne),
        )
    with acting(cast.alice.actor):
        assert [line.shown for line in reads.relatives_of(cast.jeanne.pk)] == ["06 39 98 01 02"]
        with pytest.raises(Unknown):
            reads.card(elsewhere.pk)
    with acting(cast.bob.actor):
        assert reads.relatives_of(cast.jeanne.pk) == ()


def test_an_agent_adds_a_relative_during_a_contact_and_sees_them_as_long(cast: Cast) -> None:
    contact_with(cast.charlie, cast.jeanne.pk)
    with acting(cast.charlie.actor):
        relative = verbs.add_relative(
            cast.jeanne.pk, name="Luc Roux", number="0639980103", source="Jeanne", asked="face"
        )
        assert [line.shown for line in reads.card(relative.relative_id).phones] == ["06 39 98 01 03"]


def test_a_record_that_exists_is_never_opened_by_adding_a_relative(cast: Cast) -> None:
    contact_with(cast.charlie, cast.jeanne.pk)
    stranger = make.person("Petit", "Paul", within=cast.other)
    with (
        acting(cast.charlie.actor),
        pytest.raises(DatabaseError, match="already known"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT people.open_new(%s, %s)", [stranger.pk, cast.jeanne.pk])


@pytest.mark.parametrize(
    ("typed", "title", "given", "family", "link"),
    [
        ("Martine Roux", "none", "Martine", "Roux", ""),
        ("ROUX Martine", "none", "Martine", "ROUX", ""),
        ("Mme Martine de La Tour (sa fille)", "mrs", "Martine", "de La Tour", "sa fille"),
        ("M. LE GOFF Jean-Paul", "mr", "Jean-Paul", "LE GOFF", ""),
        ("MARTINE ROUX", "none", "MARTINE", "ROUX", ""),
        ("Roux", "none", "", "Roux", ""),
        ("Monsieur Petit", "mr", "", "Petit", ""),
        ("", "none", "", "", ""),
    ],
)
def test_a_whole_name_is_taken_apart(typed: str, title: str, given: str, family: str, link: str) -> None:
    read = read_name(typed)
    assert (read.title, read.given_names, read.family_name, read.link) == (title, given, family, link)
