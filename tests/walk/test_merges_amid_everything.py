"""Random acts of every room, merges, acts, undos: rows follow the merges in force, and parting gives back what was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from gruppetto.kernel.actors import acting
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.models import Consent, Person, Relative
from gruppetto.service.contacts import verbs as contacts
from gruppetto.service.contacts.models import Contact, ContactReason
from gruppetto.service.interventions.models import Intervention, Paper
from tests.registry.people.duplicates.conftest import Twice, twice
from tests.registry.people.duplicates.test_any_order_of_acts import ANY, Acts
from tests.support import factories as make

__all__ = ["twice"]

RIGHTS = st.lists(st.sampled_from(Relative.Right.values), unique=True)


class Everything(Acts):
    """The same acts, and relatives, agreements, visits and requests."""

    tables = (*Acts.tables, Relative, Consent, Contact, ContactReason, Intervention, Paper)
    followed = (*Acts.followed, Relative, Consent, Contact, Intervention)
    asking: make.Colleague

    def somebody(self, who: int) -> Person:
        """The record where an act on one of the five is written today."""
        return Person.objects.get(pk=self.root(self.people[who % len(self.people)]))

    @rule(who=ANY, rights=RIGHTS, trusted=st.booleans())
    def note_a_relative(self, who: int, rights: list[str], trusted: bool) -> None:
        with acting(self.stage.dora.actor):
            owner = self.somebody(who)
            row = people.add_relative(
                owner.pk, source="elle", name="Léa Roux", rights=rights, trusted=trusted, asked="face"
            )
        self.filed[Relative, row.pk] = owner.pk

    @rule(who=ANY, rights=RIGHTS)
    def change_the_rights_of_a_relative(self, who: int, rights: list[str]) -> None:
        with acting(self.stage.dora.actor):
            row = (
                Relative.objects.filter(subject_id=self.somebody(who).pk, ended_on=None)
                .order_by("pk")
                .first()
            )
            if row is not None:
                people.change_relative(row.pk, rights=rights, asked="letter")

    @rule(who=ANY, purpose=st.sampled_from(["sms", "email", "record"]))
    def agree_or_take_back(self, who: int, purpose: str) -> None:
        with acting(self.stage.dora.actor):
            owner = self.somebody(who)
            if Consent.objects.filter(subject_id=owner.pk, purpose=purpose, withdrawn_on=None).exists():
                people.withdraw_consent(owner.pk, purpose)
            else:
                row = people.give_consent(owner.pk, purpose, "elle")
                self.filed[Consent, row.pk] = owner.pk

    @rule(who=ANY, reason=st.sampled_from([("follow-request", "no-news", ""), ("appointment", "make", "")]))
    def come_to_the_counter(self, who: int, reason: tuple[str, str, str]) -> None:
        with acting(self.stage.dora.actor):
            owner = self.somebody(who)
            contact = contacts.visit("counter")
            contacts.choose_person(contact.pk, owner.pk)
            contacts.note_reasons(contact.pk, [reason])
            contacts.hang_up(contact.pk)
            contacts.conclude(contact.pk, "Elle est passée")
        self.filed[Contact, contact.pk] = owner.pk

    @rule(who=ANY)
    def ask_for_something(self, who: int) -> None:
        with acting(self.stage.dora.actor):
            owner = self.somebody(who)
        request = make.intervention(owner, self.asking, complete=False)
        self.filed[Intervention, request.pk] = owner.pk


def shape(twice: Twice, examples: int, steps: int) -> settings:
    """So many plays of so many acts, on this stage."""
    make.catalogue()
    Everything.stage = twice
    Everything.asking = replace(make.colleague("Émile", "agent"), signed_in=twice.dora)
    every = list(HealthCheck)
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=every
    )


def test_any_order_of_acts_of_every_room_merges_and_undos(twice: Twice) -> None:
    run_state_machine_as_test(Everything, settings=shape(twice, 4, 10))


@pytest.mark.soak
def test_many_more_orders_of_acts(twice: Twice) -> None:
    run_state_machine_as_test(Everything, settings=shape(twice, 25, 25))
