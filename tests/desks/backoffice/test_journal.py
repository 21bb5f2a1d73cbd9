"""The auditor reads the journal: by whom, when, what, about whom; never themselves; a body may be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from gruppetto.desks.backoffice.audit_words import KEYS
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import today
from gruppetto.kernel.journal import act, look
from gruppetto.kernel.journal.forgetting import forget
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.kernel.journal.verbs import declared
from gruppetto.registry.people.reads import card
from gruppetto.service.interventions import verbs as work
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import Staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def verbs(client: Client, query: str = "") -> list[str]:
    return [line.entry.verb for line in client.get(f"/journal/{query}").context["found"].lines]


def test_acts_looks_and_refusals_are_read_with_their_words(cast: Cast, audit: Client) -> None:
    make.intervention(cast.jeanne, cast.alice)
    with acting(cast.alice.actor):
        card(cast.jeanne.pk)
    cast.charlie.signed_in.client().get("/journal/")
    page = audit.get("/journal/")
    kinds = {line.entry.kind for line in page.context["found"].lines}
    assert kinds == {"act", "look", "refusal"}
    said = {(row[1], row[2].value) for row in page.context["rows"]}
    assert ("Alice", "a ouvert une intervention") in said
    assert ("Charlie", "a demandé une chose refusée") in said
    assert "ability-missing" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [("nature=look", {"person.opened"}), ("verbe=intervention.opened", {"intervention.opened"})],
)
def test_the_journal_is_narrowed_by_nature_and_by_verb(
    cast: Cast, audit: Client, query: str, expected: set[str]
) -> None:
    make.intervention(cast.jeanne, cast.alice)
    with acting(cast.alice.actor):
        card(cast.jeanne.pk)
    assert set(verbs(audit, f"?{query}")) == expected


def test_the_journal_is_narrowed_by_who_and_by_whom(cast: Cast, audit: Client) -> None:
    paul = make.person("Petit", "Paul", within=cast.other)
    for who, whom in ((cast.alice, cast.jeanne), (cast.bob, paul)):
        with acting(who.actor):
            card(whom.pk)
    assert verbs(audit, f"?qui={cast.alice.account.pk}&nature=look") == ["person.opened"]
    lines = audit.get(f"/journal/?personne={paul.pk}").context["found"].lines
    assert {line.who for line in lines} == {"Bob"}


def test_the_journal_is_narrowed_by_period(cast: Cast, audit: Client) -> None:
    with acting(cast.alice.actor):
        card(cast.jeanne.pk)
    day, before = f"{today():%d/%m/%Y}", f"{today() - timedelta(days=1):%d/%m/%Y}"
    assert "person.opened" in verbs(audit, f"?du={day}&au={day}")
    assert verbs(audit, f"?au={before}") == []


def test_nobody_audits_themselves_and_the_page_says_so(cast: Cast, audit: Client, aude: Staff) -> None:
    with acting(aude.actor):
        mine = look("journal.read")
    with acting(cast.alice.actor):
        card(cast.jeanne.pk)
    page = audit.get("/journal/")
    assert all(line.entry.account_id != aude.account.pk for line in page.context["found"].lines)
    assert "Vos propres entrées n’y sont pas" in page.content.decode()
    assert audit.get(f"/journal/{mine}/").status_code == 404
    assert verbs(audit, f"?qui={aude.account.pk}") != ["journal.read"]


def test_reading_the_journal_is_in_the_journal(audit: Client, aude: Staff) -> None:
    audit.get("/journal/")
    with as_owner():
        assert Entry.objects.filter(verb="journal.read", account_id=aude.account.pk, kind="look").exists()


def test_what_nobody_signed_in_did_is_there_too(audit: Client) -> None:
    Client().post("/compte/connexion/", {"login": "inconnu@example.test", "password": "x"})
    assert "session.refused" in verbs(audit)


def test_a_forgotten_body_is_said_forgotten_and_an_empty_one_is_not(cast: Cast, audit: Client) -> None:
    with acting(cast.alice.actor):
        kept = act("portfolio.handed_over", body={"why": "départ"})
        empty = act("contact.hung_up")
        gone = act("portfolio.handed_over", body={"why": "retraite"})
        broken = act("portfolio.handed_over", body={"why": "mutation"})
    with as_owner():
        assert forget(gone, "demande 12")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_body DISABLE TRIGGER append_only")
            Body.objects.filter(entry_id=broken).delete()
            cursor.execute("ALTER TABLE journal_body ENABLE TRIGGER append_only")
    bodies = {line.entry.pk: line.body for line in audit.get("/journal/").context["found"].lines}
    assert bodies[kept] == (("raison", "départ"),)
    assert bodies[empty] == ()
    assert bodies[gone] is None
    page = audit.get(f"/journal/{gone}/").content.decode()
    assert "Contenu oublié" in page
    assert "retraite" not in page
    assert "Contenu altéré" not in page
    assert "Contenu altéré" in audit.get(f"/journal/{broken}/").content.decode()
    assert "Contenu oublié" in audit.get("/journal/").content.decode()


def test_an_entry_shows_what_was_done_in_the_same_gesture(cast: Cast, audit: Client) -> None:
    request = make.intervention(cast.jeanne, cast.alice)
    cast.sylvie.signed_in.client().post(
        f"/responsable/interventions/{request.pk}/confier/",
        {"account": str(cast.sylvie.account.pk), "why": "pour avancer"},
    )
    with as_owner():
        one = Entry.objects.get(verb="intervention.assign", account_id=cast.sylvie.account.pk)
    page = audit.get(f"/journal/{one.pk}/")
    assert page.context["line"].entry.pk == one.pk
    assert one.pk not in {line.entry.pk for line in page.context["others"]}
    assert "pour avancer" in page.content.decode()


def test_the_journal_is_read_page_by_page_without_loss(cast: Cast, audit: Client) -> None:
    with acting(cast.alice.actor):
        made = {look("person.opened", person_id=cast.jeanne.pk) for _ in range(70)}
    where = f"personne={cast.jeanne.pk}&nature=look"
    first = audit.get(f"/journal/?{where}").context["found"]
    second = audit.get(f"/journal/?{where}&apres={first.after}").context["found"]
    assert len(first.lines) == 50
    assert second.after == ""
    assert {line.entry.pk for line in (*first.lines, *second.lines)} == made


def test_a_page_of_the_journal_costs_the_same_whatever_it_holds(
    cast: Cast, audit: Client, django_assert_max_num_queries: object
) -> None:
    with acting(cast.alice.actor):
        for _ in range(40):
            act("portfolio.handed_over", body={"why": "essai"})
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # a fixture of pytest-django
        audit.get("/journal/")


def test_a_person_is_found_by_name_and_birth_date_together_and_it_is_written(
    cast: Cast, audit: Client
) -> None:
    page = audit.post("/journal/personne/", {"name": "roux", "birth_date": "3/5/44"})
    assert page.context["found"] == [(cast.jeanne.pk, "Jeanne Roux")]
    with as_owner():
        assert Entry.objects.filter(verb="person.audited", person_id=cast.jeanne.pk).count() == 1
    wrong = audit.post("/journal/personne/", {"name": "roux", "birth_date": "4/5/44"})
    assert wrong.context["found"] == []
    assert audit.post("/journal/personne/", {"name": "roux", "birth_date": ""}).status_code == 422


def test_only_an_auditor_finds_a_person_so(cast: Cast) -> None:
    for who in (cast.alice, cast.sylvie, cast.charlie):
        with acting(who.actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people.find_to_audit('roux', %s)", [cast.jeanne.birth_date])
            assert cursor.fetchone() == (0,)


def test_an_account_of_nobody_is_no_filter(audit: Client) -> None:
    page = audit.get("/journal/?qui=x")
    assert page.status_code == 200
    assert page.context["form"].errors["qui"]
    with as_owner():
        assert Account.objects.exists()


def test_bodies_are_read_in_words(cast: Cast, audit: Client) -> None:
    assert {key for verb in declared().values() for key in verb.body} <= set(KEYS)
    opened = make.intervention(cast.jeanne, cast.alice)
    with acting(cast.alice.actor):
        work.start(opened.pk)
        work.hand_on(opened.pk, cast.sylvie.account.pk, "Elle préfère le matin.")
        act("rota.day_changed", body={"day": "2026-12-01", "hours": "8 h – 12 h", "why": ""})
    lines = audit.get("/journal/").context["found"].lines
    bodies = {line.entry.verb: dict(line.body) for line in lines}
    assert (bodies["intervention.start"]["d’où"], bodies["intervention.start"]["vers"]) == (
        "confiée",
        "en cours",
    )
    assert bodies["intervention.offered"] == {"à": "Sylvie"}
    assert bodies["rota.day_changed"] == {"jour": "1er décembre 2026", "heures": "8 h – 12 h", "raison": "–"}
