"""A list shows what its filters ask, within what its reader may see, in its order, at a fixed cost."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.filters import Filters
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.interventions.stage import MONDAY, days
from tests.service.interventions.test_reading import queries
from tests.service.worklists.conftest import Work
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def shown(who: make.Colleague, **filters: object) -> list[UUID]:
    """What a colleague's list shows."""
    with acting(who.actor), clock.at(MONDAY + days(5)):
        return [row.pk for row in reads.page(reads.ask(Filters.of(**filters))).rows]


def test_mine_comes_oldest_due_first(cast: Cast, work: Work) -> None:
    assert shown(cast.alice, qui="moi") == work.jeanne
    assert shown(cast.bob, qui="moi") == [work.paul]
    assert shown(cast.sylvie, qui="moi") == []


def test_nobody_sees_beyond_their_portfolios_whatever_the_filters(cast: Cast, work: Work) -> None:
    for asked in (
        {},
        {"qui": cast.bob.account.pk},
        {"portefeuille": cast.other.pk},
        {"equipe": cast.team.pk},
        {"equipe": "la-mienne"},
        {"commune": "31451"},
        {"etat": "toutes"},
    ):
        assert work.paul not in shown(cast.alice, **asked), asked
    assert shown(cast.charlie) == []
    assert set(shown(cast.sylvie)) == {*work.jeanne, work.paul}


def test_each_filter_narrows(cast: Cast, work: Work) -> None:
    first, second, third = work.jeanne
    stage.put(Intervention(pk=second), "waiting_person", worker=cast.alice)
    with as_owner():
        Intervention.objects.filter(pk=first).update(
            urgent=True, reopened=1, domain="private", grade="complex"
        )
        Intervention.objects.filter(pk=third).update(worker_id=None, state="opened", queue_reason="absente")
    for asked, expected in (
        ({"etat": "attend-personne"}, [second]),
        ({"etat": "en-attente"}, [second]),
        ({"etat": ["ouverte", "attend-personne"]}, [second, third]),
        ({"urgent": True}, [first]),
        ({"rouverte": True}, [first]),
        ({"domaine": "private"}, [first]),
        ({"niveau": "complex"}, [first]),
        ({"qui": "personne"}, [third]),
        ({"qui": ["personne", cast.alice.account.pk], "portefeuille": cast.portfolio.pk}, work.jeanne),
        ({"type": "health-card-renewal", "du": "2026-03-03", "au": "2026-03-03"}, [second]),
        ({"departement": "82"}, []),
        ({"commune": "31451", "urgent": True}, [first]),
        ({"equipe": "la-mienne", "qui": cast.bob.account.pk}, [work.paul]),
        ({"territoire": "la-mienne", "portefeuille": cast.other.pk}, [work.paul]),
        ({"territoire": uuid4()}, []),
        ({"besoin": "hearing"}, []),
        ({"protegee": True}, []),
        ({"cote": True}, []),
    ):
        assert shown(cast.sylvie, **asked) == expected, asked


def test_what_waits_for_the_person_is_never_late(cast: Cast, work: Work) -> None:
    with as_owner():
        Intervention.objects.update(due_at=MONDAY)
    stage.put(Intervention(pk=work.jeanne[0]), "waiting_person", worker=cast.alice)
    assert set(shown(cast.alice, retard=True)) == set(work.jeanne[1:])
    assert shown(cast.alice, echeance="aujourdhui", etat="attend-personne") == [work.jeanne[0]]


@pytest.mark.parametrize("order", ["echeance", "attente", "immobiles", "recentes"])
@pytest.mark.parametrize("states", ["a-faire", "toutes", "en-attente"])
def test_pages_follow_each_other_in_every_order(cast: Cast, work: Work, order: str, states: str) -> None:
    keys = [*work.jeanne, work.paul]
    if states == "en-attente":
        for key, state in zip(
            keys, ["waiting_person", "waiting_paper", "waiting_provider"] * 2, strict=False
        ):
            stage.put(Intervention(pk=key), state, worker=cast.sylvie)
    if states == "toutes":
        stage.put(Intervention(pk=keys[1]), "closed", worker=cast.alice)
    with as_owner():
        # Not the order in which they were opened.
        for rank, key in enumerate([keys[2], keys[0], keys[3], keys[1]]):
            at = MONDAY + days(rank)
            Intervention.objects.filter(pk=key).update(due_at=at, opened_at=at, state_since=at)
    expected = [keys[2], keys[0], keys[3], keys[1]]
    asked = Filters.of(etat=states, tri=order)
    found, after = [], None
    with acting(cast.sylvie.actor):
        while True:
            page = reads.page(reads.ask(asked), after, size=1)
            found += [row.pk for row in page.rows]
            if not page.after:
                break
            after = UUID(page.after)
        assert [row.pk for chunk in reads.in_order(reads.ask(asked)) for row in chunk] == found
    assert found == (expected[::-1] if order == "recentes" else expected)
    assert str(page.total) == "4"


def test_a_cursor_that_is_gone_says_so(cast: Cast, work: Work) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        reads.page(reads.ask(Filters()), work.paul)
    assert refused.value.code == "cursor-gone"


def test_a_page_costs_the_same_whatever_there_is(cast: Cast, work: Work) -> None:
    with acting(cast.sylvie.actor):
        with queries(5):
            first = reads.page(reads.ask(Filters()), size=1)
        with queries(6):
            reads.page(reads.ask(Filters()), UUID(first.after), size=3)
        everything = Filters.of(
            qui=cast.alice.account.pk, equipe="la-mienne", commune="31451", du="1/3/2026", etat="toutes"
        )
        with queries(5):
            reads.page(reads.ask(everything))


def test_the_lists_beside_are_counted_with_the_page_each_up_to_its_cap(
    cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = [Filters(), Filters.of(qui="moi"), Filters.of(equipe=cast.team.pk)]
    monkeypatch.setattr(reads, "RAIL_CAP", 3)
    with acting(cast.sylvie.actor):
        asked = reads.ask(Filters.of(qui=cast.alice.account.pk))
        with queries(4):
            found = reads.page(asked, beside=beside)
    assert str(found.total) == "3"
    assert [str(count) for count in found.beside] == ["3\u00a0+", "0", "3\u00a0+"]


def test_a_reader_of_no_portfolio_reads_nothing(cast: Cast, work: Work) -> None:
    with acting(cast.charlie.actor):
        found = reads.page(reads.ask(Filters()), beside=[Filters()])
    assert (found.rows, found.after, str(found.total), str(found.beside[0])) == ([], "", "0", "0")
