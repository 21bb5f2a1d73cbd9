"""Changing what was asked or how pressing it is: the promise follows, whatever the clock was doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.catalogue.reads import kind_in_force, kind_version
from gruppetto.service.commitments.events import MOVED
from gruppetto.service.commitments.reads import Terms, terms
from gruppetto.service.interventions import states
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention, Paper
from gruppetto.service.interventions.verbs.steps import get, same_person, trace, who_am_i, write


@verb
def change_kind(
    intervention_id: UUID, kind: str, why: str, answers: Mapping[str, script.Answer | None] | None = None
) -> Intervention:
    """What is asked turns out to be of another ``kind`` (catalogue code); also while its clock is stopped.

    ``answers``: what is known of the new script, else those given before that it asks too; the worker, who speaks
    with the person, asks the rest. Grade, papers and promise follow; what has run and what was stopped count as
    before, under the opening hours already promised. A later date is told to the person (``commitment.moved``).
    By the worker or the supervisor only: the new kind may ask for a surer identity than the call had.
    Raises ``Unknown`` (no such kind), ``Refused`` (why-missing, same-kind, state-forbidden), ``NotYours``, ``TooLate``.
    """
    at, intervention = now(), _to_change(intervention_id, why)
    if kind == intervention.kind:
        raise Refused(_("C’est déjà cette démarche."), code="same-kind", field="kind")
    before, content = kind_version(intervention.kind, intervention.kind_version), kind_in_force(kind, at)
    if answers is None:
        asked = {question.id: question for question in before.questions}
        same = {one.id for one in content.questions if asked.get(one.id) == one}
        answers = {name: value for name, value in intervention.answers.items() if name in same}
    effects = script.effects(content, answers)
    urgent = intervention.urgent or effects.urgent
    shown = script.shown_answers(content, answers)
    _keep_papers(intervention, content, answers)
    return _rest_on(
        intervention,
        _terms(intervention, content.code, effects.grade, urgent, at),
        at,
        "change_kind",
        why,
        kind=content.code,
        kind_version=content.version,
        # Words of the person stay theirs; a title that was only the name of the kind follows it.
        title=content.label[:160] if intervention.title == before.label[:160] else intervention.title,
        domain=content.domain,
        grade=effects.grade,
        price_class=content.price_class,
        sensitivity=content.sensitivity,
        reason=content.reason,
        urgent=urgent,
        answers={
            name: value if isinstance(value, (int, str)) else value.isoformat()
            for name, value in shown.items()
        },
    )


@verb
def change_urgency(intervention_id: UUID, urgent: bool, why: str) -> Intervention:
    """It cannot wait any more, or it can: the promise is counted again, never later than told when it is pressing.

    Raises ``Refused`` (why-missing, same-urgency, state-forbidden), ``NotYours``, ``TooLate``.
    """
    at, intervention = now(), _to_change(intervention_id, why)
    if urgent == intervention.urgent:
        raise Refused(_("C’est déjà noté ainsi."), code="same-urgency", field="urgent")
    wanted = _terms(intervention, intervention.kind, intervention.grade, urgent, at)
    return _rest_on(intervention, wanted, at, "change_urgency", why, urgent=urgent)


def _to_change(intervention_id: UUID, why: str) -> Intervention:
    """The intervention, to be changed by its worker or a supervisor, before its answer."""
    if not why.strip():
        raise Refused(_("Dites pourquoi : la personne peut le demander."), code="why-missing", field="why")
    intervention = get(intervention_id)
    if intervention.state not in states.BEFORE_ANSWER:
        raise Refused(
            _("Cela ne change plus une fois la réponse donnée : rouvrez d’abord l’intervention."),
            code="state-forbidden",
        )
    if not who_am_i(intervention) & {states.WORKER, states.SUPERVISOR}:
        raise NotYours(
            _("C’est à qui suit la personne, ou au responsable, de le faire."), code="state-not-yours"
        )
    return intervention


def _terms(intervention: Intervention, kind: str, grade: str, urgent: bool, at: datetime) -> Terms:
    """The delay now in force, under the hours already promised: only the delay was in question."""
    found = terms(
        kind,
        grade,
        urgent=urgent,
        at=at,
        contact_id=intervention.contact_id,
        department=intervention.department,
    )
    return replace(found, rules=Promise.from_json(intervention.clock).rules)


def _rest_on(
    intervention: Intervention, wanted: Terms, at: datetime, name: str, why: str, **changes: Any
) -> Intervention:
    before = Promise.from_json(intervention.clock)
    promise = before.changed(at, wanted)
    write(intervention, {"clock": promise.to_json(), "due_at": promise.expected(at), **changes})
    trace(intervention, name, intervention.state, why.strip(), at)
    if promise.expected(at) > before.expected(at):
        outbox.publish(MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
    return intervention


def _keep_papers(
    intervention: Intervention, content: Kind, answers: Mapping[str, script.Answer | None]
) -> None:
    """What was received stays; what is no longer needed is not asked for again; what is new is listed."""
    wanted = {paper.code: paper for paper in script.papers(content, answers)}
    listed = Paper.objects.filter(intervention=intervention)
    asked = (Paper.State.NEEDED, Paper.State.ASKED)
    listed.filter(state__in=asked).exclude(code__in=wanted).update(state=Paper.State.NOT_NEEDED)
    listed.filter(state=Paper.State.NOT_NEEDED, code__in=wanted).update(state=Paper.State.NEEDED)
    known = set(listed.values_list("code", flat=True))
    Paper.objects.bulk_create(
        Paper(
            **same_person(intervention),
            intervention=intervention,
            code=paper.code,
            label=paper.label[:160],
            reason=paper.why[:300],
        )
        for paper in wanted.values()
        if paper.code not in known
    )
