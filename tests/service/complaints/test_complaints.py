"""A complaint is handled by somebody it does not concern, and those it concerns never see it (G23)."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox.models import Fact
from gruppetto.service.complaints import reads, verbs
from gruppetto.service.complaints.models import Complaint, Step
from gruppetto.service.contacts.models import Contact, ContactReason
from gruppetto.service.contacts.verbs import choose_person, note_reasons, take
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import in_service, ring

pytestmark = pytest.mark.django_db

WORDS = "Alice m’a raccroché au nez."


@pytest.fixture
def call(cast: Cast) -> Contact:
    """Jeanne calls, Charlie takes it and knows her."""
    ringing = ring(in_service())
    with acting(cast.charlie.actor):
        taken = take(ringing.pk)
        choose_person(taken.pk, cast.jeanne.pk)
    return taken


def filed(cast: Cast, call: Contact, *about: make.Colleague, **more: object) -> UUID:
    """Charlie notes what Jeanne says of these colleagues."""
    with acting(cast.charlie.actor):
        reference = verbs.file_complaint(
            call.pk,
            "conduct",
            WORDS,
            concerned=[one.account.pk for one in about],
            **more,  # type: ignore[arg-type]
        )
    with as_owner():
        return Complaint.objects.get(reference=reference).pk


def seen_by(who: make.Colleague) -> list[UUID]:
    with acting(who.actor):
        return list(Complaint.objects.values_list("pk", flat=True))


def test_it_goes_to_the_supervisor_and_to_nobody_else(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call, cast.alice)
    assert seen_by(cast.sylvie) == [complaint]
    for other in (cast.alice, cast.bob, cast.charlie):
        assert seen_by(other) == []
        with acting(other.actor), pytest.raises(Unknown):
            verbs.read(complaint)
    with acting(cast.sylvie.actor):
        told = verbs.read(complaint)
    assert (told.complaint.words, told.complaint.handler_id) == (WORDS, cast.sylvie.account.pk)


def test_it_goes_past_a_supervisor_it_is_about(cast: Cast, call: Contact) -> None:
    other = make.colleague("Renée", "supervisor")
    complaint = filed(cast, call, cast.sylvie)
    assert seen_by(cast.sylvie) == []
    # She leads no team of the territory: it is hers all the same.
    assert seen_by(other) == [complaint]


def test_when_every_supervisor_is_concerned_an_auditor_has_it(cast: Cast, call: Contact) -> None:
    auditor = make.colleague("Agathe", "auditor")
    complaint = filed(cast, call, cast.sylvie)
    assert seen_by(auditor) == [complaint]
    with acting(auditor.actor):
        verbs.take(complaint, 1)


def test_who_works_the_request_is_concerned_without_being_named(cast: Cast, call: Contact) -> None:
    request = make.intervention(cast.jeanne, cast.alice)
    complaint = filed(cast, call, intervention_id=request.pk)
    with as_owner():
        assert cast.alice.account.pk in Complaint.objects.get(pk=complaint).concerned


def test_the_reason_noted_on_the_call_does_not_tell_them(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        note_reasons(call.pk, [("complaint", "conduct", ""), ("follow-request", "no-news", "")])

    def reasons(who: make.Colleague) -> set[str]:
        with acting(who.actor):
            return set(ContactReason.objects.values_list("reason", flat=True))

    assert reasons(cast.alice) == {"complaint", "follow-request"}
    filed(cast, call, cast.alice)
    assert reasons(cast.alice) == {"follow-request"}
    assert reasons(cast.sylvie) == {"complaint", "follow-request"}


def test_neither_journal_nor_notice_names_the_person(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call, cast.alice)
    with as_owner():
        entry = Entry.objects.get(subject_id=complaint)
        assert (entry.verb, entry.person_id, entry.portfolio_id) == ("complaint.filed", None, None)
        assert not Fact.objects.filter(subject_id=complaint).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM complaints_complaint")
            assert b"nez" not in bytes(cursor.fetchone()[0])


def test_from_reception_to_the_end(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call, cast.alice)
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
        verbs.note(complaint, "J’ai écouté Alice, puis rappelé Mme Roux.")
        with pytest.raises(Refused, match="justifiée"):
            verbs.answer(complaint, 2, "", "Nous vous prions de nous excuser.")
        verbs.answer(complaint, 2, "founded", "Nous vous prions de nous excuser.", "Un rappel à tous.")
        with pytest.raises(Refused, match="médiateur"):
            verbs.refer(complaint, 3, "Elle n’est pas d’accord.")
        verbs.reopen(complaint, 3, "Elle veut un écrit.")
        verbs.answer(complaint, 4, "founded", "Voici notre lettre.")
        with pytest.raises(Refused, match="renoncer"):
            verbs.close(complaint, 5, "withdrawn")
        verbs.close(complaint, 5, "satisfied")
        told = reads.told(complaint)
    assert (told.complaint.state, told.complaint.ending) == ("closed", "satisfied")
    assert [step.verb for step in told.steps] == ["take", "note", "answer", "reopen", "answer", "close"]
    assert told.steps[3].note.startswith("Nous vous prions de nous excuser.")


def test_the_mediator_of_the_moment_may_be_asked(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call, cast.alice)
    with acting(make.colleague("Denise", "back_office").actor):
        verbs.set_terms(12, "Médiateur des services", "1 rue de la Paix, 75002 Paris")
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
        verbs.answer(complaint, 2, "unfounded", "Non.")
        verbs.refer(complaint, 3, "Elle n’est pas d’accord.")
        verbs.close(complaint, 4, "dissatisfied")
        assert reads.terms_in_force(now()).days == 12


def test_one_more_colleague_concerned_no_longer_sees_it(cast: Cast, call: Contact) -> None:
    other = make.colleague("Renée", "supervisor")
    complaint = filed(cast, call, cast.alice)
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
        assert (
            verbs.concern(complaint, cast.sylvie.account.pk, "C’est moi qui ai décidé.") == other.account.pk
        )
        assert not Complaint.objects.exists()
        assert not Step.objects.exists()
    with acting(other.actor):
        told = reads.told(complaint)
        assert (told.complaint.state, [step.verb for step in told.steps]) == ("received", ["take", "concern"])
        verbs.take(complaint, told.complaint.version)


def test_it_is_passed_on_to_nobody_it_concerns(cast: Cast, call: Contact) -> None:
    renee, lise = make.colleague("Renée", "supervisor"), make.colleague("Lise", "supervisor")
    complaint = filed(cast, call, renee)
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
        assert verbs.pass_on(complaint, renee.account.pk, "Congé.") in (
            lise.account.pk,
            cast.sylvie.account.pk,
        )
    with as_owner(), pytest.raises(DatabaseError, match="whoever_is_concerned_never_handles_it"):
        Complaint.objects.filter(pk=complaint).update(handler_id=renee.account.pk)


def test_when_nobody_is_left_it_stays_where_it_is(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call, cast.alice)
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
        with pytest.raises(Refused, match="Personne d’autre"):
            verbs.concern(complaint, cast.sylvie.account.pk, "Moi aussi.")
        assert reads.told(complaint).complaint.handler_id == cast.sylvie.account.pk


def test_only_who_has_it_in_charge_moves_it(cast: Cast, call: Contact) -> None:
    other = make.colleague("Renée", "supervisor")
    with as_owner():
        cast.team.members.create(staff=other.record, leads=True, during=make.FOR_EVER)
    complaint = filed(cast, call, cast.alice)
    with acting(cast.sylvie.actor):
        verbs.take(complaint, 1)
    with acting(other.actor):
        with pytest.raises(NotYours):
            verbs.note(complaint, "Je regarde.")
        with pytest.raises(Refused):
            verbs.take(complaint, 2)
    with acting(cast.sylvie.actor), pytest.raises(TooLate):
        verbs.answer(complaint, 1, "founded", "Oui.")


def test_bad_input_is_said_and_writes_nothing(cast: Cast, call: Contact) -> None:
    with acting(cast.charlie.actor):
        for about, words in (("conduct", "  "), ("weather", "mots"), ("conduct", "x" * 5_001)):
            with pytest.raises(Refused):
                verbs.file_complaint(call.pk, about, words)
        with pytest.raises(Refused, match="de l’équipe"):
            verbs.file_complaint(call.pk, "conduct", "mots", concerned=[new_id()])
    with acting(cast.bob.actor), pytest.raises(Unknown):
        verbs.file_complaint(call.pk, "conduct", "mots")
    with as_owner():
        assert not Complaint.objects.exists()


def test_nobody_writes_in_the_name_of_another(cast: Cast, call: Contact) -> None:
    row = Complaint(
        shelf=1,
        reference="R-1",
        about="other",
        words="mots",
        written_by=cast.bob.account.pk,
        received_at=now(),
        due_at=now(),
    )
    with acting(cast.charlie.actor), pytest.raises(DatabaseError, match="row-level security"):
        Complaint.objects.bulk_create([row], ignore_conflicts=True)


def test_a_call_from_nobody_known_may_complain_too(cast: Cast) -> None:
    ringing = ring(in_service(), "")
    with acting(cast.charlie.actor):
        taken = take(ringing.pk)
        verbs.file_complaint(taken.pk, "delay", "On ne me répond jamais.")
    assert len(seen_by(cast.sylvie)) == 1
