"""Random acts, merges, acts, undos: rows always follow the merges in force, and parting gives back what was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gruppetto.kernel.access.models import Alias
from gruppetto.kernel.access.rows import same_person
from gruppetto.kernel.actors import acting
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.people import reads, verbs
from gruppetto.registry.people.duplicates.plan import plan
from gruppetto.registry.people.duplicates.verbs import merge, undo
from gruppetto.registry.people.merging import Pair
from gruppetto.registry.people.models import Merge, Need, Person, Phone
from tests.registry.people.duplicates.conftest import Twice
from tests.support import factories as make
from tests.support.database import as_owner

ANY = st.integers(0, 100)
COUNTED = ("version", "compared_at", "likeness_keys")


def picture(tables: tuple[Any, ...]) -> dict[str, list[dict[str, Any]]]:
    """All that the merges may touch, but for the counts of changes."""
    with as_owner():
        return {
            model.__name__: [
                {name: value for name, value in row.items() if name not in COUNTED}
                for row in model._default_manager.order_by("pk").values()
            ]
            for model in tables
        }


class Acts(RuleBasedStateMachine):
    """A supervisor merges and parts five records while colleagues go on noting things.

    ``tables``: all that a merge may touch. ``followed``: those whose rows are about one of the five.
    """

    stage: Twice
    tables: tuple[Any, ...] = (Person, Phone, Need, Placement)
    followed: tuple[Any, ...] = (Phone, Need)

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        stage = self.stage
        more = [make.person("Noir", name, within=stage.first, first_visit_on=None) for name in ("Luc", "Zoé")]
        self.people = [one.pk for one in (stage.roux, stage.martin, stage.paul, *more)]
        self.parent: dict[UUID, UUID] = {}
        self.merges: list[tuple[UUID, UUID]] = []
        self.filed: dict[tuple[type[Any], UUID], UUID] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def root(self, person: UUID) -> UUID:
        while person in self.parent:
            person = self.parent[person]
        return person

    def alone(self) -> list[UUID]:
        """The records that are not merged."""
        return [one for one in self.people if one not in self.parent]

    def unite(self, kept: UUID, lost: UUID, choice: int) -> Merge:
        people = Person.objects.in_bulk([kept, lost])
        asked = plan(Pair(people[kept], people[lost])).conflicts
        chosen = {one.code: one.choices[choice % len(one.choices)].code for one in asked}
        return merge(kept, lost, "hasard", chosen)

    @rule(who=ANY, number=st.integers(0, 5))
    def note_a_number(self, who: int, number: int) -> None:
        owner = self.root(self.people[who % len(self.people)])
        with acting(self.stage.dora.actor):
            if not Phone.objects.filter(
                subject_id=owner, number=f"+3356100002{number}", ended_at=None
            ).exists():
                row = verbs.add_phone(owner, f"056100002{number}", asked="face")
                self.filed[Phone, row.pk] = owner

    @rule(who=ANY, words=st.sampled_from(["entend mal", "sourd d’une oreille"]))
    def note_a_need(self, who: int, words: str) -> None:
        owner = self.root(self.people[who % len(self.people)])
        with acting(self.stage.dora.actor):
            row = verbs.note_need(owner, kind="hearing", words=words, source="elle")
            self.filed[Need, row.pk] = owner

    @rule(who=ANY, email=st.sampled_from(["a@example.test", "b@example.test", ""]))
    def correct(self, who: int, email: str) -> None:
        with acting(self.stage.dora.actor):
            verbs.correct_person(self.root(self.people[who % len(self.people)]), email=email, asked="face")

    @precondition(lambda self: len(self.alone()) > 1)
    @rule(one=ANY, other=ANY, choice=ANY)
    def merge_two(self, one: int, other: int, choice: int) -> None:
        alone = self.alone()
        kept = alone[one % len(alone)]
        lost = [person for person in alone if person != kept][other % (len(alone) - 1)]
        with acting(self.stage.dora.actor):
            made = self.unite(kept, lost, choice)
        self.parent[lost] = kept
        self.merges.append((made.pk, lost))

    @precondition(lambda self: self.merges)
    @rule(which=ANY)
    def part(self, which: int) -> None:
        merge_id, lost = self.merges.pop(which % len(self.merges))
        with acting(self.stage.dora.actor):
            undo(merge_id, "hasard")
        del self.parent[lost]

    @precondition(lambda self: len(self.alone()) > 1)
    @rule(one=ANY, choice=ANY)
    def merge_then_part_at_once(self, one: int, choice: int) -> None:
        alone = self.alone()
        kept, lost = alone[one % len(alone)], alone[(one + 1) % len(alone)]
        before = picture(self.tables)
        with acting(self.stage.dora.actor):
            undo(self.unite(kept, lost, choice).pk, "hasard")
        assert picture(self.tables) == before

    @invariant()
    def rows_follow_the_merges_in_force(self) -> None:
        with as_owner():
            assert dict(Alias.objects.values_list("person_id", "subject_id")) == {
                lost: self.root(lost) for lost in self.parent
            }
            merged = dict(Person.objects.filter(pk__in=self.people).values_list("pk", "merged_into"))
            assert merged == {one: self.root(one) if one in self.parent else None for one in self.people}
            places = dict(Person.objects.filter(pk__in=self.people).values_list("pk", "portfolio_id"))
            for model in self.followed:
                rows = model._default_manager.filter(person_id__in=self.people)
                for row in rows:
                    assert row.subject_id == self.root(row.person_id)
                    assert row.portfolio_id == places[row.subject_id]
                    assert self.filed.get((model, row.pk), row.person_id) == row.person_id
            for one in self.people:
                assert places[one] == places[self.root(one)]
            for model in self.followed:
                filed = [pk for noted, pk in self.filed if noted is model]
                assert model._default_manager.filter(pk__in=filed).count() == len(filed), "a row was lost"
        with acting(self.stage.dora.actor):
            for one in self.alone():
                card = reads.card(one)
                assert len({line.number for line in card.phones}) == len(card.phones)
                assert sum(line.main for line in card.phones) == bool(card.phones)
                assert set(same_person(one)) == {other for other in self.people if self.root(other) == one}


def test_any_order_of_acts_merges_and_undos(twice: Twice) -> None:
    Acts.stage = twice
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=3, stateful_step_count=7, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
