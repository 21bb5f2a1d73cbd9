"""The wait now, who could answer, and the busy hours; call backs due with their tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.hours import LANGUAGES
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.supervision.live_figures import late_call_backs
from gruppetto.desks.supervision.row_tables import call_back_table, calls_table
from gruppetto.desks.supervision.telling import said
from gruppetto.insight.indicators.busy import Busy, BusyHour, busy_hours
from gruppetto.insight.indicators.line import Crew, crew, duration, waiting_now
from gruppetto.insight.indicators.measures import MEASURES
from gruppetto.insight.indicators.periods import Period
from gruppetto.insight.indicators.reads import board
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.search.pages import count, keyset
from gruppetto.registry.staff.models import Skill
from gruppetto.registry.staff.rota import OnShift
from gruppetto.service.contacts.models import CallBack, LineCall
from gruppetto.service.contacts.states import ANSWERED, RINGING

WEEKDAYS = (
    gettext_lazy("Lundi"),
    gettext_lazy("Mardi"),
    gettext_lazy("Mercredi"),
    gettext_lazy("Jeudi"),
    gettext_lazy("Vendredi"),
    gettext_lazy("Samedi"),
    gettext_lazy("Dimanche"),
)
SHADES = 4
SOON = timedelta(hours=48)
QUEUES = {
    "faire": gettext_lazy("À faire"),
    "retard": gettext_lazy("En retard"),
    "venir": gettext_lazy("À venir"),
}
LANGUAGE_WORDS = dict(LANGUAGES)


@dataclass(frozen=True)
class Heat:
    """A cell of the busy hours: ``shade`` 0 to 4; ``href``: its calls."""

    calls: str = ""
    wait: str = ""
    shade: int = 0
    href: str = ""


@page("supervise")
def waiting(request: HttpRequest) -> HttpResponse:
    """The wait now, who is free, the busy hours."""
    busy = busy_hours()
    return render(
        request,
        "supervision/waiting.html",
        {**_now(request), "busy": busy, **_heat(busy), "during": _during(busy)},
    )


@page("supervise")
def waiting_part(request: HttpRequest) -> HttpResponse:
    """The moment alone, read again when a call moves."""
    return render(request, "supervision/parts/waiting.html", _now(request))


@page("supervise")
def busy_calls(request: HttpRequest) -> HttpResponse:
    """The calls of a half hour of the week, over the days that were counted, newest first."""
    try:
        weekday, slot = int(request.GET.get("jour", "")), int(request.GET.get("creneau", ""))
    except ValueError:
        weekday, slot = 0, 0
    busy = busy_hours()
    one = next((hour for hour in busy.hours if (hour.weekday, hour.slot) == (weekday, slot)), None)
    if one is None or busy.first is None or busy.last is None:
        raise Unknown(_("Aucun appel n’est compté à cette heure-là."), code="hour-unknown")
    inside, day = Q(), busy.first
    while day <= busy.last:
        if day.isoweekday() == weekday:
            starts = datetime.combine(day, one.starts, PARIS)
            inside |= Q(rang_at__gte=starts, rang_at__lt=starts + timedelta(minutes=30))
        day += timedelta(days=1)
    found = LineCall.objects.filter(inside).exclude(state__in=(RINGING, ANSWERED))
    columns, rows, after = calls_table(keyset(found, ["-rang_at"], cursor_of(request), PAGE))
    title = _("%(day)s de %(starts)s à %(ends)s") % {
        "day": WEEKDAYS[weekday - 1],
        "starts": _hour(slot),
        "ends": _hour(slot + 1),
    }
    return render(
        request,
        "supervision/busy_calls.html",
        {"title": title, "columns": columns, "rows": rows, "after": after, "during": _during(busy)},
    )


@page("supervise")
def call_backs(request: HttpRequest) -> HttpResponse:
    """Call backs due, late or to come, with their tries; and how often nobody answers."""
    queue = request.GET.get("file", "faire")
    if queue not in QUEUES:
        raise Unknown(_("Cette liste n’existe pas."), code="queue-unknown")
    at = now()
    owed = CallBack.objects.filter(state=CallBack.State.DUE)
    lists = {
        "faire": owed.filter(due_at__lte=at),
        "retard": late_call_backs(),
        "venir": owed.filter(due_at__gt=at, due_at__lte=at + SOON),
    }
    found = keyset(lists[queue], ["due_at"], cursor_of(request), PAGE)
    columns, rows, after = call_back_table(found)
    month = board(Period.holding("month", today()))
    return render(
        request,
        "supervision/call_backs.html",
        {
            "columns": columns,
            "rows": rows,
            "after": after,
            "queue": queue,
            "title": QUEUES[queue],
            "queues": [
                (label, f"?{urlencode({'file': code})}", str(count(lists[code])), code == queue)
                for code, label in QUEUES.items()
            ],
            "absent": said(month.now["absent"], month.before["absent"]),
            "absent_href": f"{reverse('supervision:indicator', args=['absent'])}?periode=month",
            "definition": MEASURES["absent"].definition,
        },
    )


def _now(request: HttpRequest) -> dict[str, Any]:
    spoken, skill = request.GET.get("langue", ""), request.GET.get("accueil", "")
    wait, there = waiting_now(), crew(spoken, skill)
    return {
        "wait": wait,
        "longest": duration(wait.longest),
        "crew": _named(there),
        "spoken": spoken,
        "skill": skill,
        "languages": LANGUAGES,
        "skills": Skill.choices,
        "query": request.GET.urlencode(),
    }


def _named(there: Crew) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(title, what an empty list says, [(name, until or from when)])."""

    def until(one: OnShift) -> str:
        return _("jusqu’à %(hour)s") % {"hour": _clock(one.ends)}

    return [
        (
            _("Libres maintenant"),
            _("Personne n’est libre en ce moment."),
            [(_known(one), until(one)) for one in there.free],
        ),
        (
            _("En contact avec quelqu’un"),
            _("Personne n’est en contact."),
            [(_known(one), until(one)) for one in there.busy],
        ),
        (
            _("Arrivent plus tard aujourd’hui"),
            _("Plus personne n’arrive aujourd’hui."),
            [(_known(one), _("à %(hour)s") % {"hour": _clock(one.starts)}) for one in there.later],
        ),
    ]


def _known(one: OnShift) -> str:
    words = [
        str(LANGUAGE_WORDS[code]) for code in one.staff.languages if code in LANGUAGE_WORDS and code != "fr"
    ]
    name = one.staff.account.name
    return f"{name} ({', '.join(words)})" if words else name


def _clock(at: datetime) -> str:
    local = at.astimezone(PARIS)
    return wording.held(f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h")


def _hour(slot: int) -> str:
    return wording.held(f"{slot // 2} h{' 30' if slot % 2 else ''}")


def _heat(busy: Busy) -> dict[str, Any]:
    """The table of busy hours: a line for each half hour, a column for each weekday with calls."""
    cells = {(one.slot, one.weekday): one for one in busy.hours}
    days = sorted({one.weekday for one in busy.hours})
    most = max((one.a_day for one in busy.hours), default=0.0)
    slots = range(min((k[0] for k in cells), default=0), max((k[0] for k in cells), default=-1) + 1)
    lines = [
        (
            _("%(starts)s – %(ends)s") % {"starts": _hour(slot), "ends": _hour(slot + 1)},
            [(WEEKDAYS[day - 1], _cell(cells.get((slot, day)), most)) for day in days],
        )
        for slot in slots
    ]
    return {"heat_days": [WEEKDAYS[day - 1] for day in days], "heat": lines}


def _cell(one: BusyHour | None, most: float) -> Heat:
    if one is None or not one.calls:
        return Heat()
    wait = ""
    if one.median is not None and one.p90 is not None:
        words = {"median": wording.number(one.median), "p90": wording.number(one.p90)}
        wait = wording.held(_("attente %(median)s s, 9 sur 10 sous %(p90)s s") % words)
    calls = wording.held(_("%(n)s par jour") % {"n": wording.number(one.a_day, 1)})
    address = urlencode({"jour": one.weekday, "creneau": one.slot})
    return Heat(
        calls,
        wait,
        max(1, round(SHADES * one.a_day / most)),
        f"{reverse('supervision:busy_calls')}?{address}",
    )


def _during(busy: Busy) -> str:
    if busy.first is None or busy.last is None:
        return ""
    words = {"first": day_text(busy.first, year=True), "last": day_text(busy.last, year=True)}
    return _("Du %(first)s au %(last)s.") % words
