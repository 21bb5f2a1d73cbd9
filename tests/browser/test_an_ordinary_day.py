"""An ordinary day of an agent, a correspondent and a supervisor, without a mouse: what issue 3 promises.

Each scene has persons of its own: they play in any order, on one platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.registry.people.models import Person
from gruppetto.service.complaints.models import Complaint
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.promises import announce_near
from gruppetto.service.messages.models import Message
from tests.browser import day, stage
from tests.browser.calling import conclude, ring, take
from tests.browser.conftest import Opens, Platform, axe
from tests.browser.examining import wrong
from tests.browser.hands import Hands
from tests.support.races import as_owner_of

pytestmark = pytest.mark.browser

Sits = Callable[[str], Hands]


@pytest.fixture(scope="module")
def running(platform: Opens) -> Iterator[Platform]:
    with platform(day.day) as one:
        yield one


@pytest.fixture
def sits(running: Platform) -> Iterator[Sits]:
    """``sits("agent")``: somebody sits down at their own first page; the pages close behind the scene."""
    pages: list[Page] = []
    running.troubles.clear()

    def down(role: str) -> Hands:
        pages.append(running.open(running.stage.by_role[role]))
        return Hands(pages[-1])

    yield down
    for page in pages:
        page.close()
    assert running.troubles == []


def follow(hands: Hands, name: str) -> None:
    """Tab to a link, by words that it says, and follow it."""
    hands.push(hands.page.get_by_role("link", name=name).first)


def press(hands: Hands, name: str) -> None:
    """Tab to a button of this name and press it."""
    hands.push(hands.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first)


def fill(hands: Hands, label: str, words: str) -> None:
    """Tab to the field of this label and write."""
    hands.reach(hands.page.get_by_label(label))
    hands.type(words)


def find(hands: Hands, words: str, name: str) -> None:
    """Look for somebody in the search box, and open what is proposed."""
    hands.shortcut("/")
    hands.type(words)
    expect(hands.page.get_by_role("option").first).to_contain_text(name)
    hands.press("ArrowDown", "Enter")
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text(name)


def unfold(hands: Hands, name: str) -> None:
    """Open what folds behind these words."""
    hands.push(hands.page.locator("summary", has_text=name).first)


def done(hands: Hands, words: str) -> None:
    """The page says that it is done, and stays sound."""
    expect(hands.page.get_by_text(words).first).to_be_visible()


def test_two_calls_the_second_from_a_number_nobody_knows(running: Platform, sits: Sits) -> None:
    agent = sits("agent")
    page = agent.page
    ring(running)
    take(agent)
    agent.shortcut("2")
    agent.shortcut("m")
    expect(page.get_by_label("Démarche, en trois lettres")).to_be_focused()
    agent.type("vitale")
    agent.press("Enter")
    for question, answer in stage.SCRIPT.items():
        agent.choose(f"q-{question}", answer)
    agent.shortcut("ctrl+enter")
    expect(page.locator(".read-aloud li")).to_have_count(3)
    agent.shortcut("ctrl+enter")
    done(agent, "Alice la suit")
    conclude(agent, "Carte perdue, demande ouverte")

    # Whom it is about is learnt at the end of the second call, and attached while it is written up.
    ring(running, day.UNKNOWN)
    agent.shortcut("p")
    expect(page.get_by_role("heading", name="06 39 98 00 42")).to_be_visible()
    expect(page.get_by_text("Le numéro ne nous dit rien")).to_be_visible()
    agent.shortcut("3")
    agent.shortcut("m")
    done(agent, "Les motifs sont notés")
    agent.shortcut("r")
    done(agent, "À conclure")
    agent.shortcut("f")
    agent.type("gayro")
    agent.press("Enter")
    press(agent, "C’est Mme Renée Gayraud")
    expect(page.get_by_role("heading", name="Renée Gayraud").first).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).not_to_have_count(0)
    assert wrong(page) == []
    conclude(agent, "Voulait savoir où en est son train")


def test_a_complaint_is_noted_in_a_call_and_answered_without_the_one_it_is_about(
    running: Platform, sits: Sits
) -> None:
    agent, alice, sylvie = sits("agent"), sits("correspondent"), sits("supervisor")
    words = "Elle m’a raccroché au nez"
    ring(running, day.LUCIENNES)
    agent.shortcut("p")
    agent.shortcut("e")
    agent.shortcut("s")
    agent.reach(agent.page.get_by_role("radio").first)
    agent.press("Space")
    fill(agent, "Ce que dit la personne, avec ses mots", words)
    agent.reach(agent.page.get_by_role("checkbox", name="Alice"))
    agent.press("Space")
    agent.shortcut("ctrl+enter")
    said = agent.page.get_by_text("Donnez ce numéro à la personne")
    expect(said).to_be_visible()
    reference = re.search(r"R-[\w-]+", said.inner_text())
    assert reference
    expect(agent.page.locator("body")).not_to_contain_text(words)
    conclude(agent, "Rappelle pour sa ligne de téléphone")

    # Alice follows Lucienne and finds nothing of it, neither by search nor on her pages.
    find(alice, "fabre", "Lucienne Fabre")
    expect(alice.page.get_by_text("Rappelle pour sa ligne")).to_be_visible()
    expect(alice.page.locator("body")).not_to_contain_text(re.compile(f"{words}|{reference[0]}|éclamation"))
    alice.shortcut("/")
    alice.type(reference[0])
    expect(alice.page.locator("[data-finding-said]")).to_contain_text(re.compile("Rien|ucun"))
    with as_owner_of(running.database):
        key = Complaint.objects.get(reference=reference[0]).pk
    assert alice.page.request.get(f"{running.url}/reclamations/{key}/").status == 403

    follow(sylvie, "Réclamations")
    follow(sylvie, reference[0])
    done(sylvie, words)
    press(sylvie, "M’en charger")
    done(sylvie, "Vous vous chargez de cette réclamation")
    unfold(sylvie, "Répondre")
    sylvie.choose("finding", "founded")
    fill(sylvie, "Réponse à la personne, telle qu’elle la lira", "Nous vous devons des excuses.")
    press(sylvie, "Répondre")
    done(sylvie, "La réponse est notée")
    assert wrong(sylvie.page) == []


def test_two_records_become_one_and_two_again(sits: Sits) -> None:
    sylvie = sits("supervisor")
    page = sylvie.page
    follow(sylvie, "Doublons à regarder")
    follow(sylvie, "Odette")
    expect(page.get_by_role("heading", name="Côte à côte")).to_be_visible()
    assert wrong(page) == []
    for question in page.locator("#decide ~ form fieldset").all():
        sylvie.reach(question.get_by_role("radio").first)
        sylvie.press("Space")
    fill(sylvie, "Comment savez-vous que c’est la même personne ?", "Elle l’a dit au téléphone")
    press(sylvie, "Réunir les deux fiches")
    done(sylvie, "il n’y a plus qu’une fiche")
    assert wrong(page) == []
    fill(sylvie, "Pourquoi séparer ces deux fiches ?", "Ce sont deux cousines")
    press(sylvie, "Séparer les deux fiches")
    done(sylvie, "il y a de nouveau deux fiches")
    expect(page.get_by_text("Les deux fiches sont séparées")).to_be_visible()
    assert wrong(page) == []


def test_a_promise_that_will_be_late_is_announced_with_its_new_date(running: Platform, sits: Sits) -> None:
    alice = sits("correspondent")
    find(alice, "delmasse", "Marcel Delmas")
    follow(alice, "Sa retenue d’impôt")
    expect(alice.page.get_by_role("heading", name="Sa retenue d’impôt")).to_be_visible()
    # The clock comes near the date that was promised.
    with as_owner_of(running.database):
        waits = Intervention.objects.get(title="Sa retenue d’impôt")
        with clock.at(waits.due_at - timedelta(hours=1)), acting(Actor.job("test.clock")):
            assert waits.pk in announce_near(clock.now())
    story = alice.page.locator("#story")
    expect(story).to_contain_text("Il nous faut plus de temps que prévu")
    with as_owner_of(running.database):
        told = Message.objects.get(intervention_id=waits.pk, kind="delay")
    assert told.promised_until
    assert told.promised_until > clock.now() > waits.due_at
    expect(story).to_contain_text(moment_text(told.promised_until))
    assert wrong(alice.page) == []


def test_the_work_of_a_colleague_is_entrusted_at_once_and_given_back(running: Platform, sits: Sits) -> None:
    sylvie = sits("supervisor")
    page = sylvie.page
    follow(sylvie, "Demandes")
    for family_name, given_names in day.BOBS:
        sylvie.reach(page.get_by_role("link", name=f"{given_names} {family_name}"))
        sylvie.press("x")
    expect(page.locator("[data-picked-said]")).to_have_text("Demandes choisies : 2")
    sylvie.shortcut("shift+a")
    follow(sylvie, "Confier à quelqu’un")
    sylvie.choose("account", page.get_by_role("radio", name="Sylvie").get_attribute("value") or "")
    fill(sylvie, "Pourquoi ?", "Bob est en formation")
    sylvie.press("Enter")
    done(sylvie, "2 demandes confiées sur 2")
    assert followed_by(running) == {"Sylvie"}
    sylvie.shortcut("ctrl+z")
    done(sylvie, "2 demandes remises comme avant")
    assert followed_by(running) == {"Bob"}


def followed_by(running: Platform) -> set[str]:
    """Who follows the requests of those whom Bob has in his portfolio."""
    cast = running.stage.cast
    assert cast
    names = {one.account.pk: one.account.name for one in (cast.alice, cast.bob, cast.sylvie)}
    with as_owner_of(running.database):
        persons = Person.objects.filter(family_name__in=dict(day.BOBS)).values("pk")
        rows = Intervention.objects.filter(subject_id__in=persons)
        return {names[one.worker_id] for one in rows if one.worker_id}


def test_a_correspondent_puts_aside_asks_a_colleague_answers_and_hears_the_yes(sits: Sits) -> None:
    alice, sylvie = sits("correspondent"), sits("supervisor")
    page = alice.page
    find(alice, "esteve", "Yvette Estève")
    alice.push(page.locator("section", has_text="Demandes").get_by_role("link", name=re.compile("téléphone")))
    alice.shortcut("c")
    done(alice, "C’est commencé")
    alice.shortcut("z")
    fill(alice, "Jusqu’à quel jour", f"{clock.today() + timedelta(days=5):%d/%m/%Y}")
    fill(alice, "Pourquoi attendre ce jour ?", "Son fils cherche la facture")
    press(alice, "Mettre de côté")
    done(alice, "Mise de côté : Son fils cherche la facture")
    alice.shortcut("z")
    expect(page.get_by_text("Mise de côté : ")).to_have_count(0)

    alice.shortcut("n")
    alice.type("Faut-il résilier, @Sylvie ?")
    alice.shortcut("ctrl+enter")
    expect(page.locator("#story").get_by_text("Faut-il résilier")).to_be_visible()
    follow(sylvie, "Pour moi")
    expect(sylvie.page.get_by_text("Faut-il résilier, @Sylvie ?")).to_be_visible()
    assert wrong(sylvie.page) == []
    press(sylvie, "Ouvrir")
    sylvie.shortcut("n")
    sylvie.type("Oui, @Alice, avant le 30.")
    sylvie.shortcut("ctrl+enter")
    expect(page.locator("#story").get_by_text("avant le 30")).to_be_visible()

    alice.press("Tab")
    alice.shortcut("r")
    alice.choose("outcome", "done")
    alice.reach(page.get_by_label("La réponse, comme vous la lirez"))
    alice.press("Control+a")
    alice.type("Votre ligne est résiliée.")
    press(alice, "Garder cette réponse")
    done(alice, "La réponse est gardée")
    alice.shortcut("o")
    expect(page.get_by_role("button", name=re.compile("Clore cette demande"))).to_be_visible()
    alice.shortcut("c")
    done(alice, "La demande est close")
    assert axe(page) == []


def test_at_the_end_of_the_day_calls_are_given_back_and_tomorrow_is_known(
    running: Platform, sits: Sits
) -> None:
    agent = sits("agent")
    page = agent.page
    call_id = ring(running, day.GAVE_UP)
    ring(running, day.GAVE_UP, "missed", call_id)
    agent.shortcut("a")
    owed = page.locator(".item", has_text="06 •• •• •• 50")
    expect(owed).to_be_visible()
    agent.push(owed.get_by_role("button"))
    expect(page.get_by_text("Composez :")).to_be_visible()
    agent.shortcut("x")
    expect(owed.or_(page.get_by_text("Tout est rappelé"))).to_be_visible()
    for who in (agent, sits("correspondent")):
        follow(who, "Mon planning")
        expect(who.page.get_by_role("heading", level=1)).to_have_text("Mon planning")
        expect(who.page.locator(".my-rota")).not_to_have_count(0)
        assert wrong(who.page) == []
