"""What fills the rooms around the requests: complaints, drafts, articles, suspects, saved views, shifts, messages."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.db import connection

from gruppetto.insight.indicators.busy import refresh_calls
from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.organisations import seeding as organisations
from gruppetto.registry.people.duplicates import finding
from gruppetto.registry.people.models import Person
from gruppetto.registry.staff.verbs.rota import Hours, change_day, plan_rota
from gruppetto.service.catalogue import drafts, editing
from gruppetto.service.complaints import verbs as complaints
from gruppetto.service.complaints.models import Complaint
from gruppetto.service.contacts import verbs as contacts
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.knowledge import corrections
from gruppetto.service.knowledge import verbs as knowledge
from gruppetto.service.messages import wording
from gruppetto.service.messages.models import DeadEnd, Delivery, Message
from gruppetto.service.messages.verbs import prepare, set_budget
from gruppetto.service.worklists import verbs as worklists
from gruppetto.service.worklists.filters import Filters
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.races import as_owner_of
from tests.support.telephony import ring, tell

KIND, OTHER_KIND, ARTICLE = "health-card-renewal", "tax-return", "waiting-for-a-health-card"
WHY = "La caisse a changé le nom de la démarche sur son site."
# As long as words get.
LONG_WORD = "anticonstitutionnellement" * 3


def once_more(cast: Cast, lady: Person) -> None:
    """The lady once more, as a list brought her: somebody must look. As owner, before the work."""
    again = make.person(
        lady.family_name,
        lady.given_names,
        within=cast.other,
        birth_date=lady.birth_date,
        first_visit_on=None,
        subscriber_since=None,
    )
    make.phone(again, "+33561000077")


def fill(database: str, cast: Cast, gateway: Any, office: make.Colleague, lady: Person) -> None:
    """Every room, by the hands of those who work there."""
    _suspects(database)
    _complaints(database, cast, gateway, office, lady)
    _content(database, cast, office)
    _lists(cast)
    _shifts(cast)
    _messages(database, cast, office, lady)
    _in_vain(cast, gateway, lady)


def _in_vain(cast: Cast, gateway: Any, lady: Person) -> None:
    """An identity that was not confirmed, a number that never answers, a reason that the list does not have."""
    doubted = ring(gateway, "+33639980062")
    with acting(cast.charlie.actor):
        contacts.take(doubted.pk)
        contacts.choose_person(doubted.pk, lady.pk)
        for asked in (2, 1):
            for question in contacts.ask_identity(doubted.pk)[:asked]:
                contacts.answer_identity(doubted.pk, question.check_id, "je ne sais pas")
        contacts.note_reasons(doubted.pk, [("understand", "", f"Borne électrique, {LONG_WORD}")])
        contacts.conclude(doubted.pk, "Ne savait rien de son dossier")
    missed = ring(gateway, "+33639980063")
    tell(gateway, "missed", missed.call_id, "+33639980063")
    with acting(cast.charlie.actor):
        owed = CallBack.objects.get(contact_id=missed.pk)
        for _each in range(2):
            contacts.attempt_call_back(owed.pk, reached=False)


def busy(database: str) -> None:
    """The calls of the last days, counted as each night; once they are made."""
    with as_owner_of(database):
        refresh_calls(clock.today() - timedelta(days=14), clock.today() - timedelta(days=1))


def _suspects(database: str) -> None:
    with as_owner_of(database), connection.cursor() as cursor:
        cursor.execute("SET ROLE gruppetto_worker")
        with acting(Actor.job("people.sweep")):
            finding.sweep()


def _complaints(database: str, cast: Cast, gateway: Any, office: make.Colleague, lady: Person) -> None:
    """One in each state, of one call; the first concerns Alice."""
    with acting(office.actor):
        complaints.set_terms(10, "Médiateur de la consommation des services", "12 rue du Temple\n31250 Revel")
    call = ring(gateway, "+33639980061")
    filed: list[str] = []
    with acting(cast.charlie.actor):
        contacts.take(call.pk)
        contacts.choose_person(call.pk, lady.pk)
        for rank, about in enumerate(("conduct", "delay", "wrong-answer", "lost-paper", "other")):
            named = [cast.alice.account.pk] if rank == 0 else []
            filed.append(
                complaints.file_complaint(
                    call.pk, about, f"{about}: {LONG_WORD}", wish="Des excuses", concerned=named
                )
            )
        contacts.note_reasons(call.pk, [("understand", "", "")])
        contacts.hang_up(call.pk)
        contacts.conclude(call.pk, "Elle n’est pas contente")
    with as_owner_of(database):
        by_reference = dict(Complaint.objects.values_list("reference", "pk"))
    _received, in_hand, answered, closed, mediation = (by_reference[one] for one in filed)
    with acting(cast.sylvie.actor):
        for one in (in_hand, answered, closed, mediation):
            complaints.take(one, 1)
        complaints.note(in_hand, "Appelé Alice : elle se souvient de l’appel.")
        for one in (answered, closed, mediation):
            complaints.answer(one, 2, "partly", "Nous vous présentons nos excuses.", "Un rappel à l’équipe")
        complaints.close(closed, 3, "satisfied")
        complaints.refer(mediation, 3, "Elle demande réparation.")


def _content(database: str, cast: Cast, office: make.Colleague) -> None:
    """Drafts begun and proposed, corrections waiting and answered, a text asked about, words nobody found."""
    with as_owner_of(database):
        organisations.load()
        make.article(ARTICLE)
    with acting(cast.charlie.actor):
        waiting = [
            corrections.propose("kind", KIND, f"Le numéro a changé. {LONG_WORD}"),
            corrections.propose("article", ARTICLE, "L’attestation se demande aussi par téléphone."),
        ]
        knowledge.rate(ARTICLE, useful=False)
        knowledge.count_reading(ARTICLE)
        knowledge.count_vain(f"remboursement {LONG_WORD}"[:80])
        wording.ask_change("acknowledgement", f"Trop long pour un SMS. {LONG_WORD}")
    with acting(office.actor):
        proposed = editing.edit_kind(KIND)
        drafts.save(proposed.pk, {**proposed.content, "label": "Refaire sa carte Vitale"}, proposed.edition)
        drafts.propose(proposed.pk, WHY)
        editing.edit_kind(OTHER_KIND)
        knowledge.edit_article(ARTICLE)
        corrections.answer(waiting[1].pk, "accepted", "Merci, c’est corrigé.")


def _lists(cast: Cast) -> None:
    """A view of each, one shown to the team; an act on many, done, and one still to be decided."""
    with acting(cast.alice.actor):
        worklists.save_view(f"Mes retards, {LONG_WORD[:40]}", Filters.of(retard=True))
    with acting(cast.sylvie.actor):
        worklists.save_view("Retards de l’équipe", Filters.of(retard=True), team=cast.team.pk)
        keys = list(Intervention.objects.filter(state="assigned").values_list("pk", flat=True)[:3])
        for decided in (True, False):
            bulk = worklists.prepare(ids=keys)
            if decided:
                worklists.decide(bulk.pk, "noter", {"text": "La caisse ferme vendredi."})
                worklists.go_on(bulk.pk)


def _shifts(cast: Cast) -> None:
    """Five weeks of shifts; tomorrow Charlie comes in the afternoon only."""
    day = clock.today() + timedelta(days=1)
    with acting(cast.sylvie.actor):
        plan_rota(clock.today() - timedelta(days=7), clock.today() + timedelta(days=28))
        change_day(
            cast.charlie.record.pk,
            day,
            [Hours(time(13, 30), time(18, 15))],
            f"Rendez-vous chez le médecin, {LONG_WORD}",
            takes_calls=True,
        )


def _messages(database: str, cast: Cast, office: make.Colleague, lady: Person) -> None:
    """One held for its budget, one of which nobody knows whether it left, a number that answers no more."""
    with acting(office.actor):
        set_budget(5_000, clock.today(), team_id=cast.team.pk)
    facts = {"day": "mardi 3 mai", "worker": "Bob", "reason": "Alice part à la retraite"}
    for state, why in ((Delivery.State.HELD, "budget"), (Delivery.State.UNKNOWN, "cut")):
        with acting(cast.sylvie.actor):
            message = prepare(
                lady.pk, kind="new-correspondent", key=f"stage-{state}", channel="sms", facts=facts
            )
        with as_owner_of(database):
            delivery = Delivery.objects.create(
                person_id=lady.pk,
                team_id=cast.team.pk,
                channel="sms",
                state=state,
                why=why,
                recipient="+33639980078",
                key=None if state == Delivery.State.HELD else f"stage-{state}",
                text=message.short or message.text,
                queued_at=clock.now(),
                due_at=clock.now(),
                **make.same_rows(lady),
            )
            Message.objects.filter(pk=message.pk).update(state=Message.State.QUEUED, delivery_id=delivery.pk)
    with as_owner_of(database):
        DeadEnd.objects.create(
            person_id=lady.pk,
            channel="sms",
            coordinate="+33639980078",
            why=DeadEnd.Why.BOUNCED,
            since=clock.now(),
            **make.same_rows(lady),
        )
