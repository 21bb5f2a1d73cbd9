"""What was done in an exercise, read in the rows the call left; nothing else is kept, and nobody is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.models import IdentityCheck
from gruppetto.service.contacts.models import Contact, ContactReason
from gruppetto.service.interventions.models import Intervention
from gruppetto.training.scenarios import Scenario, Step


@dataclass(frozen=True)
class Seen:
    """One step: done or not yet, in words for the trainee."""

    done: bool
    words: object


WORDS: dict[Step, tuple[object, object]] = {
    Step.IDENTITY: (
        _("Vous avez vérifié que c’était bien la personne."),
        _("L’identité n’a pas été vérifiée. Deux questions suffisent, et elles protègent la personne."),
    ),
    Step.REASONS: (
        _("Le motif de l’appel est noté : on saura pourquoi la personne appelait."),
        _("Le motif n’est pas noté. Une touche suffit, même quand l’appel est court."),
    ),
    Step.REQUEST: (
        _("Tout ce qui était demandé est enregistré."),
        _("Il manque une demande. Avant de raccrocher, demandez : « Y a-t-il autre chose ? »"),
    ),
    Step.READ_BACK: (
        _("Vous avez relu à voix haute, et la personne a dit oui."),
        _("Les phrases n’ont pas été relues. C’est là que les malentendus se voient."),
    ),
    Step.CONCLUDED: (
        _("L’appel est conclu, avec sa phrase de résumé."),
        _("L’appel n’est pas encore conclu. Le collègue suivant a besoin de votre phrase."),
    ),
}


def contact_of(call_id: str) -> Contact | None:
    """The call of an exercise, as long as it is in the trainee's hands and 30 minutes more. One query."""
    return Contact.objects.filter(call_id=call_id).exclude(taken_by_id=None).first()


def review(scenario: Scenario, contact: Contact) -> list[Seen]:
    """The steps the scenario hopes for, in the order of a call. One query a step at most."""
    done: dict[Step, Callable[[], bool]] = {
        Step.IDENTITY: lambda: IdentityCheck.objects.filter(contact_id=contact.pk, result="match").exists(),
        Step.REASONS: lambda: ContactReason.objects.filter(contact_id=contact.pk).exists(),
        Step.REQUEST: lambda: Intervention.objects.filter(contact_id=contact.pk).count() >= scenario.requests,
        Step.READ_BACK: lambda: contact.accepted_at is not None,
        Step.CONCLUDED: lambda: contact.concluded_at is not None,
    }
    return [
        Seen(found, WORDS[step][0 if found else 1])
        for step in Step
        if step in scenario.expects
        for found in (done[step](),)
    ]
