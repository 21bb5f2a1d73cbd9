"""A reason has a cause, found afterwards by a supervisor, counted with its denominator (Q8)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.causes import reads, verbs
from gruppetto.service.causes.models import Finding
from gruppetto.service.contacts.models import ContactReason
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


def noted(cast: Cast, reason: str, *, rank: int = 1, ago: int = 1, portfolio: int | None = None) -> UUID:
    """A reason noted some days ago in a contact of Jeanne's."""
    key, contact = new_id(), new_id()
    with as_owner():
        ContactReason.objects.create(
            id=key,
            shelf=shelf_of(contact),
            portfolio_id=cast.portfolio.pk if portfolio is None else portfolio,
            department="31",
            contact_id=contact,
            person_id=cast.jeanne.pk,
            reason=reason,
            happened_at=now() - timedelta(days=ago),
            rank=rank,
        )
    return key


def test_each_figure_has_its_denominator_and_its_rows(cast: Cast) -> None:
    first, second, third = (noted(cast, "follow-up", ago=days) for days in (1, 2, 3))
    noted(cast, "complaint")
    noted(cast, "follow-up", ago=400)
    noted(cast, "follow-up", portfolio=990)
    since = now() - YEAR
    with acting(cast.sylvie.actor):
        verbs.find(first, "our-delay")
        verbs.find(second, "our-delay")
        verbs.find(second, "no-news")
        lines = reads.counted(since)
        assert [(one.reason, one.noted, one.found) for one in lines] == [
            ("follow-up", 3, 2),
            ("complaint", 1, 0),
        ]
        assert lines[0].causes == {"": 1, "our-delay": 1, "no-news": 1}
        for cause, rows in (
            ("our-delay", [first]),
            ("no-news", [second]),
            ("", [third]),
            (None, [first, second, third]),
        ):
            page = reads.behind(since, "follow-up", cause, None)
            assert [row.pk for row in page.rows] == rows
        assert reads.found_for(page.rows) == {first: "our-delay", second: "no-news"}
    with as_owner():
        said = [
            Body.objects.get(pk=one.pk).data
            for one in Entry.objects.filter(verb="cause.found", subject_id=second)
        ]
        assert sorted(said) == [
            '{"before":"","cause":"our-delay"}',
            '{"before":"our-delay","cause":"no-news"}',
        ]


def test_who_came_back_and_who_complained_wait_first(cast: Cast) -> None:
    back = noted(cast, "follow-up", rank=3, ago=3)
    complaint = noted(cast, "complaint", ago=2)
    plain = noted(cast, "follow-up", ago=1)
    since = now() - YEAR
    with acting(cast.sylvie.actor):
        assert [row.pk for row in reads.waiting(since, None).rows] == [complaint, back]
        assert [row.pk for row in reads.waiting(since, None, first=False).rows] == [plain, complaint, back]
        verbs.find(complaint, "our-mistake")
        assert [row.pk for row in reads.waiting(since, None).rows] == [back]


def test_only_a_supervisor_finds_causes_and_only_of_the_list(cast: Cast) -> None:
    reason, elsewhere = noted(cast, "follow-up"), noted(cast, "follow-up", portfolio=990)
    with acting(cast.sylvie.actor):
        with pytest.raises(Refused) as said:
            verbs.find(reason, "the-weather")
        assert said.value.code == "unknown-cause"
        with pytest.raises(Unknown):
            verbs.find(elsewhere, "our-delay")
    with acting(cast.alice.actor), pytest.raises(Refused):
        verbs.find(reason, "our-delay")
    with acting(cast.sylvie.actor):
        verbs.find(reason, "our-delay")
    with acting(cast.alice.actor):
        assert not Finding.objects.exists()
    with acting(cast.sylvie.actor):
        assert Finding.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM causes_finding")


def test_the_list_is_the_back_office_s_and_what_was_found_keeps_its_words(cast: Cast) -> None:
    keeper, reason = make.colleague("Denise", "back_office"), noted(cast, "follow-up")
    with acting(cast.sylvie.actor):
        verbs.find(reason, "our-delay")
        with pytest.raises(Refused):
            verbs.add("Le guichet était fermé")
    with acting(keeper.actor):
        added = verbs.add(" Le  guichet était fermé ")
        assert (added.code, added.label) == ("le-guichet-etait-ferme", "Le guichet était fermé")
        for label, code in (
            ("", "empty"),
            ("x" * 81, "too-long"),
            ("Le guichet était fermé", "cause-there-already"),
        ):
            with pytest.raises(Refused) as said:
                verbs.add(label)
            assert said.value.code == code
        verbs.retire("our-delay")
        with pytest.raises(Unknown):
            verbs.retire("our-delay")
        for rank in range(verbs.MOST - reads.causes_in_force(now()).count()):
            verbs.add(f"Cause {rank}")
        with pytest.raises(Refused, match="15 causes"):
            verbs.add("Une de trop")
    with acting(cast.sylvie.actor):
        assert reads.cause_labels()["our-delay"] == "Notre délai est dépassé"
        assert "our-delay" not in reads.causes_in_force(now()).values_list("code", flat=True)
        assert reads.counted(now() - YEAR)[0].causes == {"our-delay": 1}
