"""Accounts: made, changed, stopped by an administrator, never their own; each time with a reason that is kept.

The database holds the same rule (``access.guard_account``, ``access.close_sessions_of``).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access import accounts, identities
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import abilities_of
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.registry.staff.models import Role

LONGEST_NAME = 120


@dataclass(frozen=True)
class NewAccount:
    """An account and its temporary password, in clear for this once: it is kept nowhere."""

    account: Account
    password: str


@verb
def create_account(name: str, email: str, role: str) -> NewAccount:
    """Make an account for a human of ``role``; its owner chooses a password and a second factor at first sign-in.

    Raises ``Refused``: name-missing, email-wrong, email-taken, role-unknown; ``NotYours`` for who does not administer.
    """
    _administrator()
    name, email = " ".join(name.split()), email.strip().lower()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Écrivez le prénom et le nom."), code="name-missing", field="name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(
            _("Ce courriel n’est pas complet : il en faut un comme prenom.nom@exemple.fr."),
            code="email-wrong",
            field="email",
        ) from error
    if Account.objects.filter(email=email).exists():
        raise Refused(_("Un compte existe déjà avec ce courriel."), code="email-taken", field="email")
    account = Account(name=name, email=email, role=_role(role))
    password = accounts.give_temporary_password(account)
    account.save(force_insert=True)
    _trace("account.created", account, role=account.role)
    return NewAccount(account, password)


@verb
def change_role(account_id: UUID, role: str, why: str) -> Account:
    """Give an account another role; its sessions close, so that the new role begins at once.

    Raises ``Refused``: role-unknown, same-role, why-missing, own-account; ``Unknown``; ``NotYours``.
    """
    account, why = _other(account_id), _why(why)
    before, after = account.role, _role(role)
    if before == after:
        raise Refused(_("Ce compte a déjà ce rôle."), code="same-role", field="role")
    account.role = after
    account.save(update_fields=["role"])
    accounts.close_sessions_of(account.pk)
    _trace("account.role_changed", account, before=before, after=after, why=why)
    return account


@verb
def stop(account_id: UUID, why: str) -> Account:
    """Nobody signs in with this account any more, and its sessions close at once. What it did stays written.

    Raises ``Refused``: already-stopped, why-missing, own-account; ``Unknown``; ``NotYours``.
    """
    account, why = _other(account_id), _why(why)
    if not account.is_active:
        raise Refused(_("Ce compte est déjà fermé."), code="already-stopped")
    account.is_active = False
    account.save(update_fields=["is_active"])
    _trace("account.stopped", account, why=why, sessions=accounts.close_sessions_of(account.pk))
    return account


@verb
def reopen(account_id: UUID, why: str) -> NewAccount:
    """Open a stopped account again, with a temporary password.

    Raises ``Refused``: already-open, why-missing, own-account; ``Unknown``; ``NotYours``.
    """
    account, why = _other(account_id), _why(why)
    if account.is_active:
        raise Refused(_("Ce compte est déjà ouvert."), code="already-open")
    account.is_active = True
    password = accounts.give_temporary_password(account)
    account.save(update_fields=["is_active", "password", "temporary_until"])
    _trace("account.reopened", account, why=why)
    return NewAccount(account, password)


@verb
def close_sessions(account_id: UUID, why: str) -> int:
    """Sign an account out everywhere; returns how many sessions were open. Raises as ``stop``."""
    account, why = _other(account_id), _why(why)
    closed = accounts.close_sessions_of(account.pk)
    _trace("account.sessions_closed", account, why=why, sessions=closed)
    return closed


@verb
def renew_password(account_id: UUID, why: str) -> NewAccount:
    """Give a temporary password to somebody who lost theirs; their sessions close. Raises as ``stop``."""
    account, why = _other(account_id), _why(why)
    password = accounts.give_temporary_password(account)
    account.save(update_fields=["password", "temporary_until"])
    accounts.close_sessions_of(account.pk)
    _trace("account.password_given", account, why=why)
    return NewAccount(account, password)


@verb
def reset_second_factor(account_id: UUID, why: str) -> Account:
    """Forget the second factor of somebody who lost it: they set up another at their next sign-in. Raises as ``stop``.

    The reason says how they were recognised: whoever takes a password can claim a lost telephone.
    """
    account, why = _other(account_id), _why(why)
    removed = accounts.forget_second_factor(account.pk)
    if not removed:
        raise Refused(_("Ce compte n’a pas encore de double clé."), code="no-second-factor")
    accounts.close_sessions_of(account.pk)
    _trace("account.second_factor_reset", account, why=why, removed=removed)
    return account


@verb
def bind_identity(account_id: UUID, issuer: str, subject: str, why: str) -> Account:
    """Let the identity ``subject`` at ``issuer`` open an account, whatever its e-mail there.

    Raises ``Refused``: subject-missing, an-identity-opens-one-account, an-account-has-one-identity-per-provider, and
    as ``stop``.
    """
    account, why = _other(account_id), _why(why)
    if not (subject := subject.strip()):
        raise Refused(
            _("Écrivez l’identifiant que donne le fournisseur."), code="subject-missing", field="subject"
        )
    identities.bind(account, issuer, subject)
    _trace("account.identity_bound", account, issuer=issuer, why=why)
    return account


@verb
def remove_identity(account_id: UUID, issuer: str, why: str) -> Account:
    """Take from an account its identity at ``issuer``; its sessions close. Raises ``Refused``: no-identity, and as
    ``stop``."""
    account, why = _other(account_id), _why(why)
    if not identities.remove(account.pk, issuer):
        raise Refused(
            _("Ce compte n’a pas d’identité chez ce fournisseur."), code="no-identity", field="issuer"
        )
    closed = accounts.close_sessions_of(account.pk)
    _trace("account.identity_removed", account, issuer=issuer, why=why, sessions=closed)
    return account


def _administrator() -> None:
    if "administer" not in abilities_of(current_actor().role):
        raise NotYours(_("Seul un administrateur crée et modifie les comptes."), code="not-an-administrator")


def _other(account_id: UUID) -> Account:
    """The account of another human. Nobody acts on their own: two people are needed for that."""
    _administrator()
    account = Account.objects.select_for_update().filter(pk=account_id, kind=Account.Kind.HUMAN).first()
    if account is None:
        raise Unknown(_("Ce compte n’existe pas."), code="account-unknown")
    if account.pk == current_actor().account_id:
        raise Refused(
            _("C’est votre propre compte : demandez à un autre administrateur."), code="own-account"
        )
    return account


def _why(typed: str) -> str:
    why = " ".join(typed.split())
    if not why:
        raise Refused(_("Dites pourquoi : la raison est gardée."), code="why-missing", field="why")
    return why[:300]


def _role(typed: str) -> str:
    if typed not in Role.values:
        raise Refused(_("Choisissez un rôle de la liste."), code="role-unknown", field="role")
    return typed


def _trace(name: str, account: Account, **body: object) -> None:
    journal.act(name, subject=("access.account", account.pk), body=body)
