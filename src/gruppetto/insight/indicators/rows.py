"""The rows behind a figure, newest first, page by page, within what the one who asks may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from gruppetto.insight.indicators import facts
from gruppetto.insight.indicators.periods import Period
from gruppetto.kernel.clock import now
from gruppetto.kernel.search.pages import Page, keyset, lateral
from gruppetto.registry.people.models import Person
from gruppetto.service.contacts.models import CallBack, Contact, LineCall
from gruppetto.service.contacts.states import ANSWERED, MISSED, RINGING
from gruppetto.service.interventions.models import Intervention

PAGE = 25
# One contact whose reasons count; gathered by reason, as the job does.
OF_CONTACT = """EXISTS (
    SELECT 1 FROM (
        SELECT r.contact_id, r.reason, r.subject_id, r.happened_at,
               max(r.sub_reason) FILTER (WHERE r.sub_reason = 'no-news') AS sub_reason, max(r.other) AS other
        FROM contacts_contactreason r, (SELECT contacts_contact.direction, contacts_contact.asked_by_us) AS c
        WHERE r.contact_id = contacts_contact.id AND {counted}
        GROUP BY r.contact_id, r.reason, r.subject_id, r.happened_at) AS r,
        (SELECT contacts_contact.number) AS c
    WHERE {which})"""


def contacts(
    measure: str,
    period: Period,
    portfolios: Sequence[int],
    *,
    hits: bool | None = None,
    place: Q | None = None,
    after: UUID | None = None,
) -> Page[Contact]:
    """The contacts that ``measure`` counts in ``period``; only its ``hits``, only the others, or all (None).

    ``place``: one more condition on the contact. Three queries, one more after the first page.
    """
    counted, hit = facts.OF_REASONS[measure]
    which = counted if hits is None else f"({counted}) AND {'' if hits else 'NOT '}coalesce({hit}, false)"
    rows = Contact.objects.filter(
        place or Q(),
        _sql(OF_CONTACT.format(counted=facts.COUNTED, which=which)),
        happened_at__gte=period.since,
        happened_at__lt=period.until,
    )
    return lateral(rows, "portfolio_id", portfolios, ["-happened_at"], after, PAGE)


def interventions(
    measure: str,
    period: Period,
    portfolios: Sequence[int],
    *,
    hits: bool | None = None,
    place: Q | None = None,
    after: UUID | None = None,
) -> Page[Intervention]:
    """The requests answered in ``period``; only those that are ``measure``, or are not. As ``contacts``."""
    rows = Intervention.objects.filter(
        place or Q(), first_answered_at__gte=period.since, first_answered_at__lt=period.until
    )
    if hits is not None:
        condition = facts.OF_INTERVENTIONS[measure].replace("i.", "interventions_intervention.")
        rows = rows.filter(_sql(condition if hits else f"NOT {condition}"))
    return lateral(rows, "portfolio_id", portfolios, ["-id"], after, PAGE)


def call_backs(
    period: Period,
    portfolios: Sequence[int],
    *,
    hits: bool | None = None,
    place: Q | None = None,
    after: UUID | None = None,
) -> Page[CallBack]:
    """The call backs last tried in ``period``; ``hits``: those whose last try found nobody."""
    rows = CallBack.objects.filter(
        place or Q(), last_attempt_at__gte=period.since, last_attempt_at__lt=period.until
    )
    if hits is not None:
        reached = facts.REACHED.replace("o.", "contacts_callback.")
        rows = rows.filter(_sql(f"NOT {reached}" if hits else reached))
    return lateral(rows, "portfolio_id", portfolios, ["-id"], after, PAGE)


def calls(period: Period, *, hits: bool | None = None, after: UUID | None = None) -> Page[LineCall]:
    """The calls of ``period`` as the whole desk may see them; ``hits``: those nobody took."""
    rows = LineCall.objects.filter(rang_at__gte=period.since, rang_at__lt=period.until).exclude(
        state__in=(RINGING, ANSWERED)
    )
    if hits is not None:
        rows = rows.filter(state=MISSED) if hits else rows.exclude(state=MISSED)
    return keyset(rows, ["-rang_at"], after, PAGE)


def persons_aged(band: str, day: date) -> QuerySet[Person, UUID]:
    """The ids of the persons of an age band of ``measures.AGES`` on a day."""
    if band == "unknown":
        return Person.objects.filter(birth_date=None).values_list("pk", flat=True)
    least, _dash, most = band.rstrip("+").partition("-")
    found = Person.objects.filter(birth_date__lte=_years_before(day, int(least)))
    if most:
        found = found.filter(birth_date__gt=_years_before(day, int(most) + 1))
    return found.values_list("pk", flat=True)


def _years_before(day: date, years: int) -> date:
    """Who was born that day or before has had that many birthdays; on 29 February, one is of age on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _sql(condition: str) -> RawSQL:
    """A condition written in ``facts``, with the parameters it names."""
    known = facts.parameters(now())
    found: list[Any] = []
    pieces = condition.split("%(")
    written = [pieces[0]]
    for piece in pieces[1:]:
        name, rest = piece.split(")s", 1)
        found.append(known[name])
        written += ["%s", rest]
    return RawSQL("".join(written), found, output_field=BooleanField())  # noqa: S611  (words of ours, values bound)
