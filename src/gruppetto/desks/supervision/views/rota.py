"""The rota: a team's week, a day that differs, the opening hours nobody answers; and one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.hours import LANGUAGES, HoursField
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.shared.wording import held
from gruppetto.desks.supervision.forms import reason
from gruppetto.desks.supervision.teams import my_teams
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import PARIS, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.staff import rota
from gruppetto.registry.staff.models import Shift, Skill, Staff
from gruppetto.registry.staff.presence import Thin
from gruppetto.registry.staff.reads import on_the_rota
from gruppetto.registry.staff.verbs import Hours, change_day, reset_day

LANGUAGE_WORDS = dict(LANGUAGES)
FAR = timedelta(days=366)


class DayForm(forms.Form):
    """The hours of somebody for one day."""

    hours = HoursField(
        label=gettext_lazy("Heures de travail"),
        help_text=gettext_lazy(
            "Par exemple 8 h 30 – 12 h 30, 13 h 30 – 18 h. Vide : la personne ne travaille pas."
        ),
        required=False,
    )
    takes_calls = forms.BooleanField(label=gettext_lazy("Prend des appels ce jour-là"), required=False)
    why = reason(gettext_lazy("Pourquoi ?"), gettext_lazy("La raison se lit à côté du jour."))


@dataclass(frozen=True)
class Day:
    """A cell of the grid. ``href``: where the day is changed, empty when it cannot be."""

    day: date
    label: str
    hours: tuple[str, ...]
    calls: bool
    away: str
    changed: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the grid."""

    name: str
    known: str
    days: tuple[Day, ...]


@page("supervise")
def week(request: HttpRequest) -> HttpResponse:
    """The week of those one leads and of the platform's agents, with the gaps of the opening hours."""
    first = _monday(request)
    spoken, skill = request.GET.get("langue", ""), request.GET.get("accueil", "")
    crew = [
        one
        for one in on_the_rota(my_teams())
        if (not spoken or spoken in one.languages) and (not skill or skill in one.skills)
    ]
    lines = [_line(line, changing=True) for line in rota.week(crew, first)]
    gaps = rota.openings(first, wanted=2)
    return render(
        request,
        "supervision/rota.html",
        {
            **_around(first),
            "lines": lines,
            "nobody": _thin(gaps, 0),
            "alone": _thin(gaps, 1),
            "languages": LANGUAGES,
            "skills": Skill.choices,
            "spoken": spoken,
            "skill": skill,
        },
    )


@page("lead_team")
def day(request: HttpRequest, staff_id: UUID, day: str) -> HttpResponse:
    """Change one day of somebody: their hours, whether they answer, why."""
    one, on = _of_mine(staff_id), _day(day)
    known = rota.week([one], on, days=1)[0].days[0]
    initial = {
        "hours": ", ".join(_span(shift) for shift in known.shifts),
        "takes_calls": any(shift.takes_calls for shift in known.shifts) or one.takes_calls,
        "why": known.changed,
    }
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        hours = [Hours(*span) for span in form.cleaned_data["hours"]]
        try:
            change_day(
                staff_id, on, hours, form.cleaned_data["why"], takes_calls=form.cleaned_data["takes_calls"]
            )
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Le planning du %(day)s est changé.") % {"day": day_text(on)})
            return SeeOther(_week_of(on))
    return render(
        request,
        "supervision/rota_day.html",
        {
            "form": form,
            "one": one,
            "on": day_text(on, year=True),
            "known": known,
            "back": _week_of(on),
            "reset": reverse("supervision:reset_day", args=[staff_id, on.isoformat()]),
            "past": on < today(),
        },
        status=TO_CORRECT if form.errors else 200,
    )


@page("lead_team")
def reset(request: HttpRequest, staff_id: UUID, day: str) -> HttpResponse:
    """Put a day back as usual."""
    one, on = _of_mine(staff_id), _day(day)
    if request.method == "POST":
        try:
            reset_day(one.pk, on)
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, _("Le jour est de nouveau comme d’habitude."))
    return SeeOther(_week_of(on))


@page("see_own_rota")
def mine(request: HttpRequest) -> HttpResponse:
    """One's own rota, this week and the next three."""
    first = rota.monday_of(today())
    mine = Staff.objects.select_related("account").filter(
        account__in=filter(None, [current_actor().account_id])
    )
    me = mine.first()
    days = rota.week([me], first, days=28)[0].days if me else ()
    shown = [_day_of(one) for one in days]
    weeks = [
        (_("Semaine du %(day)s") % {"day": day_text(shown[n].day, weekday=False)}, shown[n : n + 7])
        for n in range(0, len(shown), 7)
    ]
    return render(request, "supervision/my_rota.html", {"weeks": weeks, "known": me, "today": today()})


def _around(first: date) -> dict[str, Any]:
    days = [first + timedelta(days=number) for number in range(rota.WEEK)]
    return {
        "title": held(_("Semaine du %(day)s") % {"day": day_text(first, year=True, weekday=False)}),
        "days": [held(day_text(one)) for one in days],
        "before": _week_of(first - timedelta(days=7)),
        "after": _week_of(first + timedelta(days=7)),
        "this_week": "" if first == rota.monday_of(today()) else reverse("supervision:rota"),
        "first": first.isoformat(),
    }


def _line(line: rota.RotaLine, *, changing: bool) -> Line:
    staff = line.staff
    spoken = [
        str(LANGUAGE_WORDS[code]) for code in staff.languages if code in LANGUAGE_WORDS and code != "fr"
    ]
    skills = [str(Skill(code).label) for code in staff.skills if code in Skill.values]
    days = tuple(_day_of(one, staff.pk if changing else None) for one in line.days)
    return Line(staff.account.name, ", ".join([*spoken, *skills]), days)


def _day_of(one: rota.RotaDay, staff_id: UUID | None = None) -> Day:
    href = ""
    if staff_id is not None and one.day >= today():
        href = reverse("supervision:rota_day", args=[staff_id, one.day.isoformat()])
    return Day(
        day=one.day,
        label=held(day_text(one.day)),
        hours=tuple(_span(shift) for shift in one.shifts),
        calls=any(shift.takes_calls for shift in one.shifts),
        away=one.away,
        changed=one.changed,
        href=href,
    )


def _span(shift: Shift) -> str:
    return f"{hour(shift.during.lower)} – {hour(shift.during.upper)}"


def hour(at: datetime) -> str:
    """« 8 h 30 », local time."""
    local = at.astimezone(PARIS)
    return held(f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h")


def _thin(days: Iterable[rota.Opening], there: int) -> list[str]:
    """« mardi 24 novembre, de 16 h 30 à 18 h » for each stretch with that many people."""

    def said(day: date, one: Thin) -> str:
        words = {"day": day_text(day), "starts": hour(one.starts), "ends": hour(one.ends)}
        return held(_("%(day)s, de %(starts)s à %(ends)s") % words)

    return [said(one.day, stretch) for one in days for stretch in one.thin if stretch.there == there]


def _monday(request: HttpRequest) -> date:
    """The Monday of the week asked for (``semaine``), this week's by default."""
    typed = request.GET.get("semaine", "")
    return rota.monday_of(_day(typed) if typed else today())


def _day(typed: str) -> date:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        found = date.min
    if abs(found - today()) > FAR:
        raise Unknown(_("Ce jour n’est pas dans le planning."), code="day-unknown")
    return found


def _week_of(on: date) -> str:
    return f"{reverse('supervision:rota')}?semaine={rota.monday_of(on).isoformat()}"


def _of_mine(staff_id: UUID) -> Staff:
    """One of those whose rota the actor keeps. Raises ``Unknown``."""
    for one in on_the_rota(my_teams()):
        if one.pk == staff_id:
            return one
    raise Unknown(_("Cette personne n’est pas dans vos équipes."), code="staff-unknown")
