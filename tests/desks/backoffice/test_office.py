"""The back office: lists looked over before they are loaded, things vouched for by a human, people hired."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import today
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.people.models import Person, StartingList
from gruppetto.registry.people.starting_lists.reading import NEEDED
from gruppetto.registry.staff.models import Absence, WorkingTime
from gruppetto.registry.staff.models import Staff as Record
from gruppetto.service.catalogue.models import HelpLine, KindVersion
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

AGREED = "courrier signé;12/1/2026"


def line(name: str, given: str, born: str = "3/5/1948", postcode: str = "31250") -> str:
    return f"{name};{given};{born};12 rue du Temple;{postcode};Revel;{AGREED}"


def csv(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("revel.csv", "\n".join([";".join(NEEDED), *rows]).encode(), "text/csv")


@pytest.fixture
def received(office: Client, cast: Cast) -> StartingList:
    """One good line, one bad one, one like Jeanne."""
    jeanne = line("Roux", "Jeanne", born="3/5/1944")
    office.post(
        "/gestion/listes/recevoir/",
        {"source": "CCAS de Revel", "file": csv(line("Petit", "Paul"), line("Blanc", "", "hier"), jeanne)},
    )
    with as_owner():
        return StartingList.objects.get()


def test_a_list_is_looked_over_before_anything_is_made(office: Client, received: StartingList) -> None:
    page = office.get(f"/gestion/listes/{received.pk}/")
    found = page.context["found"]
    assert (found.total, found.bad, found.loaded) == (3, 1, 0)
    text = page.content.decode()
    assert "Ligne 3" in text
    assert "Ressemble à Mme Jeanne Roux" in text
    with as_owner():
        assert not Person.objects.filter(family_name="Petit").exists()


def test_a_line_is_decided_then_the_good_ones_are_loaded(office: Client, received: StartingList) -> None:
    address = f"/gestion/listes/{received.pk}/"
    alike = next(one for one in office.get(address).context["found"].lines if one.alike)
    other = "skip" if alike.decision != "skip" else "load"
    done = office.post(f"{address}decider/?voir=ressemblances", {"line": str(alike.id), "decision": other})
    assert done.status_code == 303
    assert done["Location"] == f"{address}?voir=ressemblances#ligne-{alike.number}"
    assert next(one for one in office.get(address).context["found"].lines if one.alike).decision == other
    refused = office.post(f"{address}charger/")
    assert refused.status_code == 422
    assert "1 ligne sur 3 a une erreur" in refused.content.decode()
    assert office.post(f"{address}charger/", {"only_good": "1"}).status_code == 303
    with as_owner():
        received.refresh_from_db()
        assert received.state == "loading"
    assert "Charger" not in [*office.get(address).context["look"].word.split()]


def test_a_file_is_kept_while_the_rest_is_corrected(office: Client, cast: Cast) -> None:
    page = office.post("/gestion/listes/recevoir/", {"source": "", "file": csv(line("Petit", "Paul"))})
    assert page.status_code == 422
    assert "Inutile de choisir de nouveau « revel.csv »" in page.content.decode()
    done = office.post("/gestion/listes/recevoir/", {"source": "CCAS de Revel"})
    assert done.status_code == 303
    with as_owner():
        assert StartingList.objects.get().name == "revel.csv"
    assert "Votre fichier est gardé" not in office.get("/gestion/listes/").content.decode()


def test_the_file_that_waits_is_sealed_in_the_session(office: Client, cast: Cast) -> None:
    office.post("/gestion/listes/recevoir/", {"source": "", "file": csv(line("Petit", "Paul"))})
    assert "Petit" not in str(dict(office.session))


def test_a_file_that_cannot_be_read_says_why_and_the_source_stays(office: Client, cast: Cast) -> None:
    bad = SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "text/csv")
    page = office.post("/gestion/listes/recevoir/", {"source": "CCAS de Revel", "file": bad})
    assert page.status_code == 422
    assert page.context["form"]["source"].value() == "CCAS de Revel"
    assert page.context["form"].errors["file"]
    again = office.post("/gestion/listes/recevoir/", {"source": "CCAS de Revel"})
    assert "Choisissez le fichier." in again.content.decode()


def test_the_same_file_is_not_received_twice(office: Client, received: StartingList) -> None:
    with as_owner():
        name = received.name
    jeanne = line("Roux", "Jeanne", born="3/5/1944")
    again = csv(line("Petit", "Paul"), line("Blanc", "", "hier"), jeanne)
    page = office.post("/gestion/listes/recevoir/", {"source": "CCAS de Revel", "file": again})
    assert page.status_code == 422
    assert "déjà été reçu" in page.content.decode()
    assert name == "revel.csv"


def test_a_list_given_up_leaves_nothing_typed(office: Client, received: StartingList) -> None:
    assert office.post(f"/gestion/listes/{received.pk}/abandonner/").status_code == 303
    again = office.post(f"/gestion/listes/{received.pk}/abandonner/")
    assert again.status_code == 422
    assert "Petit" not in office.get(f"/gestion/listes/{received.pk}/?voir=toutes").content.decode()


def test_an_address_of_a_list_that_means_nothing_is_said_so(office: Client, received: StartingList) -> None:
    for query in ("?voir=rien", "?apres=x"):
        assert office.get(f"/gestion/listes/{received.pk}/{query}").status_code == 404


@pytest.fixture
def railway(db: None) -> Organisation:
    """An organisation nobody checked."""
    with as_owner():
        return Organisation.objects.create(
            kind="provider", name="Chemins de fer", name_key="chemins de fer", phone="3635"
        )


def test_an_organisation_is_vouched_for_by_a_human_then_corrected(
    office: Client, gisele: Staff, railway: Organisation
) -> None:
    address = f"/gestion/organismes/{railway.pk}/"
    assert "À vérifier" in office.get(address).content.decode()
    assert office.post(f"{address}verifier/").status_code == 303
    assert office.get("/gestion/organismes/?a_verifier=on").context["rows"] == []
    with as_owner():
        railway.refresh_from_db()
        assert (railway.checked_by_id, railway.checked_on) == (gisele.account.pk, today())
    wrong = office.post(f"{address}corriger/", {"name": "Chemins de fer", "phone": "12 34 x"})
    assert wrong.status_code == 422
    assert wrong.context["form"]["phone"].value() == "12 34 x"
    office.post(f"{address}corriger/", {"name": "Chemins de fer", "phone": "09 70 60 99 70"})
    with as_owner():
        railway.refresh_from_db()
        assert (railway.phone, railway.checked_on) == ("+33970609970", None)


def test_organisations_are_filtered_by_nature(office: Client, railway: Organisation) -> None:
    assert office.get("/gestion/organismes/?nature=funder").context["rows"] == []
    assert len(office.get("/gestion/organismes/?nature=provider").context["rows"]) == 1


def test_entries_of_the_catalogue_are_vouched_for(office: Client, gisele: Staff, cast: Cast) -> None:
    assert office.post("/gestion/catalogue/demarche/health-card-renewal/verifier/").status_code == 303
    assert office.post("/gestion/catalogue/numero/3114/verifier/").status_code in (303, 404)
    with as_owner():
        kind = KindVersion.objects.get(kind_id="health-card-renewal")
        line_code = HelpLine.objects.filter(checked_on=None).values_list("code", flat=True).first()
        assert (kind.checked_by, kind.checked_on) == (gisele.account.name, today())
    assert line_code is not None
    done = office.post(f"/gestion/catalogue/numero/{line_code}/verifier/")
    assert done["Location"] == f"/gestion/catalogue/#numero-{line_code}"
    again = office.post(f"/gestion/catalogue/numero/{line_code}/verifier/")
    assert again.status_code == 422
    assert office.post("/gestion/catalogue/autre/x/verifier/").status_code == 404
    # The menu alone still says it.
    page = office.get("/gestion/catalogue/demarches/health-card-renewal/").content.decode()
    assert page.count("À vérifier") == 1


def test_a_page_read_vouches_for_nothing(office: Client, cast: Cast, railway: Organisation) -> None:
    office.get(f"/gestion/organismes/{railway.pk}/verifier/")
    office.get("/gestion/catalogue/demarche/health-card-renewal/verifier/")
    with as_owner():
        assert Organisation.objects.get().checked_on is None
        assert not KindVersion.objects.exclude(checked_on=None).exists()


WEEK = {"day_1": "8 h 30 – 12 h 30, 13 h 30 – 18 h", "day_2": "8:30-12:30", "day_3": "", "day_4": "9h à 12h"}


def test_an_account_gets_its_record_with_hours_as_people_type_them(office: Client) -> None:
    luc = staff("Luc", "agent")
    assert "Ouvrir la fiche de Luc" in office.get("/gestion/equipe/").content.decode()
    form = {
        **WEEK,
        "starts": "1/12/2026",
        "phone": "06 12 34 56 78",
        "takes_calls": "on",
        "languages": ["fr"],
    }
    done = office.post(f"/gestion/equipe/comptes/{luc.account.pk}/", form)
    assert done.status_code == 303
    with as_owner():
        record = Record.objects.get(account=luc.account)
        assert (record.starts, record.takes_calls) == (date(2026, 12, 1), True)
        assert WorkingTime.objects.filter(staff=record).count() == 4
    page = office.get(done["Location"])
    assert page.context["form"]["day_1"].value() == "8 h 30 – 12 h 30, 13 h 30 – 18 h"
    twice = office.post(f"/gestion/equipe/comptes/{luc.account.pk}/", form)
    assert twice.status_code == 422


@pytest.mark.parametrize(
    "typed", ["le matin", "8h30", "25 h – 26 h", "12 h – 8 h", "8 h – 12 h, 11 h – 14 h"]
)
def test_hours_that_cannot_be_read_stay_as_typed(office: Client, typed: str) -> None:
    luc = staff("Luc", "agent")
    page = office.post(f"/gestion/equipe/comptes/{luc.account.pk}/", {"day_1": typed, "starts": "1/12/2026"})
    assert page.status_code == 422
    assert page.context["form"]["day_1"].value() == typed
    with as_owner():
        assert not Record.objects.exists()


def test_a_record_is_changed_and_its_end_noted(office: Client, cast: Cast) -> None:
    address = f"/gestion/equipe/{cast.alice.record.pk}/"
    shown = office.get(address).context["form"].initial
    typed = {name: value for name, value in shown.items() if name.startswith("day_")}
    done = office.post(address, {**typed, "day_5": "", "phone": "", "ends": "31/12/2026"})
    assert done.status_code == 303
    with as_owner():
        cast.alice.record.refresh_from_db()
        assert cast.alice.record.ends == date(2026, 12, 31)
        assert not WorkingTime.objects.filter(staff=cast.alice.record, weekday=5).exists()


def test_an_absence_is_noted_by_the_back_office_too(office: Client, cast: Cast) -> None:
    day = f"{today() + timedelta(days=2):%d/%m/%Y}"
    asked = {"staff": str(cast.alice.record.pk), "first": day, "last": day}
    assert "Bob le suit" in office.get("/gestion/absences/nouvelle/", asked).content.decode()
    assert office.post("/gestion/absences/nouvelle/", {**asked, "reason": "training"}).status_code == 303
    with as_owner():
        assert Absence.objects.get().reason == "training"


def test_the_first_page_counts_what_waits(office: Client, cast: Cast, railway: Organisation) -> None:
    staff("Luc", "agent")
    page = office.get("/gestion/")
    assert (page.context["organisations"], page.context["to_hire"]) == (1, 2)
    assert page.context["kinds"] == 10


def test_the_back_office_sees_nobody_s_story(office: Client, gisele: Staff, cast: Cast) -> None:
    make.intervention(cast.jeanne, cast.alice)
    with acting(gisele.actor):
        assert not Person.objects.exists()
    assert office.get(f"/responsable/personnes/{cast.jeanne.pk}/").status_code == 403
