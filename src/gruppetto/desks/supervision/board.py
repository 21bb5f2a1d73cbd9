"""What a supervisor watches: every queue with its count, the work of each person. Fifteen queries for the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.figures import Chart, Series
from gruppetto.desks.supervision.kinds import BY_CODE, FAMILIES, KINDS, Kind, Words
from gruppetto.desks.supervision.oldest import oldest
from gruppetto.desks.supervision.teams import my_teams
from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.amounts import NO_BREAK
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.search.pages import Count as Counted
from gruppetto.kernel.search.pages import count
from gruppetto.registry.coverage.unserved import unserved_in
from gruppetto.registry.people.duplicates.reads import open_suspects
from gruppetto.registry.people.identity import WRONG_ANSWERS
from gruppetto.registry.people.models import Person
from gruppetto.registry.staff.models import Staff
from gruppetto.service.contacts.models import CallBack, Contact, LineCall, ProtectedRecord
from gruppetto.service.contacts.states import ANSWERED, DONE, MISSED, RINGING
from gruppetto.service.interventions.reads import figures, load_by_worker, portfolios_in_scope
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.reads import to_decide

WAITS = (RINGING, ANSWERED)
# How long a contact stays in « Identités non confirmées » unread.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Figure:
    """A queue with its count, ready to show."""

    kind: Kind
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Board:
    """All the queues at one moment, by family; ``unread``: what colleagues wrote to who looks."""

    at: datetime
    unread: int
    families: tuple[tuple[Words, tuple[Figure, ...]], ...]


def board() -> Board:
    """Every queue of the actor's teams with its count; nothing is read beyond the counts."""
    at, portfolios = now(), portfolios_in_scope()
    line = LineCall.objects.filter(
        Q(state__in=WAITS) | Q(state=MISSED, rang_at__gte=_midnight(at))
    ).aggregate(
        waiting=Count("contact_id", filter=Q(state__in=WAITS)),
        since=Min("rang_at", filter=Q(state__in=WAITS)),
        missed=Count("contact_id", filter=Q(state=MISSED)),
    )
    work = figures(portfolios, current_actor().account_id)
    counts: dict[str, Counted | int] = {
        "attente": line["waiting"],
        "manques": line["missed"],
        "rappels": count(call_backs(at)),
        "identites": count(identities_not_confirmed()),
        "rappels-abandonnes": count(call_backs_given_up()),
        "sans-personne": count(contacts_without_person()),
        "sans-correspondant": work["unassigned"],
        "retard": work["late"],
        "en-cours": work["working"],
        "suspendues": work["waiting"],
        "a-confirmer": work["to_confirm"],
        "non-confirmees": work["not_confirmed"],
        "a-placer": count(persons_to_place()),
        "non-servies": count(unserved_in(my_teams())),
        "doublons": count(open_suspects()),
        "a-remettre": count(messages_to_hand_over(portfolios)),
        "envois": count(to_decide().filter(portfolio_id__in=portfolios)),
        "a-lire": count(unread_records()),
    }
    notes = {"attente": oldest(line["since"], at)}
    return Board(
        at,
        work["unread"],
        tuple(
            (title, tuple(_figure(kind, counts, notes) for kind in KINDS if kind.family == family))
            for family, title in FAMILIES
        ),
    )


def _figure(kind: Kind, counts: dict[str, Counted | int], notes: dict[str, str]) -> Figure:
    found = counts[kind.code]
    empty = not (found.number if isinstance(found, Counted) else found)
    value = wording.number(found) if isinstance(found, int) else written(found)
    if empty:
        return Figure(kind, value)
    note = notes.get(kind.code, "") or (_("À regarder") if kind.tone else "")
    return Figure(kind, value, note, kind.tone)


def written(found: Counted) -> str:
    """``1 204``, or ``10 000 +`` beyond what is counted."""
    return f"{wording.number(found.number)}{NO_BREAK + '+' if found.capped else ''}"


def _midnight(at: datetime) -> datetime:
    return at.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)


def missed_today() -> Any:
    """The rows of « Appels manqués aujourd’hui »."""
    return LineCall.objects.filter(state=MISSED, rang_at__gte=_midnight(now()))


def waiting_calls() -> Any:
    """The rows of « Appels en attente »."""
    return LineCall.objects.filter(state__in=WAITS)


def call_backs(at: datetime) -> Any:
    """The rows of « Rappels à faire »."""
    return CallBack.objects.filter(state=CallBack.State.DUE, due_at__lte=at)


def call_backs_given_up() -> Any:
    """The rows of « Rappels abandonnés »: those of known persons are followed by a message."""
    return CallBack.objects.filter(state=CallBack.State.GIVEN_UP, subject_id=None, settled_at=None)


def identities_not_confirmed() -> Any:
    """The rows of « Identités non confirmées »."""
    return Contact.objects.filter(
        failures__gte=WRONG_ANSWERS, failures_seen_at=None, happened_at__gte=now() - LATELY
    )


def contacts_without_person() -> Any:
    """The rows of « Contacts sans personne »."""
    return Contact.objects.filter(
        portfolio_id=UNASSIGNED, subject_id=None, state=DONE, direction=Contact.Direction.IN
    )


def persons_to_place() -> Any:
    """The rows of « Personnes à placer »."""
    return Person.objects.filter(
        portfolio_id=UNASSIGNED,
        subscriber_since__isnull=False,
        subscriber_until=None,
        died_on=None,
        merged_into=None,
    )


def messages_to_hand_over(portfolios: list[int]) -> Any:
    """The rows of « Courriers à remettre »."""
    return Message.objects.filter(state=Message.State.PREPARED, portfolio_id__in=portfolios)


def unread_records() -> Any:
    """The rows of « Fiches protégées à lire »; row security leaves out those about the one who looks."""
    return ProtectedRecord.objects.filter(seen_at=None)


def load_chart() -> Chart:
    """Work under way of each person who works it, by name: to share it out, never to compare people. Three queries."""
    portfolios = portfolios_in_scope()
    rows = {row["worker_id"]: row for row in load_by_worker(portfolios)}
    names = dict(_who_works(portfolios)) | {key: row["name"] for key, row in rows.items() if key}
    workers: list[tuple[UUID | None, str]] = sorted(
        names.items(), key=lambda pair: (pair[1].casefold(), pair[0])
    )
    if None in rows:
        workers.append((None, _("Sans correspondant")))
    empty = {"open": 0, "late": 0}
    return Chart(
        id="load",
        title=gettext_lazy("Demandes en cours par personne"),
        definition=gettext_lazy(
            "Demandes qui ne sont pas encore répondues, par ordre alphabétique. Sert à répartir le travail, "
            "pas à comparer les personnes."
        ),
        labels_name=gettext_lazy("Qui suit"),
        labels=[name for _key, name in workers],
        series=[
            Series(gettext_lazy("En cours"), [rows.get(key, empty)["open"] for key, _name in workers]),
            Series(gettext_lazy("Dont en retard"), [rows.get(key, empty)["late"] for key, _name in workers]),
        ],
        kind="bar",
        links=[work_of(key) for key, _name in workers],
    )


def _who_works(portfolios: list[int]) -> list[tuple[UUID, str]]:
    """(account, name) of those who hold or stand in for one of these portfolios today."""
    today = now().astimezone(PARIS).date()
    return list(
        Staff.objects.filter(
            holdings__portfolio__in=portfolios, holdings__during__contains=today, account__is_active=True
        )
        .distinct()
        .values_list("account_id", "account__name")
    )


def work_of(account_id: UUID | None) -> str:
    """The page of the work under way of one person; None: of nobody."""
    if account_id is None:
        return BY_CODE["sans-correspondant"].href
    return f"{reverse('supervision:work')}?{urlencode({'file': 'tout', 'qui': str(account_id)})}"
