"""Placing a person, handing over a portfolio, being away, drawing zones: each in one act, with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Func
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.registry.coverage import events
from gruppetto.registry.coverage.models import Coverage, Holding, Placement, Portfolio, Team, Zone, ZonePart
from gruppetto.registry.coverage.reads import propose, today
from gruppetto.registry.people.holders import move
from gruppetto.registry.people.models import Person
from gruppetto.registry.staff.models import Absence, Staff


@verb
def place_person(person_id: UUID, portfolio_id: int, reason: str) -> Placement:
    """Put a person in a portfolio: the first time as proposed, later only with a reason and a notice to the person.

    All the rows about the person follow. Raises ``Unknown`` (person, portfolio), ``Refused`` (reason-missing,
    already-there), ``NotYours`` when the new portfolio is not in the actor's teams.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    portfolio = Portfolio.objects.filter(pk=portfolio_id, team__isnull=False).first()
    if portfolio is None:
        raise Unknown(_("Ce portefeuille n’existe pas."), code="portfolio-unknown", field="portfolio")
    if not reason.strip():
        raise Refused(
            _("Dites pourquoi : la raison sera dite à la personne."), code="reason-missing", field="reason"
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
    _check_mine(portfolio)
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


def _check_mine(portfolio: Portfolio) -> None:
    """People go only into portfolios the actor answers for; jobs and commands answer for all."""
    if current_actor().account_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (access.scope())", [portfolio.pk])
        if not cursor.fetchone()[0]:
            raise NotYours(_("Ce portefeuille n’est pas dans vos équipes."), code="portfolio-not-yours")


@verb
def hand_over(portfolio_id: int, to_staff_id: UUID, on: date, why: str) -> Holding:
    """From ``on``, ``to_staff_id`` holds the portfolio; the current holder's days end the day before. Nobody moves.

    One supervised act: work under way follows by the job of the interventions room. Raises ``Refused`` (why-missing,
    in-the-past, same-holder), ``Unknown``.
    """
    portfolio = Portfolio.objects.filter(pk=portfolio_id, team__isnull=False).first()
    staff = Staff.objects.filter(pk=to_staff_id, account__is_active=True).first()
    if portfolio is None or staff is None:
        raise Unknown(_("Ce portefeuille ou ce correspondant n’existe pas."), code="portfolio-unknown")
    _check_mine(portfolio)
    if not why.strip():
        raise Refused(_("Dites pourquoi le portefeuille change de mains."), code="why-missing", field="why")
    if on < today():
        raise Refused(
            _("La date est passée : choisissez aujourd’hui ou plus tard."), code="in-the-past", field="on"
        )
    current = Holding.objects.filter(portfolio=portfolio, capacity="holder", during__contains=on).first()
    if current is not None and current.staff_id == staff.pk:
        raise Refused(_("Ce correspondant tient déjà ce portefeuille."), code="same-holder", field="staff")
    until = None
    if current is not None:
        until = current.during.upper
        _end(current, on)
    after = Holding.objects.filter(portfolio=portfolio, capacity="holder", during__startswith__gt=on)
    until = until or after.order_by("during").values_list(Lower("during"), flat=True).first()
    holding = Holding.objects.create(
        portfolio=portfolio, staff=staff, capacity="holder", during=(on, until), why=why.strip()[:200]
    )
    journal.act(
        "portfolio.handed_over",
        portfolio_id=portfolio.pk,
        body={
            "portfolio": portfolio.pk,
            "from": current and current.staff_id,
            "to": staff.pk,
            "on": on,
            "why": why.strip(),
        },
    )
    outbox.publish("portfolio.handed_over", portfolio_id=portfolio.pk, holding=holding.pk, on=on)
    return holding


def _end(holding: Holding, on: date) -> None:
    """End a holding the day before ``on``; one that would have no day left goes."""
    if holding.during.lower is not None and holding.during.lower >= on:
        holding.delete()
    else:
        Holding.objects.filter(pk=holding.pk).update(during=Func(Lower("during"), on, function="daterange"))


@verb
def declare_absence(staff_id: UUID, first: date, last: date, reason: str) -> Absence:
    """Note days away (both included); each portfolio held is stood in for by its usual substitute for those days.

    Where the usual substitute is missing or away, the supervisor's queue shows it (``worker_of`` says nobody).
    Raises ``Refused`` (dates-order, reason-unknown) or the constraint's sentence when days overlap.
    """
    staff = Staff.objects.filter(pk=staff_id).first()
    if staff is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown")
    if last < first:
        raise Refused(_("Le dernier jour vient après le premier."), code="dates-order", field="last")
    if reason not in Absence.Reason.values:
        raise Refused(_("Choisissez le motif de l’absence."), code="reason-unknown", field="reason")
    during = (first, last + timedelta(days=1))
    absence = Absence.objects.create(staff=staff, during=during, reason=reason)
    for holding in Holding.objects.filter(
        staff=staff, capacity="holder", during__overlap=during
    ).select_related("portfolio"):
        _stand_in(holding, *during)
    journal.act(
        "staff.absence_declared",
        subject=("staff.staff", staff.pk),
        body={"staff": staff.pk, "first": first, "last": last, "reason": reason},
    )
    outbox.publish("staff.absence_declared", staff.pk)
    return absence


def _stand_in(holding: Holding, first: date, after: date) -> None:
    substitute = holding.portfolio.standing_substitute_id
    if (
        substitute is None
        or Absence.objects.filter(staff_id=substitute, during__overlap=(first, after)).exists()
    ):
        return
    first = max(filter(None, (first, holding.during.lower)))
    after = min(filter(None, (after, holding.during.upper)))
    taken = Holding.objects.filter(
        portfolio=holding.portfolio, capacity="substitute", during__overlap=(first, after)
    )
    if not taken.exists():
        Holding.objects.create(
            portfolio=holding.portfolio,
            staff_id=substitute,
            capacity="substitute",
            during=(first, after),
            why=str(_("remplaçant habituel pendant l’absence du titulaire")),
        )


@verb
def define_zone(territory_id: UUID, name: str, parts: Iterable[tuple[str, str]], on: date) -> Zone:
    """Draw a zone of (commune code, postcode) parts from ``on``; what is already in another zone is refused."""
    zone = Zone.objects.create(territory_id=territory_id, name=name)
    rows = [
        ZonePart(zone=zone, commune_id=commune, postcode=postcode, during=(on, None))
        for commune, postcode in parts
    ]
    if not rows:
        raise Refused(_("Une zone a au moins une commune."), code="zone-empty", field="parts")
    ZonePart.objects.bulk_create(rows)
    journal.act("zone.defined", body={"zone": zone.pk, "parts": len(rows), "on": on})
    return zone


@verb
def cover(zone_id: UUID, team_id: UUID, on: date) -> Coverage:
    """From ``on``, the team serves the zone; the team before serves it until the day before."""
    zone, team = Zone.objects.filter(pk=zone_id).first(), Team.objects.filter(pk=team_id).first()
    if zone is None or team is None:
        raise Unknown(_("Cette zone ou cette équipe n’existe pas."), code="zone-unknown")
    before = (
        Coverage.objects.filter(zone=zone, during__contains=on)
        .annotate(first=Lower("during"), after=Upper("during"))
        .first()
    )
    if before is not None:
        if before.first == on:
            before.delete()
        else:
            Coverage.objects.filter(pk=before.pk).update(
                during=Func(F("during__startswith"), on, function="daterange")
            )
    coverage = Coverage.objects.create(zone=zone, team=team, during=(on, None))
    journal.act("zone.covered", body={"zone": zone.pk, "team": team.pk, "on": on})
    return coverage
