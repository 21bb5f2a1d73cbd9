"""A correction is proposed in one gesture, answered in words by somebody else within 48 hours; nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, TooLate
from gruppetto.registry.organisations.models import Organisation
from gruppetto.service.knowledge import corrections
from gruppetto.service.knowledge.models import Correction
from tests.support.actors import Staff
from tests.support.database import as_owner
from tests.support.plans import rows_scanned, settle

pytestmark = pytest.mark.django_db
KIND = Correction.About.KIND


def test_any_member_of_staff_proposes_and_is_told_the_answer(chloe: Staff, alice: Staff) -> None:
    with acting(chloe.actor):
        made = corrections.propose(KIND, "tax-return", "  Le numéro a changé.  ")
        again = corrections.propose(KIND, "tax-return", "Le numéro a changé.")
        assert again.pk == made.pk
        assert (made.title, made.due_at - made.proposed_at) == ("Déclarer ses revenus", timedelta(hours=48))
        assert not corrections.unread(chloe.account.pk).exists()
    with acting(alice.actor):
        assert [one.pk for one in corrections.waiting()] == [made.pk]
        corrections.answer(made.pk, "accepted", "Merci, c’est corrigé.")
        with pytest.raises(TooLate):
            corrections.answer(made.pk, "declined", "Non.")
        assert not corrections.waiting().exists()
    with acting(chloe.actor):
        assert corrections.unread(chloe.account.pk).count() == 1
        assert corrections.mark_read() == 1
        (mine,) = corrections.of_author(chloe.account.pk)
        assert (mine.answer, mine.state) == ("Merci, c’est corrigé.", "accepted")
        assert not corrections.unread(chloe.account.pk).exists()


def test_articles_and_organisations_are_corrected_too(chloe: Staff) -> None:
    caf = Organisation.objects.get(key="caf")
    with acting(chloe.actor):
        assert corrections.propose("organisation", str(caf.pk), "Le site a changé.").title == caf.name
        assert corrections.propose("article", "waiting-for-a-health-card", "Un mot faux.").state == "open"
        for about, code in (
            ("organisation", "nothing"),
            ("organisation", str(chloe.account.pk)),
            ("kind", "no"),
            ("article", "no"),
            ("person", str(chloe.account.pk)),
        ):
            with pytest.raises(Refused, match="existe plus"):
                corrections.propose(about, code, "Quelque chose.")


@pytest.mark.parametrize(("words", "code"), [("  ", "words-missing"), ("x" * 1001, "words-too-long")])
def test_a_proposal_is_said_in_words(chloe: Staff, words: str, code: str) -> None:
    with acting(chloe.actor), pytest.raises(Refused) as refused:
        corrections.propose(KIND, "tax-return", words)
    assert (refused.value.code, refused.value.field) == (code, "words")


def test_an_answer_says_what_and_why(chloe: Staff, alice: Staff) -> None:
    with acting(chloe.actor):
        made = corrections.propose(KIND, "tax-return", "Une faute.")
    with acting(alice.actor):
        for state, words, code in (
            ("maybe", "Oui.", "state-missing"),
            ("open", "Oui.", "state-missing"),
            ("accepted", " ", "words-missing"),
        ):
            with pytest.raises(Refused) as refused:
                corrections.answer(made.pk, state, words)
            assert refused.value.code == code
    with acting(alice.actor):
        own = corrections.propose(KIND, "tax-return", "La mienne.")
        with pytest.raises(Refused, match="Une autre personne"):
            corrections.answer(own.pk, "accepted", "Bien vu, moi.")


def test_after_48_hours_a_proposal_is_late(chloe: Staff) -> None:
    with acting(chloe.actor):
        corrections.propose(KIND, "tax-return", "Une faute.")
    assert not corrections.late(now() + timedelta(hours=47)).exists()
    assert corrections.late(now() + timedelta(hours=49)).count() == 1


def test_what_was_proposed_and_answered_is_never_rewritten(chloe: Staff, alice: Staff) -> None:
    with acting(chloe.actor):
        made = corrections.propose(KIND, "tax-return", "Une faute.")
        for change in ({"words": "Autre"}, {"due_at": now() + timedelta(days=9)}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Correction.objects.filter(pk=made.pk).update(**change)
    with acting(alice.actor):
        corrections.answer(made.pk, "declined", "C’est juste ainsi.")
        with pytest.raises(DatabaseError), transaction.atomic():
            Correction.objects.filter(pk=made.pk).update(answer="Oui.")


def test_the_lists_of_proposals_never_read_them_all(chloe: Staff, alice: Staff) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO knowledge_correction (id, about, code, title, words, proposed_by_id, proposed_at, due_at, state,
                answer, answered_by_id, answered_at)
            SELECT gen_random_uuid(), 'kind', 'tax-return', 't', 'w' || n, %s, now() - n * interval '1 hour',
                now() - n * interval '1 hour', 'accepted', 'ok', a.id, now()
            FROM generate_series(1, 4000) n, access_account a WHERE a.id <> %s AND a.email LIKE 'alice%%'
            """,
            [chloe.account.pk, chloe.account.pk],
        )
        settle("knowledge_correction")
    with acting(chloe.actor):
        before = rows_scanned("knowledge_correction")
        list(corrections.waiting()[:25])
        list(corrections.answered()[:25])
        list(corrections.of_author(chloe.account.pk)[:25])
        corrections.late(clock.now()).count()
        assert rows_scanned("knowledge_correction") == before
