"""Working together through the page: who is there, two versions, drafts, names called, relays, joining."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Handover, Intervention, Note, Notice
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
HOME = "/correspondant/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.alice.signed_in.client()


@pytest.fixture
def sylvie(cast: Cast) -> Client:
    return cast.sylvie.signed_in.client()


@pytest.fixture
def key(cast: Cast) -> UUID:
    """A request that Alice has begun."""
    return stage.put(make.intervention(cast.jeanne, cast.alice, title="Sa carte"), "in_progress").pk


def page(key: UUID, part: str = "") -> str:
    return f"{HOME}interventions/{key}/{part}"


def row(key: UUID) -> Intervention:
    with as_owner():
        return Intervention.objects.get(pk=key)


def sent(client: Client, key: UUID, act: str, **typed: object) -> str:
    """Do an act; the page that follows, where it must be done."""
    answer = client.post(page(key, f"{act}/"), {"version": row(key).version, **typed})
    assert answer.status_code == 303, answer.content.decode()[:3000]
    return client.get(answer["Location"]).content.decode()


def test_the_page_says_who_else_is_there_until_they_leave(alice: Client, sylvie: Client, key: UUID) -> None:
    hers = {"page": str(uuid4())}
    assert alice.post(page(key, "presence/"), hers).json() == {"said": ""}
    seen = sylvie.post(page(key, "presence/"), {"page": str(uuid4()), "typing": "1"}).json()
    assert seen == {"said": "Alice a aussi cette demande ouverte."}
    assert alice.post(page(key, "presence/"), hers).json() == {"said": "Sylvie écrit en ce moment."}
    assert alice.post(page(key, "presence/"), {**hers, "gone": "1"}).status_code == 204
    assert sylvie.post(page(key, "presence/"), {"page": str(uuid4())}).json() == {"said": ""}
    assert alice.post(page(key, "presence/"), {"page": "nulle part"}).status_code == 400


def test_two_versions_are_shown_and_one_is_chosen(alice: Client, sylvie: Client, key: UUID) -> None:
    read = {"read_title": "Sa carte", "read_details": ""}
    sent(sylvie, key, "corriger", **read, title="Sa carte Vitale perdue", details="Sonner.")
    both = alice.post(
        page(key, "corriger/"), {**read, "title": "Sa carte bleue", "details": "", "version": "1"}
    )
    shown = both.content.decode()
    assert both.status_code == 409
    assert "Sylvie a corrigé la même chose" in shown
    assert "Sa carte <mark>Vitale perdue</mark>" in shown
    assert "Sa carte <mark>bleue</mark>" in shown
    assert 'value="Sa carte bleue"' in shown
    assert 'name="read_title" value="Sa carte Vitale perdue"' in shown
    assert row(key).title == "Sa carte Vitale perdue"
    now_read = {"read_title": "Sa carte Vitale perdue", "read_details": "Sonner."}
    sent(alice, key, "corriger", **now_read, title="Sa carte bleue", details="Sonner.", keep_title="theirs")
    assert row(key).title == "Sa carte Vitale perdue"
    told = sent(
        alice, key, "corriger", **now_read, title="Sa carte bleue", details="Sonner.", keep_title="mine"
    )
    assert "Sa carte bleue" in told
    assert "À savoir avant d’agir" in told


def test_an_answer_given_too_late_is_kept_beside_the_one_given(
    cast: Cast, alice: Client, sylvie: Client, key: UUID
) -> None:
    read = row(key).version
    with acting(cast.alice.actor):
        verbs.answer(key, "done", "La carte arrive mardi.")
    typed = {"outcome": "partly", "text": "Il manque la photo.", "version": read}
    late = alice.post(page(key, "repondre/"), {**typed, "read_at": "2026-01-01T00:00:00+00:00"})
    shown = late.content.decode()
    assert late.status_code == 409
    assert "Ce que vous aviez écrit est gardé" in shown
    assert late.context["yours"] == [
        ("Comment cela finit-il ?", "Faite en partie", "faite"),
        ("La réponse, comme vous la lirez à la personne", "Il manque la photo.", "La carte arrive mardi."),
    ]
    # The box of the answer is gone: the words go on in the note's.
    assert late.context["progress_form"]["text"].value() == "Il manque la photo."


def test_what_is_being_typed_comes_back_and_goes_once_sent(cast: Cast, alice: Client, key: UUID) -> None:
    for part, typed in (
        ("repondre", {"text": "La carte arr"}),
        ("corriger", {"details": "Sonner deux"}),
        ("relais", {"words": "Elle préf"}),
    ):
        assert (
            alice.post(page(key, f"brouillon/{part}/"), {**typed, "title_of_another": "x"}).status_code == 204
        )
    shown = alice.get(page(key)).content.decode()
    for words in ("La carte arr", "Sonner deux", "Elle préf"):
        assert words in shown
    assert alice.post(page(key, "brouillon/carnet/"), {"text": "x"}).status_code == 404
    sent(alice, key, "corriger", read_title="Sa carte", read_details="", title="Sa carte", details="Sonner.")
    assert "Sonner deux" not in alice.get(page(key)).content.decode()


def test_a_name_called_that_may_not_see_is_refused_in_words_and_the_note_stays(
    alice: Client, key: UUID
) -> None:
    typed = {"text": "Vu avec @Bob", "text_kind": "internal", "go": "note"}
    refused = alice.post(page(key, "noter/"), typed)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "Bob n’a pas le droit de voir cette demande" in shown
    assert "Vu avec @Bob" in shown
    with as_owner():
        assert not Note.objects.exists()


def test_a_colleague_called_finds_it_under_for_me_and_reads_it(
    cast: Cast, alice: Client, sylvie: Client, key: UUID
) -> None:
    assert 'data-call="@Sylvie"' in alice.get(page(key)).content.decode()
    sent(alice, key, "noter", text="Qu’en dit @Sylvie ?", text_kind="internal", go="note")
    assert '<span class="count">1</span>' in sylvie.get(HOME).content.decode()
    listed = sylvie.get(f"{HOME}pour-moi/").content.decode()
    assert "Alice vous cite dans une note" in " ".join(listed.split())
    assert "Qu’en dit @Sylvie ?" in listed
    with as_owner():
        notice = Notice.objects.get()
    answer = sylvie.post(f"{HOME}pour-moi/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, page(key))
    assert "Rien à lire" in sylvie.get(f"{HOME}pour-moi/").content.decode()
    assert "Qu’en dit @Sylvie ?" in sylvie.get(f"{HOME}pour-moi/?vue=tout").content.decode()
    assert alice.post(f"{HOME}pour-moi/{notice.pk}/").status_code == 404


def test_put_aside_it_waits_under_its_own_queue(alice: Client, key: UUID) -> None:
    day = f"{clock.today() + stage.days(3):%d/%m/%Y}"
    shown = sent(alice, key, "mettre-de-cote", day=day, why="son fils revient")
    assert "De côté jusqu’au" in shown
    assert str(key) not in alice.get(f"{HOME}liste/").content.decode()
    assert str(key) in alice.get(f"{HOME}liste/?vue=cote").content.decode()
    wrong = alice.post(page(key, "mettre-de-cote/"), {"day": "hier", "why": "x"})
    assert wrong.status_code == 422
    assert "reprendre/" in shown
    sent(alice, key, "reprendre")
    assert str(key) in alice.get(f"{HOME}liste/").content.decode()


def test_a_relay_offered_is_taken_from_the_page(cast: Cast, alice: Client, sylvie: Client, key: UUID) -> None:
    sent(alice, key, "relais", account=cast.sylvie.account.pk, words="Elle préfère le matin.")
    asked = sylvie.get(page(key)).content.decode()
    assert "Alice vous propose de prendre la suite" in " ".join(asked.split())
    with as_owner():
        offer = Handover.objects.get().pk
    wrong = sylvie.post(page(key, "refuser/"), {"offer": offer, "why": "", "version": row(key).version})
    assert wrong.status_code == 422
    sent(sylvie, key, "accepter", offer=offer)
    assert row(key).worker_id == cast.sylvie.account.pk


def test_two_are_joined_parted_split_and_linked_from_their_page(cast: Cast, alice: Client, key: UUID) -> None:
    other = stage.put(make.intervention(cast.jeanne, cast.alice, title="La même carte"), "assigned")
    assert other.reference in alice.get(page(key, "organiser/")).content.decode()

    def organised(of: UUID, what: str, **typed: object) -> str:
        answer = alice.post(page(of, "organiser/"), {"what": what, **typed})
        assert answer.status_code == 303, answer.content.decode()[:3000]
        return alice.get(answer["Location"]).content.decode()

    missing = alice.post(page(key, "organiser/"), {"what": "reunir"})
    assert missing.status_code == 422
    assert "Choisissez l’autre demande." in missing.content.decode()
    joined = organised(key, "reunir", other=other.pk, kept="this", why="la même carte")
    assert "réunie à celle-ci".casefold() in joined.casefold()
    assert "Cette demande est réunie à une autre" in alice.get(page(other.pk)).content.decode()
    assert "Séparer de nouveau" in alice.get(page(other.pk, "organiser/")).content.decode()
    organised(other.pk, "remettre", why="deux cartes")
    assert row(other.pk).state == "assigned"

    organised(key, "separer", title="Le double de la carte")
    with as_owner():
        second = Intervention.objects.get(title="Le double de la carte")
    linked = organised(key, "lier", reference=other.reference.lower(), kind="same")
    assert other.reference in linked
    again = alice.post(
        page(key, "organiser/"), {"what": "lier", "reference": second.reference, "kind": "same"}
    )
    assert again.status_code == 422
    assert "déjà liées" in again.content.decode()
    nowhere = alice.post(page(key, "organiser/"), {"what": "lier", "reference": "I-2222", "kind": "same"})
    assert nowhere.status_code == 422
    assert alice.post(page(key, "organiser/"), {"what": "danser"}).status_code == 404
