"""The catalogue edited by versions: written by one, published by another; what is running keeps its version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.registry.organisations import seeding
from gruppetto.service.catalogue import checking, drafts, editing, reads, reasons, verbs
from gruppetto.service.catalogue.models import Draft, HelpLine, KindVersion, Reason
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
TAX = "tax-return"


@pytest.fixture
def alice(db: None) -> Staff:
    """Of the back office; the catalogue and the organisations are loaded."""
    with as_owner():
        seeding.load()
        verbs.load(now() - timedelta(days=30))
    return staff("Alice", "back_office")


@pytest.fixture
def bob(db: None) -> Staff:
    """Reads what Alice writes."""
    return staff("Bob", "supervisor")


def relabelled(label: str) -> dict[str, Any]:
    return {**KindVersion.objects.get(kind_id=TAX, number=1).content, "label": label}


def proposed(author: Staff, label: str = "Les impôts") -> Draft:
    with acting(author.actor):
        found = editing.edit_kind(TAX)
        drafts.save(found.pk, relabelled(label), found.edition)
        return drafts.propose(found.pk, "Un nom plus court.")


def code_of(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.code


def test_a_version_is_published_by_somebody_else_and_the_old_one_can_still_be_shown(
    alice: Staff, bob: Staff
) -> None:
    found = proposed(alice)
    with acting(alice.actor):
        assert code_of(drafts.publish, found.pk) == "publish-by-the-author"
        assert reads.kind_in_force(TAX, now()).version == 1
    with acting(bob.actor):
        row = drafts.publish(found.pk)
    assert isinstance(row, KindVersion)
    assert (row.number, row.created_by, row.published_by) == (2, alice.account, bob.account)
    assert not Draft.objects.exists()
    assert reads.kind_in_force(TAX, now()).label == "Les impôts"
    assert reads.kind_version(TAX, 1).label == "Déclarer ses revenus"
    assert reads.kind_in_force(TAX, now() - timedelta(days=1)).version == 1
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE verb = 'catalogue.published'")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("publisher", ["author", "nobody", "somebody not here"])
def test_the_database_keeps_the_four_eyes(alice: Staff, bob: Staff, publisher: str) -> None:
    who = {"author": alice.account, "nobody": None, "somebody not here": bob.account}[publisher]
    with acting(alice.actor), pytest.raises(DatabaseError), transaction.atomic():
        KindVersion.objects.create(
            kind_id="train-ticket",
            number=9,
            content={},
            published=True,
            valid_from=now() + timedelta(days=9),
            created_by=alice.account,
            published_by=who,
        )


def test_what_is_wrong_is_kept_but_never_proposed(alice: Staff) -> None:
    with acting(alice.actor):
        found = editing.edit_kind(TAX)
        saved = drafts.save(found.pk, {**relabelled("x" * 81), "reason": "no-such"}, found.edition)
        assert any("label : au plus 80" in error for error in drafts.errors_of(saved))
        assert code_of(drafts.propose, saved.pk, "Essai.") == "draft-wrong"
        saved = drafts.save(found.pk, {**relabelled("Court"), "reason": "no-such"}, saved.edition)
        assert drafts.errors_of(saved) == ["reason : « no-such » n’existe pas"]
        saved = drafts.save(found.pk, relabelled("Court"), saved.edition)
        assert code_of(drafts.propose, saved.pk, "  ") == "why-missing"


def test_two_windows_do_not_overwrite_each_other(alice: Staff) -> None:
    with acting(alice.actor):
        found = editing.edit_kind(TAX)
        drafts.save(found.pk, relabelled("Un"), found.edition)
        with pytest.raises(TooLate):
            drafts.save(found.pk, relabelled("Deux"), found.edition)
        assert drafts.draft(found.pk).content["label"] == "Un"
        assert code_of(editing.edit_kind, TAX) == "one-draft-of-a-thing-at-a-time"


def test_whoever_takes_a_draft_over_answers_for_it_and_the_first_author_may_publish(
    alice: Staff, bob: Staff
) -> None:
    found = proposed(alice)
    with acting(bob.actor):
        assert code_of(drafts.save, found.pk, {}, found.edition) == "draft-of-another"
        taken = drafts.take_over(found.pk)
        drafts.save(taken.pk, relabelled("Repris"), taken.edition)
        again = drafts.propose(taken.pk, "Repris.")
        with pytest.raises(NotYours):
            drafts.publish(again.pk)
    with acting(alice.actor):
        drafts.publish(again.pk)
    assert reads.kind_in_force(TAX, now()).label == "Repris"


def test_a_draft_is_sent_back_and_what_was_read_is_what_is_published(alice: Staff, bob: Staff) -> None:
    found = proposed(alice)
    with acting(bob.actor):
        assert code_of(drafts.send_back, found.pk, "") == "words-missing"
        returned = drafts.send_back(found.pk, "Le titre est trop court.")
        assert (returned.proposed_at, returned.returned) == (None, "Le titre est trop court.")
        assert code_of(drafts.publish, found.pk) == "draft-not-proposed"
    with acting(alice.actor):
        saved = drafts.save(found.pk, relabelled("Les impôts de l’année"), returned.edition)
        drafts.propose(found.pk, "Titre revu.")
    with acting(bob.actor):
        assert code_of(drafts.publish, found.pk, edition=saved.edition - 1) == "draft-changed"
        drafts.publish(found.pk, edition=saved.edition)


def test_a_version_planned_for_later_may_be_taken_back_until_it_begins(alice: Staff, bob: Staff) -> None:
    later = now() + timedelta(days=5)
    found = proposed(alice)
    with acting(bob.actor):
        drafts.publish(found.pk, later)
    assert reads.kind_in_force(TAX, now()).version == 1
    assert reads.kind_in_force(TAX, later).version == 2
    other = proposed(alice, "Encore")
    with acting(bob.actor):
        assert code_of(drafts.publish, other.pk) == "already-planned"
        editing.unschedule_kind(TAX, 2)
        assert code_of(editing.unschedule_kind, TAX, 1) == "has-begun"
        assert code_of(drafts.publish, other.pk, now() - timedelta(days=1)) == "from-the-past"
    assert reads.kind_in_force(TAX, later).version == 1
    with acting(alice.actor), pytest.raises(DatabaseError), transaction.atomic():
        KindVersion.objects.filter(kind_id=TAX).delete()


def test_a_new_kind_from_scratch_or_from_a_copy(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        assert code_of(editing.new_kind, TAX, "Impôts") == "code-taken"
        empty = editing.new_kind("from-nothing", "De rien")
        assert len(drafts.errors_of(empty)) > 10
        drafts.drop(empty.pk)
        copy = editing.new_kind("tax-notice", "Lire un avis", copy_of=TAX)
        drafts.propose(copy.pk, "Nouvelle démarche.")
    with acting(bob.actor):
        drafts.publish(copy.pk)
    assert reads.kind_in_force("tax-notice", now()).label == "Lire un avis"
    assert reads.kind_in_force("tax-notice", now()).code == "tax-notice"


def test_a_withdrawn_kind_is_offered_no_more_and_what_is_running_keeps_it(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        assert code_of(editing.withdraw_kind, "bank-card-block", "Fini.") == "kind-still-named"
        copy = editing.new_kind("tax-notice", "Lire un avis", copy_of=TAX)
        drafts.propose(copy.pk, "Nouvelle démarche.")
    free = "tax-notice"
    with acting(bob.actor):
        drafts.publish(copy.pk)
    with acting(alice.actor):
        editing.withdraw_kind(free, "Ne se demande plus.")
        assert free not in [kind.code for kind in reads.kinds_in_force(now())]
        assert reads.kind_version(free, 1).code == free
        with pytest.raises(Unknown):
            reads.kind_in_force(free, now())


def test_a_help_line_changes_when_somebody_else_agrees_and_is_to_be_checked_again(
    alice: Staff, bob: Staff
) -> None:
    with acting(alice.actor):
        checking.check_help_line("samu")
        found = editing.edit_line("samu")
        wrong = drafts.save(found.pk, {**found.content, "number": "quinze"}, found.edition)
        assert drafts.errors_of(wrong) == ["number : un numéro comme « 15 » est attendu"]
        drafts.save(found.pk, {**found.content, "label": "SAMU, urgences"}, wrong.edition)
        drafts.propose(found.pk, "Nom complet.")
    with acting(bob.actor):
        assert code_of(drafts.publish, found.pk, now() + timedelta(days=1)) == "from-the-past"
        drafts.publish(found.pk)
    line = reads.help_lines_in_force(now()).get(code="samu")
    assert (line.label, line.position, line.is_checked) == ("SAMU, urgences", 1, False)
    with acting(alice.actor):
        assert code_of(checking.check_help_line, "samu") == "check-by-the-author"
        with pytest.raises(DatabaseError), transaction.atomic():
            HelpLine.objects.filter(pk=line.pk).update(
                checked_by="Bob", checked_on=clock.today(), checker=bob.account
            )
    with acting(bob.actor):
        assert checking.check_help_line("samu").checked_by == "Bob"


def test_a_distress_guide_is_edited_in_the_same_way(alice: Staff, bob: Staff) -> None:
    with acting(alice.actor):
        found = editing.edit_guide("danger")
        wrong = {**found.content, "key": "A", "help_lines": ["nobody"]}
        saved = drafts.save(found.pk, wrong, found.edition)
        assert drafts.errors_of(saved) == [
            "help_lines : « nobody » n’existe pas",
            "key : la touche « A » ouvre déjà « Arnaque en cours »",
        ]
        drafts.save(found.pk, {**found.content, "sign": "Des cris."}, saved.edition)
        drafts.propose(found.pk, "Plus court.")
    with acting(bob.actor):
        drafts.publish(found.pk)
    first = reads.guides_in_force(now())[0]
    assert (first.code, first.sign, first.checked_on) == ("danger", "Des cris.", None)


def facts(**more: Any) -> reasons.Facts:
    given = {"label": "Alerte", "hint": "Un danger.", "shortcut": "0", "repeat_days": 9, "subs": []}
    return reasons.Facts(**{**given, **more})


def test_a_reason_is_a_dated_row_and_the_ten_keys_stay_different(alice: Staff) -> None:
    subs = [("suspicious-contact", "Appel louche"), ("lost-card", "Carte perdue"), ("worry", "Inquiétude")]
    with acting(alice.actor):
        reasons.change_reason("alert", facts(subs=subs))
        assert (reads.repeat_days("alert", now()), Reason.objects.filter(code="alert").count()) == (9, 2)
        assert reads.repeat_days("alert", now() - timedelta(days=1)) == 7
        shown = next(one for one in reads.reasons_in_force(now()) if one.code == "alert")
        assert [sub.label for sub in shown.sub_reasons.all()] == [label for _code, label in subs]
        assert code_of(reasons.change_reason, "alert", facts(subs=subs, shortcut="1")) == (
            "one-reason-per-key-at-a-time"
        )
        eleventh = facts(label="Autre", shortcut="x")
        assert code_of(reasons.change_reason, "another", eleventh, new=True) == "at-most-ten-reasons-at-once"
        assert code_of(reasons.change_reason, "make-request", facts()) == "reason-named"
        assert code_of(reasons.end_reason, "make-request") == "reason-named"
        assert code_of(reasons.end_reason, "complaint") == "complaint-stays"
        assert code_of(reasons.change_reason, "nothing", facts()) == "unknown-reason"


def test_only_those_who_keep_or_review_write_drafts(alice: Staff) -> None:
    agent = staff("Chloé", "agent")
    with acting(agent.actor):
        assert code_of(editing.edit_kind, TAX) == "kept-by-another-role"
