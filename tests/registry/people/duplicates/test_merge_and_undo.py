"""Two records become one person and can be parted again; what a human must decide is never decided for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from gruppetto.kernel.access.rows import same_person
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, TooLate, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.people import reads, verbs
from gruppetto.registry.people.duplicates.plan import plan
from gruppetto.registry.people.duplicates.verbs import merge, undo
from gruppetto.registry.people.merging import Pair
from gruppetto.registry.people.models import Consent, Merge, MergeLine, Need, Person, Phone, Suspect
from tests.registry.people.duplicates.conftest import Twice
from tests.support import factories as make
from tests.support.database import as_owner

Choose = Callable[..., dict[str, str]]
WHY = "la même dame, elle l’a dit"


def united(twice: Twice, choose: Choose, **others: str) -> Merge:
    with acting(twice.dora.actor):
        return merge(twice.roux.pk, twice.martin.pk, WHY, choose(twice.roux, twice.martin, **others))


def test_after_a_merge_there_is_one_person_with_all_the_rows(twice: Twice, every_choice: Choose) -> None:
    with acting(twice.bob.actor):
        verbs.add_phone(twice.martin.pk, "06 39 98 00 01", label="portable", asked="face")
        verbs.note_need(twice.martin.pk, kind="hearing", words="entend mal", source="Jeanne")
    united(twice, every_choice)
    with acting(twice.dora.actor):
        card = reads.card(twice.roux.pk)
        assert [line.shown for line in card.phones] == ["05 61 00 00 01", "06 39 98 00 01"]
        assert [need.words for need in card.needs] == ["entend mal"]
        assert reads.card(twice.martin.pk).person.pk == twice.roux.pk
        assert [found.id for found in reads.search("martin jeanne")] == [twice.roux.pk]
        assert [found.id for found in reads.search("0561000001")] == [twice.roux.pk]
        assert same_person(twice.martin.pk) == same_person(twice.roux.pk) == [twice.roux.pk, twice.martin.pk]
        entry = Entry.objects.get(verb="person.merged")
        assert (entry.person_id, entry.subject_id) == (twice.roux.pk, twice.martin.pk)


def test_rows_keep_who_they_were_filed_on_and_follow_the_portfolio(
    twice: Twice, every_choice: Choose
) -> None:
    with acting(twice.bob.actor):
        need = verbs.note_need(twice.martin.pk, kind="sight", words="voit mal", source="Jeanne")
    united(twice, every_choice)
    with as_owner():
        row = Need.objects.get(pk=need.pk)
        assert (row.person_id, row.subject_id, row.portfolio_id) == (
            twice.martin.pk,
            twice.roux.pk,
            twice.first.pk,
        )
        assert Placement.objects.get(subject_id=twice.roux.pk, until=None).portfolio_id == twice.first.pk
    with acting(twice.alice.actor):
        assert Need.objects.filter(pk=need.pk).exists()
    with acting(twice.bob.actor):
        assert not Person.objects.filter(pk=twice.martin.pk).exists()
        assert not Need.objects.filter(pk=need.pk).exists()


def test_the_human_may_choose_the_other_s_correspondent(twice: Twice, every_choice: Choose) -> None:
    united(twice, every_choice, portfolio="lost")
    with acting(twice.bob.actor):
        assert reads.card(twice.roux.pk).portfolio_id == twice.second.pk
        assert Phone.objects.filter(subject_id=twice.roux.pk, ended_at=None).count() == 1
    with acting(twice.alice.actor):
        assert not Person.objects.filter(pk=twice.roux.pk).exists()


def test_nothing_is_filed_on_a_merged_record(twice: Twice, every_choice: Choose) -> None:
    united(twice, every_choice)
    with acting(twice.dora.actor):
        for act in (
            lambda: verbs.add_phone(twice.martin.pk, "0639980001", asked="face"),
            lambda: verbs.add_relative(
                twice.paul.pk, relative_id=twice.martin.pk, source="Paul", link="amie", asked="face"
            ),
            lambda: verbs.correct_person(twice.martin.pk, given_names="Jeannette", asked="face"),
        ):
            with pytest.raises(Refused, match="réunie avec une autre"):
                act()
    with as_owner(), pytest.raises(Exception, match="is merged into"):
        make.phone(twice.martin, "+33639980002")


def test_undo_gives_back_each_row_and_each_value(twice: Twice, every_choice: Choose) -> None:
    with acting(twice.bob.actor):
        verbs.correct_person(
            twice.martin.pk, email="jeanne@example.test", energy_provider="EDF", asked="face"
        )
        verbs.note_need(twice.martin.pk, kind="sight", words="voit mal", source="Jeanne")
        verbs.choose_word(twice.martin.pk, "tournesol", asked="face")
    before = picture(twice)
    made = united(twice, every_choice)
    with acting(twice.dora.actor):
        kept = reads.card(twice.roux.pk).person
        assert (kept.email, kept.energy_provider, kept.chosen_word) == (
            "jeanne@example.test",
            "EDF",
            "tournesol",
        )
        undo(made.pk, "ce n’est pas elle")
    assert picture(twice) == before
    with acting(twice.dora.actor):
        assert set(made.lines.values_list("state", flat=True)) == {"restored"}
        assert same_person(twice.martin.pk) == [twice.martin.pk]
        assert Suspect.objects.get().state == "refused"
    with acting(twice.bob.actor):
        assert [need.words for need in reads.card(twice.martin.pk).needs] == ["voit mal"]


def picture(twice: Twice) -> dict[str, list[dict[str, object]]]:
    """All the rows of this room and of the placements, but for the counts of changes."""
    with as_owner():
        found: dict[str, list[dict[str, object]]] = {}
        for model in (Person, Phone, Need, Consent, Placement):
            rows = list(model._default_manager.order_by("pk").values())
            found[model.__name__] = [
                {k: v for k, v in row.items() if k not in ("version", "compared_at", "likeness_keys")}
                for row in rows
            ]
        for row, person in zip(found["Person"], Person.objects.order_by("pk"), strict=True):
            row["chosen_word"] = person.chosen_word
        return found


def test_what_changed_since_is_left_for_a_human(twice: Twice, every_choice: Choose) -> None:
    with acting(twice.bob.actor):
        verbs.correct_person(twice.martin.pk, email="jeanne@example.test", asked="face")
    made = united(twice, every_choice)
    with acting(twice.alice.actor):
        verbs.correct_person(twice.roux.pk, email="autre@example.test", asked="face")
        verbs.add_phone(twice.roux.pk, "06 39 98 00 07", asked="face")
    with acting(twice.dora.actor):
        undo(made.pk, "ce n’est pas elle")
        left = MergeLine.objects.get(merge=made, state="left")
        assert left.row_id == twice.roux.pk
        assert reads.card(twice.roux.pk).person.email == "autre@example.test"
        assert [line.shown for line in reads.card(twice.roux.pk).phones] == [
            "05 61 00 00 01",
            "06 39 98 00 07",
        ]
        assert [line.shown for line in reads.card(twice.martin.pk).phones] == ["05 61 00 00 01"]


def test_whoever_has_numbers_keeps_one_to_call_first(twice: Twice, every_choice: Choose) -> None:
    silent = make.person("Noir", "Luc", within=twice.first, first_visit_on=None, birth_date=None)
    with acting(twice.dora.actor):
        made = merge(silent.pk, twice.martin.pk, WHY, every_choice(silent, twice.martin))
        # The main number is the other record's, and goes with it.
        verbs.add_phone(silent.pk, "06 39 98 00 07", asked="face")
        verbs.add_phone(silent.pk, "06 39 98 00 08", asked="face")
        undo(made.pk, "ce n’est pas lui")
        for one, main in ((silent, "06 39 98 00 07"), (twice.martin, "05 61 00 00 01")):
            assert [line.shown for line in reads.card(one.pk).phones if line.main] == [main]


@pytest.mark.parametrize("first_undone", ["inner", "outer"])
def test_a_chain_is_undone_in_any_order(twice: Twice, every_choice: Choose, first_undone: str) -> None:
    with acting(twice.dora.actor):
        third = make.person("Martin", "Jeanne", within=twice.first, first_visit_on=None, birth_date=None)
        inner = merge(twice.roux.pk, twice.martin.pk, WHY, every_choice(twice.roux, twice.martin))
        outer = merge(third.pk, twice.roux.pk, WHY, every_choice(third, twice.again(twice.roux)))
        assert same_person(twice.martin.pk)[0] == third.pk
        assert reads.card(twice.martin.pk).person.pk == third.pk
        undo({"inner": inner, "outer": outer}[first_undone].pk, "non")
        if first_undone == "inner":
            assert same_person(twice.martin.pk) == [twice.martin.pk]
            assert same_person(twice.roux.pk) == [third.pk, twice.roux.pk]
            undo(outer.pk, "non plus")
        else:
            assert same_person(twice.martin.pk) == [twice.roux.pk, twice.martin.pk]
            undo(inner.pk, "non plus")
        for one in (twice.roux, twice.martin, third):
            assert same_person(one.pk) == [one.pk]
            assert twice.again(one).merged_into is None


def test_two_verified_identities_never_merge(twice: Twice, every_choice: Choose) -> None:
    with acting(twice.dora.actor):
        verbs.note_visit(twice.roux.pk)
        verbs.note_visit(twice.martin.pk)
        verbs.correct_person(twice.martin.pk, birth_date="4/5/1944", asked="face")
    with acting(twice.dora.actor), pytest.raises(Refused, match="ce sont deux personnes") as refused:
        merge(
            twice.roux.pk,
            twice.martin.pk,
            WHY,
            every_choice(twice.again(twice.roux), twice.again(twice.martin)),
        )
    assert refused.value.code == "two-identities"
    with acting(twice.dora.actor):
        verbs.correct_person(twice.martin.pk, birth_date="3/5/1944", asked="face")
        roux, martin = twice.again(twice.roux), twice.again(twice.martin)
        merge(roux.pk, martin.pk, WHY, every_choice(roux, martin))


def test_persons_noted_near_each_other_are_two(twice: Twice, every_choice: Choose) -> None:
    make.relative(twice.roux, twice.martin, "sa sœur")
    with acting(twice.dora.actor), pytest.raises(Refused, match="proches l’une de l’autre"):
        merge(twice.roux.pk, twice.martin.pk, WHY, every_choice(twice.roux, twice.martin))


def test_a_conflict_nobody_decided_stops_the_merge(twice: Twice) -> None:
    with acting(twice.dora.actor), pytest.raises(Refused) as refused:
        merge(twice.roux.pk, twice.martin.pk, WHY, {})
    assert (refused.value.code, refused.value.field) == ("undecided", "portfolio")
    with acting(twice.dora.actor), pytest.raises(Refused) as refused:
        merge(twice.roux.pk, twice.martin.pk, WHY, {"portfolio": "nobody"})
    assert refused.value.code == "unknown-choice"


def test_a_record_changed_while_it_was_read_is_read_again(twice: Twice, every_choice: Choose) -> None:
    with acting(twice.dora.actor):
        seen = plan(Pair(twice.roux, twice.martin)).stamp
    with acting(twice.bob.actor):
        verbs.correct_person(twice.martin.pk, given_names="Jeannine", asked="face")
    with acting(twice.dora.actor), pytest.raises(TooLate, match="a changé pendant que vous lisiez"):
        merge(twice.roux.pk, twice.martin.pk, WHY, every_choice(twice.roux, twice.martin), stamp=seen)


def test_what_cannot_be_merged(twice: Twice, every_choice: Choose) -> None:
    choices = {"portfolio": "kept"}
    with acting(twice.dora.actor):
        for kept, lost, why, code in (
            (twice.roux, twice.roux, WHY, "same-record"),
            (twice.roux, twice.martin, "  ", "empty"),
        ):
            with pytest.raises(Refused) as refused:
                merge(kept.pk, lost.pk, why, choices)
            assert refused.value.code == code
    made = united(twice, every_choice)
    with acting(twice.dora.actor):
        for kept, lost in (
            (twice.roux, twice.martin),
            (twice.martin, twice.roux),
            (twice.paul, twice.martin),
        ):
            with pytest.raises(Refused) as refused:
                merge(kept.pk, lost.pk, WHY, choices)
            assert refused.value.code == "person-merged"
        undo(made.pk, "non")
        with pytest.raises(TooLate):
            undo(made.pk, "non")
    with acting(twice.alice.actor), pytest.raises(Unknown):
        merge(twice.roux.pk, twice.martin.pk, WHY, choices)


def test_only_who_leads_merges_whatever_the_page(twice: Twice, every_choice: Choose) -> None:
    with as_owner():
        Person.objects.filter(pk=twice.martin.pk).update(portfolio_id=twice.first.pk)
        Phone.objects.filter(person_id=twice.martin.pk).update(portfolio_id=twice.first.pk)
    with acting(twice.alice.actor), pytest.raises((Refused, NotYours)):
        merge(twice.roux.pk, twice.martin.pk, WHY, every_choice(twice.roux, twice.again(twice.martin)))


def test_agreements_needs_and_rights_are_chosen_by_a_human(twice: Twice, every_choice: Choose) -> None:
    lea = make.person("Roux", "Léa", within=twice.first, subscriber_since=None)
    with acting(twice.dora.actor):
        verbs.give_consent(twice.roux.pk, "sms", "Jeanne", date(2026, 1, 10))
        verbs.give_consent(twice.martin.pk, "sms", "Jeanne", date(2026, 1, 11))
        verbs.withdraw_consent(twice.martin.pk, "sms", date(2026, 2, 1))
        verbs.give_consent(twice.roux.pk, "letter", "Jeanne", date(2026, 1, 10))
        verbs.give_consent(twice.martin.pk, "letter", "Jeanne", date(2026, 1, 12))
        verbs.note_need(twice.roux.pk, kind="hearing", words="sourde d’une oreille", source="Jeanne")
        verbs.note_need(twice.martin.pk, kind="hearing", words="entend mal", source="Jeanne")
        verbs.add_relative(
            twice.roux.pk, relative_id=lea.pk, source="Jeanne", link="sa fille", rights=["see"], asked="face"
        )
        verbs.add_relative(
            twice.martin.pk,
            relative_id=lea.pk,
            source="Jeanne",
            link="sa fille",
            rights=["pay"],
            asked="face",
        )
        roux, martin = twice.again(twice.roux), twice.again(twice.martin)
        codes = set(every_choice(roux, martin))
        assert codes == {"portfolio", "consent_sms", "need_hearing", f"relative_{lea.pk}"}
        made = merge(
            roux.pk,
            martin.pk,
            WHY,
            {
                "portfolio": "kept",
                "consent_sms": "no",
                "need_hearing": "lost",
                f"relative_{lea.pk}": "lost",
            },
        )
        card = reads.card(roux.pk)
        assert set(card.consents) == {"letter"}
        assert [need.words for need in card.needs] == ["entend mal"]
        assert [line.rights for line in card.relatives] == [("pay",)]
        undo(made.pk, "non")
        assert set(reads.card(roux.pk).consents) == {"sms", "letter"}
        assert [line.rights for line in reads.card(roux.pk).relatives] == [("see",)]


def test_the_address_that_stays_keeps_its_proof_and_parting_gives_it_back(
    twice: Twice, every_choice: Callable[..., dict[str, str]]
) -> None:
    with acting(twice.dora.actor):
        verbs.correct_person(twice.martin.pk, email="jeanne@example.test", asked="face")
        proved = verbs.verify_email(twice.martin.pk).email_verified_at
        lost = twice.again(twice.martin)
        made = merge(twice.roux.pk, lost.pk, "la même", every_choice(twice.again(twice.roux), lost))
        assert twice.again(twice.roux).email_verified_at == proved
        undo(made.pk, "à part")
        assert (twice.again(twice.roux).email, twice.again(twice.roux).email_verified_at) == ("", None)
