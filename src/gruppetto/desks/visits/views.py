"""The page of who visits alone: say where one goes, then one gesture for each word. Plain forms, without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.names import name_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.desks.visits.forms import BeginForm
from gruppetto.desks.visits.help_lines import rescue
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import human
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import phones
from gruppetto.registry.people.reads import card
from gruppetto.registry.staff.models import Staff
from gruppetto.service.visits import reads, verbs
from gruppetto.service.visits.models import Visit

MORE = (15, 30, 60)
# The words of the visitor, by the address they are posted to.
OUT, HELP, DISCREET, LONGER = "sorti", "aide", "renseignement", "prolonger"


@page("work_interventions")
def home(request: HttpRequest) -> HttpResponse:
    """Before going in: the form. Inside: how long, one gesture to prolong, to be out, to call for help."""
    account = human()
    visit = reads.mine(account)
    if visit is not None and request.method != "POST":
        return _inside(request, visit)
    form = BeginForm(_known(request, account) if request.method != "POST" else {}, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.begin(**form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("Votre visite est notée. Dites ici quand vous êtes sorti."))
            return see("visits:home")
    context = {"form": form, "called": reads.would_be_called()}
    return render(request, "visits/begin.html", context, status=TO_CORRECT if form.errors else 200)


@page("work_interventions")
@require_POST
def say(request: HttpRequest, word: str) -> HttpResponse:
    """One word of the visitor: out, longer, help, or help without anything to be seen."""
    visit = reads.mine(human())
    if visit is None:
        messages.info(request, _("Vous n’avez pas de visite en cours."))
        return see("visits:home")
    if word == OUT:
        given = verbs.out(visit.pk)
        messages.success(request, _("C’est noté : vous êtes sorti."))
        if _shows_alarm(given):
            messages.info(request, _("Un collègue vous appelle encore avant de clore l’alarme."))
    elif word == LONGER:
        verbs.extend(visit.pk, _minutes(request))
        messages.success(request, _("C’est noté : votre visite dure plus longtemps."))
    elif word == HELP:
        verbs.ask_help(visit.pk)
    elif word == DISCREET:
        verbs.ask_help(visit.pk, discreet=True)
        messages.success(request, _("Votre demande est partie. Continuez votre visite."))
    else:
        raise Unknown(_("Cette action n’existe pas."), code="word-unknown")
    return see("visits:home")


def _inside(request: HttpRequest, visit: Visit) -> HttpResponse:
    alarm = _shows_alarm(visit)
    context = {
        "visit": visit,
        "alarm": alarm,
        "taker": name_of(visit.taken_by) if alarm else "",
        "called": [] if alarm else reads.would_be_called(),
        "late": visit.expected_at < now(),
        "more": MORE,
        "lines": rescue(now()),
    }
    return render(request, "visits/inside.html", context)


def _shows_alarm(visit: Visit) -> bool:
    """An alarm asked for discreetly is shown nowhere on the telephone that asked."""
    return visit.state in reads.OPEN and visit.how != Visit.How.DISCREET


def _known(request: HttpRequest, me: UUID) -> dict[str, Any]:
    """What the house knows already: the telephone of the visitor, name and home of the person they came from."""
    record = Staff.objects.filter(account_id=me).first()
    known: dict[str, Any] = {"phone": phones.display(record.phone) if record and record.phone else ""}
    try:
        person_id = UUID(request.GET.get("personne", ""))
    except ValueError:
        return known
    one = card(person_id)
    place = f"{one.home.lines}\n{one.home.postcode} {one.home.commune}" if one.home else ""
    return {**known, "person_id": person_id, "whose": one.name, "place": place}


def _minutes(request: HttpRequest) -> int:
    typed = request.POST.get("minutes", "")
    return int(typed) if typed in map(str, MORE) else MORE[1]
