"""Distress: a record that its author does not read again, and the colleague it is about never (G23, G24)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from gruppetto.service.contacts import reads, verbs
from gruppetto.service.contacts.models import Contact, ProtectedRecord
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

GUIDE = "scam-in-progress"


def test_what_an_agent_hears_is_read_by_the_supervisor_only(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        record = verbs.write_protected(call.pk, GUIDE, "On lui demande son code.", done=["police"])
        assert reads.protected_records() == []
        with pytest.raises(Unknown):
            verbs.open_protected(record)
    with acting(cast.alice.actor):
        assert reads.protected_records() == []
    with acting(cast.sylvie.actor):
        assert [one.pk for one in reads.protected_records()] == [record]
        opened = verbs.open_protected(record)
        assert (opened.words, opened.done, opened.seen_by) == (
            "On lui demande son code.",
            ["police"],
            cast.sylvie.account.pk,
        )


def test_the_colleague_it_is_about_never_sees_it(cast: Cast, call: Contact) -> None:
    other_lead = make.colleague("Renée", "supervisor")
    with as_owner():
        cast.team.members.create(staff=other_lead.record, leads=True, during=make.FOR_EVER)
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        record = verbs.write_protected(
            call.pk, "abuse-by-staff", "Elle a peur de la responsable.", about_account=cast.sylvie.account.pk
        )
    with acting(cast.sylvie.actor):
        assert reads.protected_records() == []
        with pytest.raises(Unknown):
            verbs.open_protected(record)
    with acting(other_lead.actor):
        assert verbs.open_protected(record).seen_by == other_lead.account.pk


def test_its_trace_names_neither_the_person_nor_their_portfolio(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        verbs.choose_person(call.pk, cast.jeanne.pk)
        record = verbs.write_protected(call.pk, GUIDE, "Un faux banquier est à la porte.")
    with as_owner():
        entry = Entry.objects.get(subject_id=record)
        assert (entry.verb, entry.person_id, entry.portfolio_id) == ("protected.written", None, None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM contacts_protectedrecord")
            assert b"banquier" not in bytes(cursor.fetchone()[0])


def test_a_record_says_what_was_heard_under_a_known_guide(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        for guide, words in ((GUIDE, "  "), ("unknown", "mots"), (GUIDE, "x" * 5_001)):
            with pytest.raises(Refused):
                verbs.write_protected(call.pk, guide, words)
        with pytest.raises(Refused, match="de l’équipe"):
            verbs.write_protected(call.pk, GUIDE, "mots", about_account=new_id())
    with acting(cast.bob.actor), pytest.raises(Unknown):
        verbs.write_protected(call.pk, GUIDE, "mots")


def test_nobody_writes_in_the_name_of_another(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        record = ProtectedRecord(shelf=1, guide=GUIDE, words="mots", written_by=cast.bob.account.pk)
        with pytest.raises(DatabaseError, match="row-level security"):
            ProtectedRecord.objects.bulk_create([record], ignore_conflicts=True)
