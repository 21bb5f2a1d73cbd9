"""The day on paper, for an outage: who to call, what for, what helps. Each person on it is a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gruppetto.kernel import journal
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.documents import DaySheet, Row, Section, render
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.registry.people.models import Address, Need, Phone
from gruppetto.service.catalogue.reads import help_lines_in_force
from gruppetto.service.interventions.models import Intervention, State
from gruppetto.service.interventions.reads import ACTIVE_STATES, PAGE, is_late, work_list
from gruppetto.service.interventions.states import WAITING

# What one person can do on paper in a day; more would be a list nobody reads.
MOST = 2 * PAGE


@page("work_interventions")
@require_safe
def day_sheet(request: HttpRequest) -> HttpResponse:
    """The sheet as a PDF, made from the list « à moi » and the answers to confirm."""
    account = Account.objects.get(pk=str(request.user.pk))
    mine = work_list(states_in=ACTIVE_STATES, worker=account.pk, size=MOST).rows
    to_confirm = work_list(states_in=[State.ANSWERED], worker=account.pk, size=MOST).rows
    for person_id, portfolio_id in {row.subject_id: row.portfolio_id for row in (*mine, *to_confirm)}.items():
        journal.look(
            "day_sheet.printed",
            subject=("access.account", account.pk),
            person_id=person_id,
            portfolio_id=portfolio_id,
        )
    content = render("day_sheet", sheet(account, mine, to_confirm))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="feuille-du-jour.pdf"'},
    )


def sheet(account: Account, mine: list[Intervention], to_confirm: list[Intervention]) -> DaySheet:
    """What the template prints (4 queries)."""
    at = now()
    facts = _facts({row.subject_id for row in (*mine, *to_confirm)})
    waiting = [row for row in mine if row.state in WAITING]
    to_do = [row for row in mine if row.state not in WAITING]
    late = [row for row in to_do if is_late(row, at)]
    parts = (
        (_("En retard"), late),
        (_("À faire, la plus pressée d’abord"), [row for row in to_do if row not in late]),
        (_("Réponses à lire aux personnes"), to_confirm),
        (_("On attend quelqu’un ou un papier"), waiting),
    )
    return {
        "title": _("Feuille du jour"),
        "owner": account.name,
        "day": dates.day_text(today(), year=True),
        "printed_at": dates.moment_text(at),
        "sections": [
            Section(title=title, rows=[_row(row, facts[row.subject_id]) for row in rows])
            for title, rows in parts
        ],
        "numbers": [(line.number, line.label) for line in help_lines_in_force(at)],
    }


def _row(row: Intervention, facts: Mapping[str, str]) -> Row:
    person = row.person  # type: ignore[attr-defined]  # given by work_list
    printed: Row = {
        "name": person.full_name if person else _("Personne hors de votre périmètre"),
        "what": row.answer if row.state == State.ANSWERED else row.title,
        "until": dates.moment_text(row.due_at),
        "reference": row.reference,
        "next": str(State(row.state).label),
    }
    if row.state == State.ANSWERED:
        printed["next"] = _("lire la réponse, demander si elle convient")
    for name in ("phone", "address", "helps"):
        if facts.get(name):
            printed[name] = facts[name]
    return printed


def _facts(people: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Phone, address and what helps, by person (3 queries)."""
    facts: dict[UUID, dict[str, str]] = defaultdict(dict)
    keys = list(people)
    for phone in Phone.objects.filter(subject_id__in=keys, ended_at=None, main=True):
        facts[phone.subject_id]["phone"] = phones.display(phone.number)
    homes = Address.objects.filter(subject_id__in=keys, kind=Address.Kind.HOME, until=None)
    for home in homes.select_related("commune"):
        facts[home.subject_id]["address"] = f"{home.lines}, {home.postcode} {home.commune.name}"
    helps: dict[UUID, list[str]] = defaultdict(list)
    for need in Need.objects.filter(subject_id__in=keys, ended_on=None).order_by("kind", "id"):
        helps[need.subject_id].append(need.helps or need.words)
        if need.frightens:
            helps[need.subject_id].append(_("à éviter : %(what)s") % {"what": need.frightens})
    for person_id, texts in helps.items():
        facts[person_id]["helps"] = " ; ".join(texts)
    return facts
