"""Where one practises: scenarios started with one button, the caller's sheet, what was done."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.shared.responses import see
from gruppetto.gateways.telephony.sending import new_call_id
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Unknown
from gruppetto.training import casting, ringing
from gruppetto.training.review import contact_of, review
from gruppetto.training.scenarios import Scenario, scenarios

# In the page's session, of the sandbox: call → scenario, the latest last.
MINE = "training.calls"
KEPT = 20


@page("take_calls")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The scenarios, and the exercises of this session."""
    mine: dict[str, str] = request.session.get(MINE, {})
    known = scenarios()
    return render(
        request,
        "training/home.html",
        {
            "scenarios": known.values(),
            "mine": [(call_id, known[code]) for call_id, code in reversed(mine.items()) if code in known],
        },
    )


@page("take_calls")
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """The scenario rings on the line; its sheet is shown."""
    if code not in scenarios() or code not in casting.read(settings.FOLDER):
        raise Unknown(_("Ce scénario n’existe pas."), code="scenario-unknown")
    call_id = new_call_id()
    mine = {**request.session.get(MINE, {}), call_id: code}
    request.session[MINE] = dict(list(mine.items())[-KEPT:])
    ringing.ask(settings.FOLDER, call_id, code)
    return see("training:exercise", call_id)


@page("take_calls")
@require_safe
def exercise(request: HttpRequest, call_id: str) -> HttpResponse:
    """The caller's sheet, and what was done so far."""
    scenario = _mine(request, call_id)
    part = casting.read(settings.FOLDER).get(scenario.code)
    contact = contact_of(call_id)
    return render(
        request,
        "training/exercise.html",
        {
            "scenario": scenario,
            "voice": part.voice if part else None,
            "contact": contact,
            "steps": review(scenario, contact) if contact else [],
        },
    )


def _mine(request: HttpRequest, call_id: str) -> Scenario:
    code = request.session.get(MINE, {}).get(call_id, "")
    if code not in scenarios():
        raise Unknown(_("Cet exercice n’est pas le vôtre, ou il est fini."), code="exercise-unknown")
    return scenarios()[code]
