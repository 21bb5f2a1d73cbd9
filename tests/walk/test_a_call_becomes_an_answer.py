"""The founding promise, verb by verb, as the web role with row security on (architecture, « The walk of a call »)."""

from __future__ import annotations

import pytest
from django.conf import settings

from gruppetto.kernel.access.sessions import register_service
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.contacts import verbs as contacts
from gruppetto.service.contacts.models import Contact, LineCall
from gruppetto.service.contacts.ports import CallEvent
from gruppetto.service.interventions import verbs as interventions
from gruppetto.service.interventions.models import Intervention, State
from gruppetto.service.interventions.reads import next_task, work_list
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

SAID = {"mot": "Mimosa", "électricité": "E.D.F.", "correspondant": "alice", "Alice": "alice"}


def ring(number: str = "+33561000001") -> Contact:
    at = now()
    event = CallEvent(
        "main", "test", f"call-{at.timestamp()}", "ringing", number, not number, at, at, f"{at}"
    )
    with acting(Actor.service("telephony", settings.GRUPPETTO_SERVICE_KEY)):
        return contacts.receive_call(event)


def test_a_call_becomes_an_answer(cast: Cast) -> None:
    with as_owner():
        register_service("telephony@gruppetto.invalid", "Téléphonie", settings.GRUPPETTO_SERVICE_KEY)
        cast.jeanne.chosen_word, cast.jeanne.energy_provider = "mimosa", "EDF"
        cast.jeanne.save()

    # A phone rings: the line shows a masked number that is known, and nobody's name.
    contact = ring()
    with acting(cast.charlie.actor):
        call = LineCall.objects.get(pk=contact.pk)
        assert (call.recognition, "•" in call.masked) == ("known", True)
        assert not Contact.objects.filter(pk=contact.pk).exists()
        assert not Person.objects.exists()

    # The agent takes it: now the caller can be recognised, with the reason why.
    with acting(cast.charlie.actor):
        contacts.take(contact.pk)
        contact = contacts.choose_person(contact.pk, cast.jeanne.pk)
        assert contact.level == 1
        assert Person.objects.get().pk == cast.jeanne.pk

    # The number alone proves nothing: two questions, whose answers the agent does not see.
    with acting(cast.charlie.actor):
        for question in contacts.ask_identity(contact.pk):
            said = next(word for about, word in SAID.items() if about in str(question.text))
            told = contacts.answer_identity(contact.pk, question.check_id, said)
        assert (told.match, told.level) == (True, 2)

    # Reasons, script, read back and accepted; the request becomes an intervention of her own correspondent.
    with acting(cast.charlie.actor):
        contacts.note_reasons(contact.pk, [("alert", "lost-card", "")])
        kind = kind_in_force("bank-card-block", now())
        answers = make.answers(kind)
        sentences = script.read_back(kind, answers, "au plus tard à midi", person="Madame Roux")
        contacts.read_back_accepted(contact.pk, sentences)
        opened = interventions.open_intervention(contact.pk, cast.jeanne.pk, kind.code, answers)
        assert (opened.state, opened.worker_id) == (State.ASSIGNED, cast.alice.account.pk)
        contacts.hang_up(contact.pk)
        contacts.conclude(contact.pk, "carte perdue")

    # A second later it is Alice's next task; Bob, who holds another portfolio, does not know of it.
    with acting(cast.alice.actor):
        task = next_task(cast.alice.account.pk)
        assert task is not None
        assert task.pk == opened.pk
        interventions.start(opened.pk)
        interventions.note(opened.pk, "us", "opposition faite à 10 h 12")
        said, why = "Votre carte est bloquée depuis 10 h 12.", "opposition faite au téléphone"
        interventions.answer(opened.pk, "done", said, without_papers=why)
    with acting(cast.bob.actor):
        assert not Intervention.objects.exists()
        with pytest.raises(Unknown):
            interventions.start(opened.pk)

    # She calls again: once she is known, she says yes to whoever asks; the answer rests, then closes.
    contact = ring()
    with acting(cast.charlie.actor):
        contacts.take(contact.pk)
        contacts.choose_person(contact.pk, cast.jeanne.pk)
        with pytest.raises(Refused, match="identité"):
            interventions.confirm(opened.pk, "oui, merci", contact_id=contact.pk)
        for question in contacts.ask_identity(contact.pk):
            known = {"demande": kind.label, **SAID}
            said = next(word for about, word in known.items() if about in str(question.text))
            contacts.answer_identity(contact.pk, question.check_id, said)
        interventions.confirm(opened.pk, "oui, merci", contact_id=contact.pk)
    with acting(cast.alice.actor):
        closed = interventions.close(opened.pk)
        assert closed.state == State.CLOSED
        assert not work_list().rows

    # The supervisor saw it; each step is in the journal with who did it.
    with acting(cast.sylvie.actor):
        moves = list(closed.moves.order_by("at").values_list("verb", "account_id"))
        verbs = [verb for verb, _ in moves]
        assert verbs == ["open", "assign", "start", "answer", "confirm", "close"]
        assert dict(moves)["confirm"] == cast.charlie.account.pk
        story = set(Entry.objects.filter(person_id=cast.jeanne.pk).values_list("verb", flat=True))
        assert {"person.opened", "intervention.opened", "intervention.answer", "intervention.close"} <= story
