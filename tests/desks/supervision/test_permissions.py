"""Who may open which address of the supervisor's desk: the expected table is complete and exact."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from gruppetto.desks.supervision import rota_urls
from gruppetto.desks.supervision.urls import urlpatterns
from gruppetto.insight.indicators.busy import refresh_calls
from gruppetto.kernel.clock import PARIS, today
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, ProtectedRecord
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.messages.models import Message
from tests.desks.supervision.conftest import Line
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.permissions import ROLES, names, only, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(
    cast: Cast,
    request_of_jeanne: Intervention,
    paul: Person,
    letter: Message,
    alarm: ProtectedRecord,
    line: Line,
    doubted: Contact,
    given_up: CallBack,
) -> dict[str, str]:
    """One address for each name, about something that exists."""
    _a_call_on_a_monday_morning()
    desk = "/responsable/"
    return {
        "home": desk,
        "figures": f"{desk}chiffres/",
        "load": f"{desk}charge/",
        "rail": f"{desk}files/",
        "calls": f"{desk}appels/",
        "contacts": f"{desk}contacts/",
        "contact": f"{desk}contacts/{line.unattached.pk}/",
        "call_back": f"{desk}contacts/{line.unattached.pk}/rappeler/",
        "given_up": f"{desk}rappels-abandonnes/",
        "one_given_up": f"{desk}rappels-abandonnes/{given_up.pk}/",
        "settle_given_up": f"{desk}rappels-abandonnes/{given_up.pk}/regler/",
        "identities": f"{desk}identites/",
        "identity": f"{desk}identites/{doubted.pk}/",
        "identity_seen": f"{desk}identites/{doubted.pk}/lue/",
        "work": f"{desk}interventions/",
        "intervention": f"{desk}interventions/{request_of_jeanne.pk}/",
        "assign": f"{desk}interventions/{request_of_jeanne.pk}/confier/",
        "persons": f"{desk}personnes/",
        "person": f"{desk}personnes/{cast.jeanne.pk}/",
        "place": f"{desk}personnes/{paul.pk}/placer/",
        "letters": f"{desk}courriers/",
        "letter": f"{desk}courriers/{letter.pk}/",
        "letter_pdf": f"{desk}courriers/{letter.pk}/courrier.pdf",
        "handed_over": f"{desk}courriers/{letter.pk}/remis/",
        "sendings": f"{desk}envois/",
        "decide_sending": f"{desk}envois/{letter.pk}/decider/",
        "end_dead_end": f"{desk}envois/coordonnees/{letter.pk}/verifiee/",
        "protected": f"{desk}fiches-protegees/",
        "record": f"{desk}fiches-protegees/{alarm.pk}/",
        "duplicates": f"{desk}doublons/",
        "duplicate": f"{desk}doublons/{letter.pk}/",
        "unite": f"{desk}doublons/{letter.pk}/reunir/",
        "tell_apart": f"{desk}doublons/{letter.pk}/deux-personnes/",
        "merge": f"{desk}fiches-reunies/{letter.pk}/",
        "part": f"{desk}fiches-reunies/{letter.pk}/separer/",
        "territory": f"{desk}territoire/",
        "hand_over": f"{desk}portefeuilles/{cast.portfolio.pk}/transmettre/",
        "absences": f"{desk}absences/",
        "declare_absence": f"{desk}absences/nouvelle/",
        "waiting": f"{desk}attente/",
        "waiting_part": f"{desk}attente/direct/",
        "busy_calls": f"{desk}attente/appels/?jour=1&creneau=18",
        "call_backs": f"{desk}rappels/",
        "indicators": f"{desk}indicateurs/",
        "indicator": f"{desk}indicateurs/fcr/",
        "indicator_rows": f"{desk}indicateurs/fcr/lignes/",
        "map": f"{desk}carte/",
        "rota": f"{desk}planning/",
        "rota_day": f"{desk}planning/{cast.alice.record.pk}/{today()}/",
        "reset_day": f"{desk}planning/{cast.alice.record.pk}/{today()}/habituel/",
    }


def _a_call_on_a_monday_morning() -> None:
    """So that a half hour of the week was counted."""
    monday = today() - timedelta(days=today().weekday() + 7)
    rang = datetime.combine(monday, time(9), PARIS)
    with as_owner():
        LineCall.objects.create(
            contact_id=new_id(), line="main", masked="06", recognition="known", state="missed", rang_at=rang
        )
        refresh_calls(monday, monday)


# Another team's supervisor sees the same pages, and nothing of ours in them.
ANOTHER_TEAM_S = {
    "contact",
    "identity",
    "call_back",
    "intervention",
    "person",
    "letter",
    "letter_pdf",
    "record",
}
ANOTHER_TEAM_S |= {"rota_day", "reset_day"}
# Acts are posted; read, their address leads back to the page they belong to.
ACTS = {
    "assign",
    "place",
    "handed_over",
    "call_back",
    "unite",
    "tell_apart",
    "part",
    "identity_seen",
    "settle_given_up",
}
# No pair and no merge has this number: said to whoever may ask.
UNKNOWN = {"duplicate", "merge"}
# The same for a day put back as usual, once it is known to be of one's own team.
OWN_ACTS = {"reset_day"}
# Their address is for forms only.
POSTED = {"decide_sending", "end_dead_end"}
# Who takes calls promises call backs.
TAKE_CALLS = ("agent", "correspondent", "supervisor")


def expected(name: str) -> dict[str, int]:
    if name == "call_back":
        return {**only("supervisor", 303), **dict.fromkeys(TAKE_CALLS, 303)}
    if name in POSTED:
        return only("supervisor", 405)
    if name in ACTS:
        return only("supervisor", 303)
    return only("supervisor", 404 if name in ANOTHER_TEAM_S | UNKNOWN else 200)


def test_the_table_of_addresses_is_complete(addresses: dict[str, str]) -> None:
    assert set(addresses) == names(urlpatterns)


def test_each_role_opens_what_it_may_and_nothing_else(addresses: dict[str, str]) -> None:
    found = statuses(addresses)
    assert found == {name: expected(name) for name in addresses}


def test_the_supervisor_of_the_team_opens_all_of_it(sylvie: Client, addresses: dict[str, str]) -> None:
    found = {name: sylvie.get(address).status_code for name, address in addresses.items()}
    kinds = {
        **dict.fromkeys(ACTS | OWN_ACTS, 303),
        **dict.fromkeys(POSTED, 405),
        **dict.fromkeys(UNKNOWN, 404),
    }
    assert found == {name: kinds.get(name, 200) for name in addresses}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "supervisor"])
def test_an_act_sent_by_another_role_changes_nothing(
    cast: Cast, addresses: dict[str, str], role: str
) -> None:
    visitor = make.colleague("Zoé", role).signed_in.client()
    for name in ACTS - {"call_back"} | OWN_ACTS | {"hand_over", "declare_absence", "rota_day"}:
        assert visitor.post(addresses[name], {"why": "essai"}).status_code == 403, name


def test_one_s_own_rota_is_for_those_who_have_one() -> None:
    found = statuses(dict.fromkeys(names(rota_urls.urlpatterns), "/planning/"))
    answering = dict.fromkeys(("agent", "correspondent", "supervisor"), 200)
    assert found == {"mine": {**dict.fromkeys(ROLES, 403), "nobody": 302, **answering}}
