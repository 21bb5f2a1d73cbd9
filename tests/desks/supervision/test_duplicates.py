"""A supervisor looks at two records side by side, merges them, parts them; nothing happens by itself."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gruppetto.kernel.actors import acting
from gruppetto.registry.people import verbs
from gruppetto.registry.people.duplicates import finding
from gruppetto.registry.people.models import Merge, Person, Suspect
from tests.registry.people.conftest import as_worker, journaled
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

LIST = "/responsable/doublons/"


@dataclass(frozen=True)
class Pair:
    """Jeanne twice; the second record is in another territory."""

    suspect: Suspect
    jeanne: Person
    again: Person

    @property
    def page(self) -> str:
        return f"{LIST}{self.suspect.pk}/"


@pytest.fixture
def pair(cast: Cast) -> Pair:
    far = make.portfolio(make.team("Comminges"))
    again = make.person(
        cast.jeanne.family_name,
        cast.jeanne.given_names,
        within=far,
        birth_date=cast.jeanne.birth_date,
        usage_name=cast.jeanne.usage_name,
        email="jeanne@example.test",
        first_visit_on=None,
        subscriber_since=None,
    )
    make.phone(again, "+33561000099")
    with as_worker("test"):
        finding.sweep()
    with as_owner():
        return Pair(Suspect.objects.get(), cast.jeanne, again)


def choices(client: Client, pair: Pair, **more: str) -> dict[str, str]:
    """What a human posts: the first choice of each question, as the page asks them."""
    shown = client.get(pair.page).context
    fields = {name: shown["form"].fields[name].choices[0][0] for name in shown["form"].codes}
    return {**fields, "kept": str(shown["kept"].pk), "stamp": shown["stamp"], "why": "elle l’a dit", **more}


def test_the_list_says_who_and_why(sylvie: Client, pair: Pair) -> None:
    text = sylvie.get(LIST).content.decode()
    assert text.count(f"{pair.jeanne.full_name} (") >= 2
    assert "Même nom, mêmes prénoms, même date de naissance" in text
    assert "Doublons à regarder" in text


def test_both_records_are_read_side_by_side_with_a_trace(sylvie: Client, cast: Cast, pair: Pair) -> None:
    with acting(cast.sylvie.actor):
        assert not Person.objects.filter(pk=pair.again.pk).exists()
    text = sylvie.get(pair.page).content.decode()
    assert "jeanne@example.test" in text
    assert "05 61 00 00 99" in text
    assert "Qui suivra la personne ?" in text
    assert "person.compared" in journaled(pair.again.pk)
    assert "person.compared" in journaled(pair.jeanne.pk)


def test_a_supervisor_merges_then_parts(sylvie: Client, pair: Pair) -> None:
    answer = sylvie.post(f"{pair.page}reunir/", choices(sylvie, pair))
    assert answer.status_code == 303, answer.context["form"].errors
    with as_owner():
        made = Merge.objects.get()
        assert Person.objects.get(pk=made.lost_id).merged_into == made.kept_id == pair.jeanne.pk
    text = sylvie.get(answer["Location"]).content.decode()
    assert "elle l’a dit" in text
    moved = sylvie.get(reverse("correspondent:person", args=[pair.again.pk]))
    assert moved["Location"] == reverse("correspondent:person", args=[pair.jeanne.pk])
    assert "Aucune fiche ne semble en double" in sylvie.get(LIST).content.decode()
    assert (
        f"avec la fiche « {pair.again.full_name} »" in sylvie.get(LIST, {"file": "reunies"}).content.decode()
    )
    empty = sylvie.post(f"{answer['Location']}separer/", {"why": ""})
    assert empty.status_code == 422
    assert sylvie.post(f"{answer['Location']}separer/", {"why": "deux sœurs"}).status_code == 303
    text = sylvie.get(answer["Location"]).content.decode()
    assert "Les deux fiches sont séparées" in text
    assert "Remise comme avant" in text
    with as_owner():
        assert Person.objects.get(pk=pair.again.pk).portfolio_id == pair.again.portfolio_id


def test_nothing_is_decided_for_the_human(sylvie: Client, pair: Pair) -> None:
    typed = choices(sylvie, pair)
    unanswered = {name: value for name, value in typed.items() if not name.startswith("choice_")}
    answer = sylvie.post(f"{pair.page}reunir/", unanswered)
    assert answer.status_code == 422
    assert "elle l’a dit" in answer.content.decode()
    with as_owner():
        assert not Merge.objects.exists()


def test_a_record_changed_meanwhile_is_shown_again(sylvie: Client, cast: Cast, pair: Pair) -> None:
    typed = choices(sylvie, pair)
    with acting(cast.alice.actor):
        verbs.correct_person(pair.jeanne.pk, energy_provider="EDF", asked="face")
    answer = sylvie.post(f"{pair.page}reunir/", typed)
    assert answer.status_code == 422
    assert "a changé pendant que vous lisiez" in answer.content.decode()
    assert sylvie.post(f"{pair.page}reunir/", choices(sylvie, pair)).status_code == 303


def test_two_persons_are_told_apart_and_decided_once(sylvie: Client, pair: Pair) -> None:
    assert sylvie.post(f"{pair.page}deux-personnes/", {"apart": "deux cousines"}).status_code == 303
    assert "Aucune fiche ne semble en double" in sylvie.get(LIST).content.decode()
    assert sylvie.get(pair.page).status_code == 409
    assert sylvie.post(f"{pair.page}reunir/", {}).status_code == 409


def test_the_other_record_may_be_the_one_kept(sylvie: Client, pair: Pair) -> None:
    shown = sylvie.get(pair.page, {"garder": str(pair.again.pk)}).context
    assert shown["kept"].pk == pair.again.pk
    assert sylvie.get(pair.page, {"garder": "nobody"}).context["kept"].pk == pair.jeanne.pk


def test_the_page_costs_the_same_for_one_row_as_for_many(sylvie: Client, pair: Pair) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert sylvie.get(pair.page).status_code == 200
        return len(asked)

    sylvie.get(pair.page)
    before = cost()
    for rank in range(12):
        make.phone(pair.again, f"+335610001{rank:02d}", main=False)
    assert cost() == before
