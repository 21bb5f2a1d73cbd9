"""A request becomes an intervention: kind, promise, papers, and the person's own correspondent (G1, G3, G4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.actors.memory import known
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.references import new_reference
from gruppetto.kernel.together import insert_together
from gruppetto.registry.coverage.reads import worker_of
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.commitments.reads import terms
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.standing import Standing, rights_of
from gruppetto.service.interventions import events
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention, Paper, State
from gruppetto.service.interventions.verbs.drawing import redrawn
from gruppetto.service.interventions.verbs.steps import announce, move_of, record, same_person


@redrawn
@verb
def open_intervention(
    contact_id: UUID | None,
    person_id: UUID,
    kind: str,
    answers: Mapping[str, script.Answer | None],
    *,
    urgent: bool = False,
    title: str = "",
    at: datetime | None = None,
) -> Intervention:
    """Open an intervention of ``kind`` (catalogue code) for ``person_id``, asked for in ``contact_id``.

    ``answers``: what the script's questions got, by question id. ``urgent``: two business hours in place of the
    grade's delay. ``title``: the request in the person's words, else the kind's label. Routed at once to the holder
    of the person's portfolio that day or the substitute, else to the supervisor's queue with the reason.
    Raises ``Unknown`` (person out of scope, no such kind), ``Refused`` (script-incomplete, identity-too-low,
    relative-may-not-ask).
    """
    at = at or now()
    person = known((Person, person_id)) or Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas ouverte pour vous."), code="person-unknown")
    content = kind_in_force(kind, at)
    contact = _contact_of(contact_id, person_id, content)
    if errors := script.check_answers(content, answers):
        question, message = next(iter(errors.items()))
        raise Refused(message, code="script-incomplete", field=question)
    effects = script.effects(content, answers)
    urgent = urgent or effects.urgent
    promised = terms(
        content.code,
        effects.grade,
        urgent=urgent,
        at=at,
        contact_id=contact_id,
        department=person.department,
    )
    promise = Promise.on(promised, at)
    worker = worker_of(person.portfolio_id, at.astimezone(PARIS).date())
    due_at = promise.due(unless_stopped=at)
    intervention = Intervention(
        shelf=person.shelf,
        portfolio_id=person.portfolio_id,
        department=person.department,
        person_id=person.pk,
        contact_id=contact_id,
        reference=new_reference("I", secrets.randbelow),
        kind=content.code,
        kind_version=content.version,
        title=(title.strip() or content.label)[:160],
        domain=content.domain,
        grade=effects.grade,
        price_class=content.price_class,
        sensitivity=content.sensitivity,
        urgent=urgent,
        answers=_storable(script.shown_answers(content, answers)),
        reason=content.reason,
        state=State.ASSIGNED if worker.account_id else State.OPENED,
        worker_id=worker.account_id,
        queue_reason="" if worker.account_id else worker.why[:200],
        opened_at=at,
        state_since=at,
        clock=promise.to_json(),
        due_at=due_at,
        first_due_at=due_at,
    )
    intervention.save(force_insert=True)
    why = _("remplaçant du jour") if worker.capacity == "substitute" else _("titulaire du portefeuille")
    trace_opening(intervention, at, why, _papers(intervention, content, answers))
    if contact is not None and contact.channel == Contact.Channel.PHONE:
        outbox.publish("line.changed")
    return intervention


def _contact_of(contact_id: UUID | None, person_id: UUID, content: Kind) -> Contact | None:
    """The contact it was asked in: about this person, with an identity sure enough for this kind."""
    if contact_id is None:
        return None
    contact = known((Contact, contact_id)) or Contact.objects.filter(pk=contact_id).first()
    if contact is None or contact.subject_id != person_id:
        raise Unknown(_("Ce contact ne concerne pas cette personne."), code="contact-other-person")
    if contact.level < content.identity_level:
        raise Refused(
            _("Cette demande touche à des choses personnelles : confirmez d’abord l’identité."),
            code="identity-too-low",
            facts={"level": contact.level, "needed": content.identity_level},
        )
    Standing(contact, rights_of(contact)).check_order(content.identity_level)
    return contact


def _storable(answers: Mapping[str, script.Answer]) -> dict[str, str | int]:
    return {
        name: value if isinstance(value, (int, str)) else value.isoformat() for name, value in answers.items()
    }


def _papers(
    intervention: Intervention, content: Kind, answers: Mapping[str, script.Answer | None]
) -> list[Paper]:
    return [
        Paper(
            **same_person(intervention),
            intervention=intervention,
            code=paper.code,
            label=paper.label[:160],
            reason=paper.why[:300],
        )
        for paper in script.papers(content, answers)
    ]


def trace_opening(
    intervention: Intervention, at: datetime, why: object, papers: Iterable[Paper] = ()
) -> None:
    """Write its ``papers``, how its life began, and ``why`` it was confided at once when it was."""
    moves = [move_of(intervention, "open", "", State.OPENED, "", at)]
    record("intervention.opened", intervention, kind=intervention.kind, reference=intervention.reference)
    if intervention.worker_id:
        moves.append(move_of(intervention, "assign", State.OPENED, intervention.state, str(why), at))
        announce(intervention, "assign", State.OPENED, str(why))
    insert_together([*papers, *moves])
    outbox.publish(events.OPENED, intervention.pk, portfolio_id=intervention.portfolio_id)
