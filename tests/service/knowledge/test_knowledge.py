"""Articles by versions, found by words, linked both ways; opinions; searches in vain."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.catalogue import drafts
from gruppetto.service.knowledge import reads, verbs
from gruppetto.service.knowledge.models import ArticleVersion, VainSearch
from tests.support import factories as make
from tests.support.actors import Staff
from tests.support.database import as_owner
from tests.support.plans import rows_scanned, settle

pytestmark = pytest.mark.django_db
ONE = "waiting-for-a-health-card"
OTHER = {
    "code": "tiers-payant",
    "title": "Ne pas avancer l’argent",
    "summary": "Quand la pharmacie ne fait rien payer.",
    "words": ["tiers payant", "dispense", "avance"],
    "sub_domain": "health-account",
    "kinds": ["health-card-renewal"],
    "see_also": [ONE],
    "sections": [{"title": "En bref", "text": "La carte suffit, ou l’attestation."}],
}


def published(alice: Staff, bob: Staff, content: dict[str, Any]) -> ArticleVersion:
    """A new article, written by Alice, published by Bob."""
    with acting(alice.actor):
        found = verbs.new_article(content["code"], content["title"])
        drafts.save(found.pk, content, found.edition)
        drafts.propose(found.pk, "Nouvel article.")
    with acting(bob.actor):
        row = drafts.publish(found.pk)
    assert isinstance(row, ArticleVersion)
    return row


def test_loading_again_changes_nothing(loaded: None) -> None:
    assert make.article() == (0, 1)


def test_an_article_is_published_by_somebody_else_and_what_people_wrote_is_not_written_over(
    alice: Staff, bob: Staff
) -> None:
    with acting(alice.actor):
        found = verbs.edit_article(ONE)
        saved = drafts.save(found.pk, {**found.content, "title": "Sans la carte"}, found.edition)
        drafts.propose(saved.pk, "Titre plus court.")
        with pytest.raises(NotYours):
            drafts.publish(saved.pk)
    with acting(bob.actor):
        drafts.publish(saved.pk)
    make.article()
    article = reads.article_in_force(ONE, now())
    assert (article.title, article.version) == ("Sans la carte", 2)


def test_what_is_wrong_in_an_article_is_said(alice: Staff) -> None:
    with acting(alice.actor):
        found = verbs.new_article("bad", "Un titre")
        saved = drafts.save(
            found.pk,
            {**OTHER, "code": "bad", "kinds": ["no-kind"], "see_also": ["no-article"]},
            found.edition,
        )
        assert drafts.errors_of(saved) == [
            "see_also : « no-article » n’existe pas",
            "kinds : « no-kind » n’existe pas",
        ]
        with pytest.raises(Refused, match="existe déjà"):
            verbs.new_article("bad", "Encore")


def test_the_database_keeps_the_four_eyes_and_the_past(alice: Staff, bob: Staff) -> None:
    row = published(alice, bob, OTHER)
    with acting(alice.actor):
        changes: tuple[dict[str, Any], ...] = ({"title": "Autre"}, {"content": {}})
        for change in changes:
            with pytest.raises(DatabaseError), transaction.atomic():
                ArticleVersion.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(NotYours):
            verbs.check_article("tiers-payant")
    with acting(bob.actor):
        assert verbs.check_article("tiers-payant").checked_by == "Bob"


def test_links_are_shown_both_ways(
    alice: Staff, bob: Staff, chloe: Staff, django_assert_num_queries: Any
) -> None:
    published(alice, bob, OTHER)
    with acting(chloe.actor):
        with django_assert_num_queries(4):
            page = reads.page_of("tiers-payant", now(), chloe.account.pk)
        assert [link.code for link in page.see_also] == [ONE]
        back = reads.page_of(ONE, now(), chloe.account.pk)
        assert "tiers-payant" in [link.code for link in back.see_also]
        with django_assert_num_queries(1):
            shown = reads.articles_for(["health-card-renewal"], now())
    assert {"tiers-payant", ONE} <= {link.code for link in shown}


@pytest.mark.parametrize(
    "typed",
    [
        "tiers payant",
        "TIERS-PAYANTS",
        "avancer largent",
        "dispens",
        "je ne veux pas avancer l'argent à la pharmacie",
        "tiers & payant | ! ( :* '",
        "tiers payant 06 12 34 56 78",
        "tiers payant " * 900,
    ],
)
def test_an_article_is_found_by_words(alice: Staff, bob: Staff, chloe: Staff, typed: str) -> None:
    published(alice, bob, OTHER)
    with acting(chloe.actor):
        found = reads.search(typed, now()) or reads.near(typed, now())
    assert found[0].code == "tiers-payant"


@pytest.mark.parametrize("typed", ["", "a", "'; DROP TABLE x --", "zzzz", "06 12 34 56 78", "𝔘𝔫", "\x00"])
def test_a_search_for_nothing_finds_nothing_and_breaks_nothing(chloe: Staff, typed: str) -> None:
    with acting(chloe.actor):
        assert reads.search(typed, now()) == ()


def test_a_search_in_vain_is_counted_without_figures_nor_names_of_whoever_asks(
    alice: Staff, chloe: Staff
) -> None:
    with acting(chloe.actor):
        for typed in ("Le chèque énergie de M12", "cheque energie", "énergie 0612345678 chèque"):
            verbs.count_vain(" ".join(sorted(reads.asked(typed))))
        verbs.count_vain("")
    with acting(alice.actor):
        (vain,) = reads.vain_searches()
        assert (vain.words, vain.times) == ("cheque energie", 3)
        verbs.settle_search(vain.pk)
        assert not reads.vain_searches().exists()
        with pytest.raises(Refused):
            verbs.settle_search(vain.pk)
    with acting(chloe.actor):
        verbs.count_vain("cheque energie")
    (again,) = VainSearch.objects.filter(settled_at=None)
    assert again.times == 1


def test_the_last_opinion_counts(chloe: Staff, bob: Staff) -> None:
    with acting(chloe.actor):
        verbs.rate(ONE, useful=True)
        verbs.rate(ONE, useful=False)
    with acting(bob.actor):
        verbs.rate(ONE, useful=True)
        page = reads.page_of(ONE, now(), bob.account.pk)
    assert (page.useful, page.useless, page.mine) == (1, 1, True)


def test_a_search_never_reads_all_the_articles(loaded: None, chloe: Staff) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO knowledge_article (code) SELECT 'a' || n FROM generate_series(1, 3000) n")
        cursor.execute(
            """
            INSERT INTO knowledge_articleversion (id, article_id, number, content, title, kinds, see_also, valid_from)
            SELECT gen_random_uuid(), 'a' || n, 1,
                jsonb_build_object('title', md5(n::text), 'words', '[]'::jsonb, 'summary', '', 'sections', '[]'::jsonb),
                md5(n::text), ARRAY['kind-' || n], ARRAY['a' || n + 1], now() - interval '1 day'
            FROM generate_series(1, 3000) n
            """
        )
        settle("knowledge_articleversion")
    with acting(chloe.actor):
        before = rows_scanned("knowledge_articleversion")
        reads.search("carte vitale", now())
        reads.near("vitale pharmacie", now())
        reads.articles_for(["health-card-renewal"], now())
        reads.page_of(ONE, now(), chloe.account.pk)
        assert rows_scanned("knowledge_articleversion") == before
