"""The administrator's desk: accounts, and the health of the platform. No person is seen here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice import kept
from gruppetto.desks.backoffice.forms import AccountForm, IdentityToBind, IdentityToRemove, RoleForm, WhyForm
from gruppetto.desks.backoffice.health import examine
from gruppetto.desks.shared.context import ROLES
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.gateways.identity.views import offered
from gruppetto.kernel.access.models import Account, ProviderIdentity
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text, moment_text
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.coverage.territory_previews import led_by
from gruppetto.registry.staff import reads, verbs

OPEN = Look(gettext_lazy("Ouvert"), "good", "unlock")
STOPPED = Look(gettext_lazy("Fermé"), "neutral", "lock-fill")
WITH_KEY = Look(gettext_lazy("Double clé en place"), "good", "shield-check")
WITHOUT_KEY = Look(gettext_lazy("Double clé à mettre en place"), "warning", "shield-exclamation")
Words = str | Promise


@dataclass(frozen=True)
class Act:
    """Something an administrator does to an account: asked on its own page, which says what will happen."""

    code: str
    title: Words
    happens: Words
    button: Words
    done: Words
    verb: Callable[..., Any]
    form: type[WhyForm] = WhyForm
    tone: str = "primary"
    when: Callable[[Account], bool] = lambda account: account.is_active

    def run(self, account_id: UUID, asked: dict[str, Any]) -> Any:
        """Do it, with what was asked."""
        return self.verb(account_id, **asked)


ACTS = {
    act.code: act
    for act in (
        Act(
            "role",
            gettext_lazy("Changer de rôle"),
            gettext_lazy(
                "Ses sessions se ferment. À la prochaine connexion, la personne a les droits du nouveau rôle. Qui "
                "n’est plus responsable ne mène plus d’équipe, dès aujourd’hui."
            ),
            gettext_lazy("Changer le rôle"),
            gettext_lazy("Le rôle est changé, les sessions sont fermées."),
            verbs.change_role,
            RoleForm,
        ),
        Act(
            "mot-de-passe",
            gettext_lazy("Donner un mot de passe provisoire"),
            gettext_lazy(
                "L’ancien mot de passe ne sert plus et les sessions se ferment. Le nouveau vous est montré une seule "
                "fois. La personne devra en choisir un autre avant sept jours."
            ),
            gettext_lazy("Donner un mot de passe provisoire"),
            gettext_lazy("Le mot de passe provisoire est prêt."),
            verbs.renew_password,
        ),
        Act(
            "double-cle",
            gettext_lazy("Remettre la double clé à zéro"),
            gettext_lazy(
                "L’application de codes et les clés de ce compte ne servent plus, ses sessions se ferment. La personne "
                "en mettra une nouvelle à sa prochaine connexion. Écrivez comment vous l’avez reconnue."
            ),
            gettext_lazy("Remettre à zéro"),
            gettext_lazy("La double clé est remise à zéro."),
            verbs.reset_second_factor,
            tone="danger",
        ),
        Act(
            "sessions",
            gettext_lazy("Fermer ses sessions"),
            gettext_lazy("La personne est déconnectée partout, tout de suite. Elle peut se reconnecter."),
            gettext_lazy("Fermer ses sessions"),
            gettext_lazy("Les sessions sont fermées."),
            verbs.close_sessions,
        ),
        Act(
            "relier",
            gettext_lazy("Relier à un fournisseur d’identité"),
            gettext_lazy(
                "La personne se connecte ensuite avec son compte chez ce fournisseur, même si son courriel y est "
                "différent. Vérifiez l’identifiant avec qui tient l’annuaire : il ouvre ce compte."
            ),
            gettext_lazy("Relier"),
            gettext_lazy("Le compte est relié."),
            verbs.bind_identity,
            IdentityToBind,
            when=lambda account: account.is_active and bool(offered()),
        ),
        Act(
            "delier",
            gettext_lazy("Retirer une identité"),
            gettext_lazy(
                "Cette identité n’ouvre plus ce compte et ses sessions se ferment. Si le fournisseur garantit "
                "toujours le même courriel, la prochaine connexion la relie de nouveau : pour l’empêcher, fermez le "
                "compte."
            ),
            gettext_lazy("Retirer l’identité"),
            gettext_lazy("L’identité est retirée, les sessions sont fermées."),
            verbs.remove_identity,
            IdentityToRemove,
            tone="danger",
            when=lambda account: bool(offered()) and account.provider_identities.exists(),
        ),
        Act(
            "fermer",
            gettext_lazy("Fermer le compte"),
            gettext_lazy(
                "Plus personne ne peut se connecter avec ce compte. Ce qu’il a fait reste écrit. On peut le rouvrir."
            ),
            gettext_lazy("Fermer le compte"),
            gettext_lazy("Le compte est fermé."),
            verbs.stop,
            tone="danger",
        ),
        Act(
            "rouvrir",
            gettext_lazy("Rouvrir le compte"),
            gettext_lazy("La personne peut de nouveau se connecter, avec un mot de passe provisoire."),
            gettext_lazy("Rouvrir le compte"),
            gettext_lazy("Le compte est rouvert."),
            verbs.reopen,
            when=lambda account: not account.is_active,
        ),
    )
}


@page("administer")
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts of humans, by name."""
    found = keyset(reads.accounts(), ["name"], cursor_of(request), PAGE)
    return render(
        request,
        "backoffice/accounts.html",
        {
            "columns": [
                Column(_("Nom")),
                Column(_("Courriel")),
                Column(_("Rôle")),
                Column(_("État")),
                Column(_("Double clé")),
            ],
            "rows": [_row(one) for one in found.rows],
            "after": str(found.cursor or ""),
        },
    )


@page("administer")
def create(request: HttpRequest) -> HttpResponse:
    """A new account, with a temporary password shown once."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.create_account(**form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            kept.keep_password(request, made.account.pk, made.password)
            return see("platform:password", made.account.pk)
    return render(
        request,
        "backoffice/create_account.html",
        {"form": form, "accounts_href": reverse("platform:home")},
        status=TO_CORRECT if form.errors else 200,
    )


@page("administer")
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: its state, and what may be done to it."""
    known = reads.account(account_id)
    return render(
        request,
        "backoffice/account.html",
        {
            "known": known,
            "mine": known.pk == request.user.pk,
            "looks": _looks(known),
            "facts": _facts(known),
            "acts": [act for act in ACTS.values() if act.when(known)],
        },
    )


@page("administer")
def act(request: HttpRequest, account_id: UUID, code: str) -> HttpResponse:
    """Ask for the reason, then do it."""
    known = reads.account(account_id)
    asked = ACTS.get(code)
    if asked is None or not asked.when(known):
        raise Unknown(_("Cela ne se fait pas sur ce compte."), code="act-unknown")
    form = asked.form(request.POST or None, initial={"role": known.role})
    if request.method == "POST" and form.is_valid():
        try:
            done = asked.run(account_id, form.cleaned_data)
        except Refused as refused:
            say_no(form, refused)
        else:
            return _after(request, account_id, asked, done)
    return render(
        request,
        "backoffice/account_act.html",
        {
            "known": known,
            "act": asked,
            "form": form,
            "held": _held(known) if code in ("fermer", "role") else [],
            "led": led_by(known.pk, today()) if code == "role" else (),
            "account_href": reverse("platform:account", args=[account_id]),
        },
        status=TO_CORRECT if form.errors else 200,
    )


@page("administer")
def password(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The temporary password, this once."""
    known = reads.account(account_id)
    return render(
        request,
        "backoffice/password.html",
        {"known": known, "password": kept.take_password(request, account_id), "until": _until(known)},
    )


@page("administer")
def health(request: HttpRequest) -> HttpResponse:
    """What is well, what will be missing, what is broken, and what to do."""
    findings = examine()
    return render(
        request,
        "backoffice/health.html",
        {
            "at": now(),
            "faults": sum(one.level == "fault" for one in findings),
            "columns": [Column(_("Quoi")), Column(_("État")), Column(_("Constat")), Column(_("Que faire"))],
            "rows": [
                [one.subject, Cell(look=one.look), one.sentence, one.todo or _("Rien")] for one in findings
            ],
        },
    )


def _after(request: HttpRequest, account_id: UUID, asked: Act, done: Any) -> HttpResponse:
    if isinstance(done, verbs.NewAccount):
        kept.keep_password(request, account_id, done.password)
        return see("platform:password", account_id)
    messages.success(request, str(asked.done))
    return see("platform:account", account_id)


def _row(one: Any) -> list[Any]:
    return [
        Cell(one.name, reverse("platform:account", args=[one.pk])),
        one.email,
        str(ROLES.get(one.role, "")),
        Cell(look=OPEN if one.is_active else STOPPED),
        Cell(look=WITH_KEY if one.has_second_factor else WITHOUT_KEY),
    ]


def _looks(known: Any) -> list[Look]:
    return [
        OPEN if known.is_active else STOPPED,
        WITH_KEY if known.has_second_factor else WITHOUT_KEY,
    ]


def _facts(known: Account) -> list[tuple[str, str]]:
    return [
        (_("Courriel"), known.email),
        (_("Rôle"), str(ROLES.get(known.role, ""))),
        (_("Créé le"), day_text(known.created_at.astimezone(PARIS).date(), year=True)),
        (
            _("Dernière connexion"),
            moment_text(known.last_login, year=True) if known.last_login else _("jamais"),
        ),
        *[(_("Identité reliée"), _identity(one)) for one in known.provider_identities.order_by("bound_at")],
        *([(_("Mot de passe provisoire jusqu’au"), _until(known))] if known.temporary_until else []),
    ]


def _until(known: Account) -> str:
    return moment_text(known.temporary_until) if known.temporary_until else ""


def _identity(one: ProviderIdentity) -> str:
    names = {provider.issuer: provider.name for provider in offered()}
    how = _("par un administrateur") if one.bound_by_id else _("à la première connexion")
    facts = {
        "name": names.get(one.issuer, one.issuer),
        "subject": one.subject,
        "day": day_text(one.bound_at.astimezone(PARIS).date(), year=True),
        "how": how,
    }
    return _("%(name)s, identifiant « %(subject)s », le %(day)s %(how)s") % facts


def _held(known: Account) -> list[Portfolio]:
    """The portfolios that would be without their holder."""
    return list(
        Portfolio.objects.filter(
            holdings__staff__account=known,
            holdings__capacity="holder",
            holdings__during__contains=today(),
        )
        .distinct()
        .order_by("id")
    )
