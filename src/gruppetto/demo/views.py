"""The demo's door: who is who, what to try, and one gesture to sign in with both factors done."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from gruppetto.demo import voices
from gruppetto.demo.cast import STAFF
from gruppetto.demo.second_factor import codes
from gruppetto.desks.shared.context import ROLES
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.access.second_factor import note_shown
from gruppetto.kernel.errors import NotYours, Unknown
from gruppetto.kernel.journal.models import Origin
from gruppetto.registry.coverage.models import Portfolio

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DOES = {
    "agent": _("Répond au téléphone, reconnaît la personne, note sa demande."),
    "correspondent": _("Fait la démarche à la place de la personne, puis lui donne la réponse."),
    "supervisor": _("Voit tout en direct : les appels, les retards, la charge de chacun."),
    "back_office": _("Tient les listes, le catalogue des démarches et les territoires."),
    "auditor": _("Lit le journal : qui a vu ou fait quoi."),
    "administrator": _("Tient les comptes, surveille la santé de la plate-forme."),
}
STEPS = (
    _("Entrez comme agent de plate-forme. Un appel sonne bientôt : prenez-le."),
    _("Choisissez la personne et posez les deux questions d’identité. Notez le motif, puis la demande."),
    _("Relisez les trois phrases à voix haute. La demande part chez le correspondant de la personne."),
    _("Entrez comme ce correspondant, dans un autre navigateur. Commencez, puis écrivez la réponse."),
    _("Appelez la personne. Elle est d’accord : notez-le et fermez la demande. Le responsable a tout vu."),
)


@dataclass(frozen=True)
class Member:
    """Somebody one may be: what their telephone shows now in ``code``; ``holds``: their portfolios."""

    name: str
    email: str
    holds: str
    code: str


@dataclass(frozen=True)
class Part:
    """A role, what one does in it, who has it."""

    role: object
    does: object
    members: tuple[Member, ...]


@page(public="the door of a demo: invented people only")
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Who is who, what to try, one button each. Raises ``NotYours`` on a database that is no demo."""
    _demo_only()
    speaking = voices.read(settings.FOLDER)
    return render(request, "demo/door.html", {"parts": _parts(), "steps": STEPS, "voices": speaking})


@page(public="the door of a demo: invented people only")
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's accounts, second factor done. Raises ``NotYours``, ``Unknown``."""
    _demo_only()
    emails = {member.email for member in STAFF}
    wanted = request.POST.get("compte", "")
    account = Account.objects.filter(email=wanted).first() if wanted in emails else None
    if account is None:
        raise Unknown(_("Ce compte n’est pas un compte de la démonstration."), code="not-a-demo-account")
    if request.user.is_authenticated:
        logout(request)
    login(request, account, backend=BACKEND)
    note_shown(request, account)
    return redirect("home")


def _demo_only() -> None:
    if not Origin.objects.filter(origin="demo").exists():
        raise NotYours(_("Cette plate-forme n’est pas une démonstration."), code="not-a-demo")


def _parts() -> list[Part]:
    emails = {member.email: member for member in STAFF}
    accounts = {account.email: account for account in Account.objects.filter(email__in=emails)}
    shown, named = codes(accounts.values()), dict(Portfolio.objects.values_list("id", "name"))
    parts: dict[str, list[Member]] = {role: [] for role in DOES}
    for email, member in emails.items():
        if account := accounts.get(email):
            holds = ", ".join(named[number] for number in member.portfolios if number in named)
            parts[member.role].append(Member(account.name, email, holds, shown.get(account.pk, "")))
    return [Part(ROLES[role], DOES[role], tuple(members)) for role, members in parts.items()]
