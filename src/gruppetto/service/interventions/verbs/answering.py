"""The answer, read back and validated by the person. Silence never closes (G4)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.catalogue.reads import kind_version
from gruppetto.service.catalogue.script import steps
from gruppetto.service.commitments.reads import terms
from gruppetto.service.interventions import events
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.completeness import files, missing, named
from gruppetto.service.interventions.models import Attempt, Intervention, Outcome, Paper, State
from gruppetto.service.interventions.verbs.authority import check_word
from gruppetto.service.interventions.verbs.steps import get, same_person, step
from gruppetto.service.messages.verbs import prepare

# Dated in tables.md: two calls and a letter, then fifteen days; sixty days to come back.
CALLS_BEFORE_LETTER = 2
LETTER_PATIENCE = timedelta(days=10)
REST_BEFORE_CLOSING = timedelta(days=15)
REOPEN_WITHIN = timedelta(days=60)


@verb
def answer(intervention_id: UUID, outcome: str, text: str, *, without_papers: str = "") -> Intervention:
    """Give the answer: its ``outcome`` and the words the person will hear.

    The platform then owes the person a call to hear whether it suits them. ``without_papers``: why it was filed all
    the same while papers that its kind requires were missing; kept in its story. Raises ``Refused`` (outcome-missing,
    answer-empty, papers-missing), ``NotYours``, ``TooLate``.
    """
    if outcome not in Outcome.values:
        raise Refused(_("Choisissez l’issue de la demande."), code="outcome-missing", field="outcome")
    if not text.strip():
        raise Refused(
            _("Écrivez la réponse comme vous la direz à la personne."), code="answer-empty", field="text"
        )
    at = now()
    intervention = get(intervention_id)
    lacked = _lacked(intervention, outcome, without_papers)
    first = intervention.first_answered_at or at
    answered = step(
        intervention,
        "answer",
        # The story keeps each answer: the next one, after a « no », replaces it on the record.
        why=_("%(outcome)s. %(text)s")
        % {"outcome": f"{Outcome(outcome).label}{lacked}", "text": text.strip()},
        at=at,
        outcome=outcome,
        answer=text.strip(),
        answered_at=at,
        first_answered_at=first,
    )
    outbox.publish(events.ANSWERED, answered.pk, portfolio_id=answered.portfolio_id)
    return answered


def _lacked(intervention: Intervention, outcome: str, why: str) -> str:
    """What the story says of the papers that are missing, empty for none. Raises ``Refused`` without a reason."""
    kind = kind_version(intervention.kind, intervention.kind_version)
    if not files(outcome, steps(kind, intervention.answers)):
        return ""
    lacking = missing(Paper.objects.filter(intervention=intervention).order_by("code"), kind)
    if not lacking:
        return ""
    if not why.strip():
        raise Refused(
            _("Il manque : %(papers)s. Attendez ces papiers, ou dites pourquoi faire sans.")
            % {"papers": named(lacking)},
            code="papers-missing",
            field="without_papers",
        )
    return _(", sans tous les papiers (%(why)s)") % {"why": why.strip()}


@verb
def confirm(intervention_id: UUID, why: str = "", *, contact_id: UUID | None = None) -> Intervention:
    """The person said yes to whoever records it: the answer suits them.

    ``contact_id``: where they said it, needed by who does not work it (``authority.check_word``). Raises ``NotYours``
    when no human records it: a machine cannot hear a yes.
    """
    intervention = get(intervention_id)
    check_word(intervention, contact_id)
    confirmed = step(
        intervention, "confirm", why=why, confirmed_at=now(), confirmed_to=current_actor().account_id
    )
    outbox.publish(events.HEARD, confirmed.pk, portfolio_id=confirmed.portfolio_id)
    return confirmed


@verb
def reopen(intervention_id: UUID, why: str, *, contact_id: UUID | None = None) -> Intervention:
    """The person says no, or comes back within sixty days: work starts again under a new clock, free of charge.

    The first promise and the first answer stay in the figures. ``contact_id``: as ``confirm``. Raises ``Refused``
    (why-missing, reopen-too-late).
    """
    if not why.strip():
        raise Refused(
            _("Dites ce qui ne va pas, avec les mots de la personne."), code="why-missing", field="why"
        )
    at, intervention = now(), get(intervention_id)
    check_word(intervention, contact_id)
    if intervention.answered_at and at - intervention.answered_at > REOPEN_WITHIN:
        raise Refused(
            _("Plus de 60 jours ont passé : ouvrez une nouvelle intervention."), code="reopen-too-late"
        )
    worker = worker_of(intervention.portfolio_id, today())
    before = Promise.from_json(intervention.clock)
    promised = terms(
        intervention.kind,
        intervention.grade,
        urgent=intervention.urgent,
        at=at,
        contact_id=intervention.contact_id,
        department=intervention.department,
    )
    reopened = step(
        intervention,
        "reopen" if worker.account_id else "reopen_to_queue",
        why=why,
        at=at,
        promise=before.renewed(at, promised, intervention.due_at, intervention.answered_at),
        worker_id=worker.account_id,
        queue_reason="" if worker.account_id else worker.why[:200],
        reopened=intervention.reopened + 1,
        outcome="",
        answered_at=None,
        confirmed_at=None,
        confirmed_to=None,
        closed_at=None,
    )
    outbox.publish(events.HEARD, reopened.pk, portfolio_id=reopened.portfolio_id)
    return reopened


@verb
def attempt(intervention_id: UUID, how: str = Attempt.How.CALL) -> Attempt:
    """Note a call that did not reach the person; after the second one, the letter is prepared.

    Raises ``Refused`` (nothing-to-confirm) unless it is answered, (letter-is-automatic) for another ``how``.
    """
    if how != Attempt.How.CALL:
        raise Refused(_("La lettre se prépare d’elle-même après deux appels."), code="letter-is-automatic")
    intervention = get(intervention_id)
    if intervention.state != State.ANSWERED:
        raise Refused(_("Il n’y a pas de réponse à confirmer."), code="nothing-to-confirm")
    tried = _note_attempt(intervention, how)
    before = [one.how for one in attempts_since_answer(intervention)]
    if before.count(Attempt.How.CALL) >= CALLS_BEFORE_LETTER and Attempt.How.LETTER not in before:
        letter = prepare(
            intervention.subject_id,
            channel="letter",
            kind="answer-to-confirm",
            key=f"answer-to-confirm:{intervention.pk}:{intervention.reopened}",
            facts={
                "title": intervention.title,
                "answer": intervention.answer,
                "reference": intervention.reference,
            },
            intervention_id=intervention.pk,
        )
        _note_attempt(intervention, Attempt.How.LETTER, letter.pk)
    outbox.publish(events.NOTED, intervention.pk, portfolio_id=intervention.portfolio_id)
    return tried


def attempts_since_answer(intervention: Intervention) -> list[Attempt]:
    """What was tried to hear whether the answer given last suits the person: an answer before it does not count."""
    return list(intervention.attempts.filter(at__gte=intervention.answered_at).order_by("at", "id"))


def _note_attempt(intervention: Intervention, how: str, message_id: UUID | None = None) -> Attempt:
    tried = Attempt.objects.create(
        **same_person(intervention),
        intervention=intervention,
        how=how,
        at=now(),
        account_id=current_actor().account_id,
        message_id=message_id,
    )
    journal.act(
        "intervention.attempted",
        subject=("interventions.intervention", intervention.pk),
        person_id=intervention.subject_id,
        portfolio_id=intervention.portfolio_id,
        body={"how": how},
    )
    return tried


@verb
def give_up_confirming(intervention_id: UUID) -> Intervention:
    """Two calls and a letter had no reply for ten days: « répondue, non confirmée », counted apart, never a yes.

    Raises ``Refused`` (too-early) before that.
    """
    intervention = get(intervention_id)
    if intervention.state == State.ANSWERED:
        tried = attempts_since_answer(intervention)
        letters = [one.at for one in tried if one.how == Attempt.How.LETTER]
        calls = len(tried) - len(letters)
        if calls < CALLS_BEFORE_LETTER or not letters or now() - letters[-1] < LETTER_PATIENCE:
            raise Refused(_("Il faut deux appels et une lettre, puis dix jours."), code="too-early")
    return step(intervention, "give_up_confirming")


@verb
def close(intervention_id: UUID) -> Intervention:
    """Close what is confirmed, or has stayed unconfirmed for fifteen days after all attempts."""
    intervention = get(intervention_id)
    if intervention.state == State.NOT_CONFIRMED:
        since = (
            intervention.moves.filter(target=State.NOT_CONFIRMED)
            .order_by("-at")
            .values_list("at", flat=True)
            .first()
        )
        if since is None or now() - since < REST_BEFORE_CLOSING:
            raise Refused(_("La personne a encore quinze jours pour répondre."), code="too-early")
    return step(intervention, "close", closed_at=now())
