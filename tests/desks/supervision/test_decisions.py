"""What a supervisor decides: each with its reason, said back, refused beside what was typed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.coverage.models import Holding, Placement
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.people.models import Person
from gruppetto.registry.staff.models import Absence
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.interventions.jobs import follow_portfolio
from gruppetto.service.interventions.models import Intervention, Move
from gruppetto.service.messages.jobs import tell_of_hand_over, tell_of_placement
from gruppetto.service.messages.models import Message
from tests.desks.supervision.conftest import Line
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def typed(day: object) -> str:
    """A day as people type it."""
    return day.strftime("%d/%m/%Y")  # type: ignore[attr-defined]


def test_a_request_is_confided_with_a_reason(
    cast: Cast, sylvie: Client, request_of_jeanne: Intervention
) -> None:
    done = sylvie.post(
        f"/responsable/interventions/{request_of_jeanne.pk}/confier/?file=en-cours",
        {"account": str(cast.sylvie.account.pk), "why": "Alice est en formation"},
    )
    assert done.status_code == 303
    assert done["Location"] == "/responsable/interventions/?file=en-cours"
    with as_owner():
        request_of_jeanne.refresh_from_db()
        assert request_of_jeanne.worker_id == cast.sylvie.account.pk
        assert Move.objects.filter(intervention=request_of_jeanne, why="Alice est en formation").exists()
    assert "est confiée à Sylvie" in sylvie.get(done["Location"]).content.decode()


def test_without_a_reason_nothing_moves_and_the_choice_stays(
    cast: Cast, sylvie: Client, request_of_jeanne: Intervention
) -> None:
    page = sylvie.post(
        f"/responsable/interventions/{request_of_jeanne.pk}/confier/",
        {"account": str(cast.bob.account.pk), "why": "  "},
    )
    assert page.status_code == 422
    assert page.context["form"]["account"].value() == str(cast.bob.account.pk)
    assert page.context["form"].errors["why"]
    with as_owner():
        request_of_jeanne.refresh_from_db()
        assert request_of_jeanne.worker_id == cast.alice.account.pk


def test_only_those_who_see_it_and_are_there_are_offered_and_the_usual_one_is_said(
    cast: Cast, sylvie: Client, request_of_jeanne: Intervention
) -> None:
    choices = dict(
        sylvie.get(f"/responsable/interventions/{request_of_jeanne.pk}/")
        .context["form"]
        .fields["account"]
        .choices
    )
    assert str(cast.bob.account.pk) not in choices
    assert (
        choices[str(cast.alice.account.pk)]
        == "Alice – 1 en cours, 0 en retard – suit ce portefeuille aujourd’hui"
    )


def test_who_is_away_is_not_offered(cast: Cast, sylvie: Client, request_of_jeanne: Intervention) -> None:
    with as_owner():
        during = (today(), today() + timedelta(days=1))
        Absence.objects.create(staff=cast.alice.record, during=during, reason="sick")
    page = sylvie.get(f"/responsable/interventions/{request_of_jeanne.pk}/")
    assert [name for _key, name in page.context["form"].fields["account"].choices] == [
        "Sylvie – 0 en cours, 0 en retard"
    ]


def test_a_request_of_nobody_says_why_and_leads_to_placing_its_person(
    cast: Cast, sylvie: Client, paul: Person
) -> None:
    request = make.intervention(paul, cast.sylvie)
    page = sylvie.get(f"/responsable/interventions/{request.pk}/").content.decode()
    assert "La personne n’est dans aucun portefeuille." in page
    assert f'href="/responsable/personnes/{paul.pk}/"' in page
    sylvie.post(f"/responsable/personnes/{paul.pk}/placer/", {"portfolio": cast.other.pk, "reason": "Revel"})
    with as_owner("interventions.follow_portfolio"):
        follow_portfolio.func(portfolio_id=cast.other.pk)
        request.refresh_from_db()
    assert request.worker_id == cast.bob.account.pk


def test_a_person_is_placed_as_proposed_and_what_was_weighed_is_shown(
    cast: Cast, sylvie: Client, paul: Person
) -> None:
    page = sylvie.get(f"/responsable/personnes/{paul.pk}/")
    form = page.context["place_form"]
    assert form["portfolio"].value() == str(cast.other.pk)
    assert {row[0] for row in page.context["weighed"]} == {cast.portfolio.name, cast.other.name}
    done = sylvie.post(
        f"/responsable/personnes/{paul.pk}/placer/",
        {"portfolio": str(cast.other.pk), "reason": form["reason"].value()},
    )
    assert done.status_code == 303
    with as_owner():
        assert Placement.objects.get(person_id=paul.pk, until=None).portfolio_id == cast.other.pk


def test_a_move_tells_the_person_who_follows_them_now_and_why(cast: Cast, sylvie: Client) -> None:
    sylvie.post(
        f"/responsable/personnes/{cast.jeanne.pk}/placer/",
        {"portfolio": str(cast.other.pk), "reason": "Alice change de secteur."},
    )
    with as_owner():
        placement = Placement.objects.get(person_id=cast.jeanne.pk, until=None)
    about = {"placement": str(placement.pk), "before": str(cast.portfolio.pk)}
    with as_owner("messages.tell_of_placement"):
        for _twice in range(2):
            tell_of_placement.func(about=about)
        told = Message.objects.get(person_id=cast.jeanne.pk)
    assert told.kind == "new-correspondent"
    assert "votre correspondant est Bob" in told.text
    assert "La raison : Alice change de secteur." in told.text


def test_the_first_portfolio_is_said_in_person_not_by_letter(cast: Cast, paul: Person) -> None:
    with as_owner():
        placement = Placement.objects.create(
            person_id=paul.pk,
            shelf=paul.shelf,
            portfolio=cast.other,
            since="2026-11-20T10:00Z",
            reason="premier",
        )
    with as_owner("messages.tell_of_placement"):
        tell_of_placement.func(about={"placement": str(placement.pk), "before": "0"})
        assert not Message.objects.filter(person_id=paul.pk).exists()


def test_a_person_already_there_is_refused_and_the_reason_stays(cast: Cast, sylvie: Client) -> None:
    page = sylvie.post(
        f"/responsable/personnes/{cast.jeanne.pk}/placer/",
        {"portfolio": str(cast.portfolio.pk), "reason": "elle y tient"},
    )
    assert page.status_code == 422
    assert "déjà dans ce portefeuille" in page.content.decode()
    assert page.context["place_form"]["reason"].value() == "elle y tient"


def test_somebody_is_found_without_their_name_in_an_address(cast: Cast, sylvie: Client) -> None:
    page = sylvie.post("/responsable/personnes/", {"q": "roux"})
    assert [item.name for item in page.context["listed"].items] == ["Mme Jeanne Roux"]
    assert page.request["QUERY_STRING"] == ""


def test_a_portfolio_is_handed_over_after_seeing_what_changes(
    cast: Cast, sylvie: Client, request_of_jeanne: Intervention
) -> None:
    address = f"/responsable/portefeuilles/{cast.portfolio.pk}/transmettre/"
    day = today() + timedelta(days=10)
    asked = {"staff": str(cast.bob.record.pk), "on": typed(day)}
    preview = sylvie.get(address, asked)
    text = preview.content.decode()
    assert preview.context["about"].holder == cast.alice.record
    assert "Une personne change de correspondant." in text
    assert "Une demande en cours passe au nouveau titulaire" in text
    with as_owner():
        assert Holding.objects.filter(portfolio=cast.portfolio).count() == 1
    refused = sylvie.post(address, {**asked, "why": ""})
    assert refused.status_code == 422
    assert refused.context["form"]["on"].value() == typed(day)
    assert sylvie.post(address, {**asked, "why": "départ à la retraite"}).status_code == 303
    with as_owner():
        assert Holding.objects.get(portfolio=cast.portfolio, during__contains=day).staff == cast.bob.record


def test_each_subscriber_of_a_portfolio_handed_over_is_told_once(cast: Cast) -> None:
    with as_owner():
        Holding.objects.filter(portfolio=cast.portfolio).delete()
        holding = Holding.objects.create(
            portfolio=cast.portfolio,
            staff=cast.bob.record,
            capacity="holder",
            during=(today(), None),
            why="départ à la retraite",
        )
    about = {"holding": str(holding.pk), "on": today().isoformat()}
    with as_owner("messages.tell_of_hand_over"):
        for _twice in range(2):
            tell_of_hand_over.func(portfolio_id=cast.portfolio.pk, about=about)
        assert [one.person_id for one in Message.objects.all()] == [cast.jeanne.pk]


def test_a_day_gone_by_is_refused_before_anything_is_shown(cast: Cast, sylvie: Client) -> None:
    page = sylvie.get(
        f"/responsable/portefeuilles/{cast.portfolio.pk}/transmettre/",
        {"staff": str(cast.bob.record.pk), "on": typed(today() - timedelta(days=1))},
    )
    assert not page.context["ready"]
    assert page.context["form"].errors["on"]


def test_an_absence_shows_who_steps_in_then_is_noted(cast: Cast, sylvie: Client) -> None:
    asked = {
        "staff": str(cast.alice.record.pk),
        "first": typed(today()),
        "last": typed(today() + timedelta(days=4)),
    }
    preview = sylvie.get("/responsable/absences/nouvelle/", asked)
    assert "Portefeuille 1 : Bob le suit ces jours-là" in preview.content.decode()
    assert "Attention : elle devait remplacer" not in preview.content.decode()
    with as_owner():
        assert not Absence.objects.exists()
    assert sylvie.post("/responsable/absences/nouvelle/", {**asked, "reason": "leave"}).status_code == 303
    with as_owner():
        assert Absence.objects.get().staff == cast.alice.record
    assert "Alice" in sylvie.get("/responsable/absences/").content.decode()


def test_what_an_absence_leaves_uncovered_is_said_first(cast: Cast, sylvie: Client) -> None:
    with as_owner():
        Absence.objects.create(
            staff=cast.bob.record, during=(today(), today() + timedelta(days=2)), reason="leave"
        )
    day = typed(today())
    page = sylvie.get(
        "/responsable/absences/nouvelle/", {"staff": str(cast.alice.record.pk), "first": day, "last": day}
    ).content.decode()
    assert "Ces portefeuilles n’auront personne" in page
    assert "Bob, remplaçant habituel, est absent aussi." in page


def test_an_absence_that_overlaps_is_refused_with_its_preview_kept(cast: Cast, sylvie: Client) -> None:
    asked = {"staff": str(cast.alice.record.pk), "first": typed(today()), "last": typed(today())}
    sylvie.post("/responsable/absences/nouvelle/", {**asked, "reason": "leave"})
    page = sylvie.post("/responsable/absences/nouvelle/", {**asked, "reason": "sick"})
    assert page.status_code == 422
    assert "Une absence est déjà notée sur ces jours." in page.content.decode()
    assert page.context["preview"] is not None


def test_an_absence_ends_after_it_begins(cast: Cast, sylvie: Client) -> None:
    page = sylvie.get(
        "/responsable/absences/nouvelle/",
        {
            "staff": str(cast.alice.record.pk),
            "first": typed(today() + timedelta(days=3)),
            "last": typed(today()),
        },
    )
    assert page.context["preview"] is None
    assert page.context["form"].errors["last"]


def test_a_letter_is_printed_then_handed_over_once(cast: Cast, sylvie: Client, letter: Message) -> None:
    address = f"/responsable/courriers/{letter.pk}/"
    assert "Alice part à la retraite" in sylvie.get(address).content.decode()
    paper = sylvie.get(f"{address}courrier.pdf?gros=1")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert sylvie.post(f"{address}remis/").status_code == 303
    again = sylvie.post(f"{address}remis/")
    assert again.status_code == 422
    assert "déjà remis" in again.content.decode()


def test_a_letter_without_an_address_says_what_to_do(cast: Cast, sylvie: Client, letter: Message) -> None:
    with as_owner():
        cast.jeanne.addresses.all().delete()
    page = sylvie.get(f"/responsable/courriers/{letter.pk}/courrier.pdf")
    assert page.status_code == 422
    assert "Il manque l’adresse de la personne" in page.content.decode()


def test_a_contact_of_nobody_is_called_back(cast: Cast, sylvie: Client, line: Line) -> None:
    done = sylvie.post(f"/responsable/contacts/{line.unattached.pk}/rappeler/")
    assert done.status_code == 303
    with as_owner():
        assert CallBack.objects.get(contact_id=line.unattached.pk).why == "promised"


def test_a_number_that_was_hidden_cannot_be_called_back(cast: Cast, sylvie: Client, line: Line) -> None:
    with as_owner():
        line.unattached.number = ""
        line.unattached.save()
    page = sylvie.post(f"/responsable/contacts/{line.unattached.pk}/rappeler/")
    assert page.status_code == 422
    assert page.context["form"].errors


def test_nothing_is_decided_by_reading_an_address(cast: Cast, sylvie: Client, paul: Person) -> None:
    for address in (
        f"interventions/{uuid4()}/confier/",
        f"personnes/{paul.pk}/placer/",
        f"courriers/{uuid4()}/remis/",
        f"contacts/{uuid4()}/rappeler/",
    ):
        assert sylvie.get(f"/responsable/{address}").status_code == 303
    with acting(Actor.command("test")), as_owner():
        assert not Placement.objects.filter(person_id=paul.pk).exists()
