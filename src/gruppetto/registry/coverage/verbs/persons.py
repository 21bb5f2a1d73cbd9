"""Placing a person: in one act, with its reason."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.registry.coverage import events
from gruppetto.registry.coverage.models import Placement, Portfolio
from gruppetto.registry.coverage.reads import propose
from gruppetto.registry.people.holders import move
from gruppetto.registry.people.models import Person


@verb
def place_person(person_id: UUID, portfolio_id: int, reason: str) -> Placement:
    """Put a person in a portfolio: the first time as proposed, later only with a reason and a notice to the person.

    All the rows about the person follow. Raises ``Unknown`` (person, portfolio), ``Refused`` (reason-missing,
    already-there, portfolio-closed), ``NotYours`` when the new portfolio is not in the actor's teams.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    portfolio = Portfolio.objects.filter(pk=portfolio_id, team__isnull=False).first()
    if portfolio is None:
        raise Unknown(_("Ce portefeuille n’existe pas."), code="portfolio-unknown", field="portfolio")
    if portfolio.closed_on is not None:
        raise Refused(_("Ce portefeuille est fermé."), code="portfolio-closed", field="portfolio")
    if not reason.strip():
        raise Refused(
            _("Dites pourquoi : la raison sera dite à la personne."), code="reason-missing", field="reason"
        )
    before = person.portfolio_id
    if before == portfolio_id:
        raise Refused(
            _("La personne est déjà dans ce portefeuille."), code="already-there", field="portfolio"
        )
    at, weighed = now(), propose(person_id).weighed
    Placement.objects.filter(subject_id=person_id, until=None).update(until=at)
    placement = Placement.objects.create(
        person_id=person_id,
        shelf=person.shelf,
        portfolio=portfolio,
        since=at,
        reason=reason.strip()[:200],
        weighed=weighed,
        decided_by=current_actor().account_id,
    )
    check_mine(portfolio)
    journal.act(
        "person.placed",
        subject=("people.person", person_id),
        person_id=person_id,
        portfolio_id=portfolio_id,
        body={"portfolio": portfolio_id, "before": before, "reason": reason.strip()},
    )
    outbox.publish(events.PLACED, person_id, portfolio_id=portfolio_id, placement=placement.pk, before=before)
    move(person_id, portfolio_id)
    return placement


def check_mine(portfolio: Portfolio) -> None:
    """People go only into portfolios the actor answers for; jobs and commands answer for all."""
    if current_actor().account_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (access.scope())", [portfolio.pk])
        if not cursor.fetchone()[0]:
            raise NotYours(_("Ce portefeuille n’est pas dans vos équipes."), code="portfolio-not-yours")
