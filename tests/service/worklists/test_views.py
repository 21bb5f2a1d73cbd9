"""Views: kept for oneself, shown by who leads, never more than its reader may see."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.service.worklists import presets, reads
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import SavedView
from gruppetto.service.worklists.verbs import change_view, remove_view, save_view
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, days
from tests.service.worklists.conftest import Work
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
LATE = Filters.of(retard=True)


def names(who: make.Colleague) -> list[str]:
    """The saved views a colleague finds."""
    with acting(who.actor):
        return [view.name for view in presets.saved_views()]


def opens(who: make.Colleague, role: str) -> str:
    """The view that opens first."""
    with acting(who.actor):
        return presets.first(role, presets.views(role, presets.saved_views())).label


def test_a_view_of_ones_own_is_nobody_elses(cast: Cast) -> None:
    with acting(cast.alice.actor):
        view = save_view("  Mes retards ", LATE)
    assert names(cast.alice) == ["Mes retards"]
    assert names(cast.bob) == names(cast.sylvie) == []
    with acting(cast.bob.actor):
        for act in (lambda: remove_view(view.pk), lambda: change_view(view.pk, name="À moi")):
            with pytest.raises(Unknown):
                act()


def test_who_leads_shows_a_view_to_the_team_and_only_they_change_it(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        view = save_view("Retards de l’équipe", LATE, team=cast.team.pk)
        save_view("Du territoire", LATE, territory=cast.team.territory_id)
    assert names(cast.alice) == ["Du territoire", "Retards de l’équipe"]
    assert names(cast.charlie) == []
    with acting(cast.alice.actor):
        for act in (lambda: remove_view(view.pk), lambda: change_view(view.pk, name="À moi")):
            with pytest.raises(NotYours):
                act()
        with pytest.raises(NotYours):
            save_view("Pour tous", LATE, team=cast.team.pk)
    with as_owner():
        assert Entry.objects.filter(verb="view.shared", subject_id=view.pk).count() == 1


def test_the_database_itself_refuses_to_share_what_one_does_not_lead(cast: Cast) -> None:
    with acting(cast.alice.actor):
        mine = save_view("À moi", LATE)
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE worklists_savedview SET audience = 'team', team_id = %s WHERE id = %s",
                [cast.team.pk, mine.pk],
            )


def test_a_shared_view_never_shows_more_than_its_reader_sees(cast: Cast, work: Work) -> None:
    with acting(cast.sylvie.actor):
        shown = {
            name: save_view(name, filters, team=cast.team.pk)
            for name, filters in (
                ("Portefeuille de Bob", Filters.of(portefeuille=cast.other.pk)),
                ("Ce que suit Bob", Filters.of(qui=cast.bob.account.pk)),
                ("À moi", Filters.of(qui="moi", etat="toutes")),
                ("Tout", Filters.of(etat="toutes")),
            )
        }
    with acting(cast.alice.actor), clock.at(MONDAY + days(5)):
        found = {view.name: presets.of_saved(view) for view in presets.saved_views()}
        assert set(found) == set(shown)
        rows = {
            name: {row.pk for row in reads.page(reads.ask(view.filters or LATE)).rows}
            for name, view in found.items()
        }
        beside = [view.filters or LATE for view in found.values()]
        counted = reads.page(reads.ask(Filters()), beside=beside).beside
    assert rows == {
        "Portefeuille de Bob": set(),
        "Ce que suit Bob": set(),
        "À moi": set(work.jeanne),
        "Tout": set(work.jeanne),
    }
    assert [count.number for count in counted] == [len(rows[name]) for name in found]


def test_mine_opens_first_unless_somebody_chose(cast: Cast) -> None:
    assert opens(cast.alice, "correspondent") == "À moi"
    assert opens(cast.sylvie, "supervisor") == "Mes équipes"
    with acting(cast.sylvie.actor):
        save_view("Du matin", LATE, team=cast.team.pk, opens_for="correspondent")
        with pytest.raises(Refused) as refused:
            save_view("Du soir", LATE, team=cast.team.pk, opens_for="correspondent")
    assert "s’ouvre déjà d’abord" in str(refused.value)
    assert opens(cast.alice, "correspondent") == "Du matin"
    assert opens(cast.sylvie, "supervisor") == "Mes équipes"
    with acting(cast.alice.actor):
        save_view("La mienne", LATE, opens_for="me")
        second = save_view("Une autre", LATE, opens_for="me")
    assert opens(cast.alice, "correspondent") == "Une autre"
    with acting(cast.alice.actor):
        remove_view(second.pk)
    assert opens(cast.alice, "correspondent") == "Du matin"


def test_a_view_that_became_impossible_is_said_to_be_so(cast: Cast) -> None:
    with acting(cast.alice.actor):
        view = save_view("Ancienne", LATE)
    with as_owner():
        SavedView.objects.filter(pk=view.pk).update(filters={"etat": ["disparue"]}, opens_for="me")
    with acting(cast.alice.actor):
        known = presets.views("correspondent", presets.saved_views())
        broken = presets.chosen(str(view.pk), known)
        assert broken.filters is None
        assert "« disparue » n’est pas un choix possible" in broken.broken
        assert presets.first("correspondent", known).label == "À moi"
        with pytest.raises(Unknown):
            presets.chosen("rien", known)


def test_a_view_has_a_name_of_its_own(cast: Cast) -> None:
    with acting(cast.alice.actor):
        save_view("Mes retards", LATE)
        for name, said in (("Mes retards", "porte déjà ce nom"), ("  ", "Donnez un nom")):
            with pytest.raises(Refused, match=said):
                save_view(name, LATE)
