"""The level of identity rules the page and the verbs: below level 2 nothing personal is in the HTML at all."""

from __future__ import annotations

import pytest

from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts import verbs
from gruppetto.service.interventions import verbs as work
from gruppetto.service.interventions.models import Intervention
from tests.desks.call_desk.conftest import Desk, answer_rightly, script_of
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

# What belongs to Jeanne, with the least level at which the screen may show it. Everything but her name, which the
# agent has just chosen, and what helps to talk with her.
PERSONAL = {
    "Sourde de l’oreille gauche": 2,
    "Renouveler la carte de son petit-fils": 2,
    "Votre carte est en route": 2,
    "Elle attend sa carte depuis un mois": 2,
    "Revel": 2,
    "Suivie par Alice": 2,
    '"item-name">Suivre une demande en cours': 2,
    "rue du Temple": 3,
    "3 mai 1944": 3,
    "jeanne.roux@example.test": 3,
    "05 82 00 00 07": 3,
}
NEVER = ("Enercoop", "Orange", "mésange")
ALWAYS = ("Parler lentement", "Les silences", "Mme Jeanne Roux")


@pytest.fixture
def story(cast: Cast, gateway: Actor) -> Intervention:
    """Jeanne has a past with us: a contact, a request with its answer, a relative, coordinates."""
    paul = make.person("Castelnau", "Paul", title="mr", subscriber_since=None)
    make.phone(paul, "+33639980077")
    make.relative(cast.jeanne, paul, "son voisin", trusted=True)
    earlier = ring(gateway)
    with acting(cast.charlie.actor):
        verbs.take(earlier.pk)
        verbs.choose_person(earlier.pk, cast.jeanne.pk)
        verbs.note_reasons(earlier.pk, [("follow-request", "no-news", "")])
        verbs.conclude(earlier.pk, "Elle attend sa carte depuis un mois")
    with acting(cast.alice.actor):
        people.add_phone(cast.jeanne.pk, "05 82 00 00 07", asked="face")
        people.correct_person(cast.jeanne.pk, email="jeanne.roux@example.test", asked="face")
        request = make.intervention(cast.jeanne, cast.alice, title="Renouveler la carte de son petit-fils")
        work.start(request.pk)
        return work.answer(request.pk, "done", "Votre carte est en route")


def shown(desk: Desk) -> str:
    """The whole page, its no-break spaces as plain ones."""
    return desk.see().replace("\u00a0", " ")


def leaks(page: str, level: int) -> list[str]:
    """What is on the page and should not be, and what should be and is not."""
    wrong = [secret for secret, least in PERSONAL.items() if (secret in page) != (least <= level)]
    return wrong + [secret for secret in NEVER if secret in page]


def test_with_nobody_chosen_the_page_knows_names_and_nothing_else(
    cast: Cast, facts: None, story: Intervention, call: Desk
) -> None:
    page = shown(call)
    assert "Mme Jeanne Roux" in page
    # The commune tells candidates of the same name apart.
    assert [secret for secret in leaks(page, 0) if secret != "Revel"] == []


def test_at_level_one_nothing_personal_is_in_the_page(
    cast: Cast, facts: None, story: Intervention, chosen: Desk
) -> None:
    assert chosen.contact().level == 1
    page = shown(chosen)
    assert leaks(page, 1) == []
    assert all(word in page for word in ALWAYS)
    assert "Castelnau" not in page
    assert "son voisin (06 •• •• •• 77)" in page
    assert str(story.pk) not in page


def test_at_level_zero_nothing_personal_is_in_the_page(
    cast: Cast, facts: None, story: Intervention, gateway: Actor
) -> None:
    unknown = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        verbs.take(unknown.pk)
        verbs.choose_person(unknown.pk, cast.jeanne.pk)
    desk = Desk(cast.charlie.signed_in.client(), unknown.pk)
    assert desk.contact().level == 0
    page = shown(desk)
    assert leaks(page, 0) == []
    assert all(word in page for word in ALWAYS)


def test_at_level_two_the_page_tells_of_requests_not_of_coordinates(
    cast: Cast, facts: None, story: Intervention, matched: Desk
) -> None:
    page = shown(matched)
    assert leaks(page, 2) == []
    assert "Castelnau" in page


def test_at_level_three_the_page_tells_everything_but_the_answers_on_file(
    cast: Cast, facts: None, story: Intervention, gateway: Actor
) -> None:
    ringing = ring(gateway)
    with acting(cast.alice.actor):
        verbs.take(ringing.pk)
        verbs.choose_person(ringing.pk, cast.jeanne.pk)
    desk = Desk(cast.alice.signed_in.client(), ringing.pk)
    desk.send("identite/reconnue/", how="voice")
    assert desk.contact().level == 3
    assert leaks(shown(desk), 3) == []


def test_the_repeat_is_said_before_typing_its_matter_only_once_recognised(
    cast: Cast, facts: None, story: Intervention, chosen: Desk
) -> None:
    assert "2ᵉ contact aujourd’hui pour la même chose" in shown(chosen)
    assert "is-repeat" not in shown(chosen)
    answer_rightly(cast, chosen)
    assert shown(chosen).count("2ᵉ contact aujourd’hui pour la même chose") == 2
    assert "is-repeat" in shown(chosen)


@pytest.mark.parametrize("decision", ["yes", "no", "resume", "drop"])
def test_below_level_two_no_decision_on_a_request_is_taken(
    cast: Cast, facts: None, story: Intervention, chosen: Desk, decision: str
) -> None:
    page = chosen.send(f"demandes/{story.pk}/", 422, decision=decision, why="Rien reçu")
    assert "Votre carte est en route" not in page
    with as_owner():
        assert Intervention.objects.get(pk=story.pk).state == "answered"


def test_a_request_above_the_level_is_refused_by_the_verb_too(cast: Cast, facts: None, chosen: Desk) -> None:
    kind = "health-card-renewal"
    typed = script_of(kind)
    chosen.send(f"demande/{kind}/", **typed)
    page = chosen.see(f"demande/{kind}/relire/")
    token = page.split('name="reading" value="')[1].split('"')[0]
    refused = chosen.send(f"demande/{kind}/relire/", 422, reading=token)
    assert "confirmez d’abord l’identité" in refused
    with as_owner():
        assert not Intervention.objects.exists()


def test_a_relative_without_the_right_to_see_hears_nothing(
    cast: Cast, facts: None, story: Intervention, gateway: Actor
) -> None:
    lea = make.person(
        "Roux", "Léa", title="mrs", subscriber_since=None, phone_provider="Free", energy_provider="EDF"
    )
    make.phone(lea, STRANGERS)
    make.relative(cast.jeanne, lea, "sa fille", trusted=False, rights=[])
    desk = relative_calls(cast, gateway, lea, {"téléphone": "Free", "électricité": "EDF"})
    assert desk.contact().level == 2
    page = shown(desk)
    assert "Ce proche n’a pas le droit d’entendre" in page
    assert "Votre carte est en route" not in page
    assert "Elle attend sa carte depuis un mois" not in page


def test_a_relative_without_the_right_to_ask_opens_no_request(
    cast: Cast, facts: None, gateway: Actor
) -> None:
    lea = make.person(
        "Roux", "Léa", title="mrs", subscriber_since=None, phone_provider="Free", energy_provider="EDF"
    )
    make.phone(lea, STRANGERS)
    make.relative(cast.jeanne, lea, "sa fille", trusted=False, rights=["see"])
    desk = relative_calls(cast, gateway, lea, {"téléphone": "Free", "électricité": "EDF"})
    kind = "health-card-renewal"
    desk.send(f"demande/{kind}/", **script_of(kind))
    token = desk.see(f"demande/{kind}/relire/").split('name="reading" value="')[1].split('"')[0]
    assert "le droit de demander" in desk.send(f"demande/{kind}/relire/", 422, reading=token)
    with as_owner():
        assert not Intervention.objects.exists()


def test_the_word_is_never_said_to_somebody_else(cast: Cast, facts: None, gateway: Actor) -> None:
    lea = make.person("Roux", "Léa", subscriber_since=None, phone_provider="Free", energy_provider="EDF")
    make.phone(lea, STRANGERS)
    make.relative(cast.jeanne, lea, "sa fille")
    desk = relative_calls(
        cast, gateway, lea, {"téléphone": "Free", "électricité": "EDF", "correspondant": "Alice"}
    )
    assert desk.contact().level == 2
    refused = desk.send("mot/", 422)
    assert "qu’à la personne elle-même" in refused
    assert "mésange" not in refused


def relative_calls(cast: Cast, gateway: Actor, relative: Person, said: dict[str, str]) -> Desk:
    """A relative calls for Jeanne and answers the questions about themselves."""
    ringing = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        verbs.take(ringing.pk)
        verbs.choose_person(ringing.pk, cast.jeanne.pk, relative.pk, "sa fille")
        for question in verbs.ask_identity(ringing.pk):
            answer = next(answer for word, answer in said.items() if word in question.text)
            verbs.answer_identity(ringing.pk, question.check_id, answer)
    return Desk(cast.charlie.signed_in.client(), ringing.pk)
