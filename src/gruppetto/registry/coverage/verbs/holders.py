"""Who holds a portfolio: handing it over, standing in for those who are away."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Holding, Portfolio
from gruppetto.registry.coverage.verbs.days import end_before, not_past
from gruppetto.registry.coverage.verbs.persons import check_mine
from gruppetto.registry.staff.models import Absence, Staff


@verb
def hand_over(portfolio_id: int, to_staff_id: UUID, on: date, why: str) -> Holding:
    """From ``on``, ``to_staff_id`` holds the portfolio; the current holder's days end the day before. Nobody moves.

    One supervised act: work under way follows by the job of the interventions room. Raises ``Refused`` (why-missing,
    in-the-past, same-holder, portfolio-closed), ``Unknown``.
    """
    portfolio = Portfolio.objects.filter(pk=portfolio_id, team__isnull=False).first()
    staff = Staff.objects.filter(pk=to_staff_id, account__is_active=True).first()
    if portfolio is None or staff is None:
        raise Unknown(_("Ce portefeuille ou ce correspondant n’existe pas."), code="portfolio-unknown")
    check_mine(portfolio)
    if portfolio.closed_on is not None:
        raise Refused(_("Ce portefeuille est fermé."), code="portfolio-closed")
    if not why.strip():
        raise Refused(_("Dites pourquoi le portefeuille change de mains."), code="why-missing", field="why")
    not_past(on)
    current = Holding.objects.filter(portfolio=portfolio, capacity="holder", during__contains=on).first()
    if current is not None and current.staff_id == staff.pk:
        raise Refused(_("Ce correspondant tient déjà ce portefeuille."), code="same-holder", field="staff")
    until = None
    if current is not None:
        until = current.during.upper
        end_before(current, on)
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
