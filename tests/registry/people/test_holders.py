"""Each table with rows about a person says why, how long, and how they end; rows follow the person."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Q

from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.access.rows import PersonRow
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people import identity, reads, verbs
from gruppetto.registry.people.holders import declare_rows, holders, move, undeclared
from gruppetto.registry.people.models import Need, Person, Phone, StartingList
from tests.registry.people.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner


def test_every_table_of_this_room_about_a_person_is_in_the_register() -> None:
    assert [label for label in undeclared() if label.split(".")[0] in {"people", "access", "journal"}] == []


def test_each_entry_of_the_register_reads_as_sentences() -> None:
    for holder in holders():
        assert str(holder.why)
        assert str(holder.kept)
        assert holder.days is None or holder.days >= 0
        # The lookup that names the person exists.
        assert holder.model._default_manager.filter(Q(**{holder.person_field: None})).query
        assert holder.moves == issubclass(holder.model, PersonRow)


def test_a_table_is_declared_once_and_ends_one_way() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare_rows(Phone, why="x", kept="x")
    with pytest.raises(ValueError, match="deleted, kept, or blanked"):
        declare_rows(StartingList, why="x", kept="x", erased="burnt")
    with pytest.raises(ValueError, match="deleted, kept, or blanked"):
        declare_rows(StartingList, why="x", kept="x", erased="blanked")


@pytest.mark.django_db
def test_all_the_rows_of_a_person_follow_them_into_another_portfolio(cast: Cast) -> None:
    other = make.person("Petit", "Paul", within=cast.portfolio)
    with acting(cast.alice.actor):
        verbs.note_need(cast.jeanne.pk, "sight", "lunettes", "elle")
        verbs.note_need(other.pk, "sight", "lunettes", "lui")
        verbs.correct_person(cast.jeanne.pk, energy_provider="EDF", phone_provider="Orange", asked="face")
        verbs.note_visit(cast.jeanne.pk, date(2026, 5, 3))
        identity.draw(cast.jeanne.pk, other.pk)
    with as_owner():
        entries = Entry.objects.filter(person_id=cast.jeanne.pk, portfolio_id=cast.portfolio_id).count()
        # Person, home, number, need, two questions; the placement and the past belong to others.
        assert move(cast.jeanne.pk, cast.other_id) == 6
        assert move(cast.jeanne.pk, cast.other_id) == 0
        assert (
            Entry.objects.filter(person_id=cast.jeanne.pk, portfolio_id=cast.portfolio_id).count() == entries
        )
        assert not Grant.objects.filter(person_id=cast.jeanne.pk).exists()
        assert Need.objects.get(person=other).portfolio_id == cast.portfolio_id
    with acting(cast.bob.actor):
        assert reads.card(cast.jeanne.pk).needs
    with acting(cast.alice.actor):
        assert not Person.objects.filter(pk=cast.jeanne.pk).exists()
        assert not Phone.objects.filter(person=cast.jeanne).exists()


@pytest.mark.django_db
def test_nobody_moves_a_person_into_a_portfolio_they_do_not_see(cast: Cast) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        verbs_move(cast)
    assert refused.value.code == "out-of-scope"


def verbs_move(cast: Cast) -> None:
    from gruppetto.kernel.actors import verb

    verb(lambda: move(cast.jeanne.pk, cast.other_id))()
