"""Which identity at a provider opens which account. Signing in never makes an account: an administrator does.

Bound once, at the first sign-in, by an e-mail that the provider vouches for, or by an administrator; afterwards issuer
and subject alone count: an e-mail that changes or is given to somebody else opens nothing.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account, ProviderIdentity
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.actors.sentences import in_words
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id

# As allauth names the ways of signing in that come before the second factor.
PROVIDER = "provider"
FIRST_STEPS = ("password", PROVIDER)


def account_of(issuer: str, subject: str) -> Account | None:
    """The account that this identity opens, closed or not. One query."""
    found = ProviderIdentity.objects.filter(issuer=issuer, subject=subject).select_related("account").first()
    return found.account if found else None


def bind_at_first_sign_in(issuer: str, subject: str, email: str | None) -> Account:
    """Bind an identity to the account that has ``email``, one that the provider vouches for.

    Raises ``Refused``: email-not-vouched-for, no-account, account-closed, account-has-another-identity.
    """
    from gruppetto.kernel.journal import act

    # Beyond ASCII two different addresses can become one in small letters.
    if not email or not email.isascii():
        raise Refused(
            _(
                "Votre fournisseur ne garantit pas votre courriel. Demandez à un administrateur de relier votre "
                "compte ; en attendant, connectez-vous avec votre mot de passe."
            ),
            code="email-not-vouched-for",
        )
    email = email.lower()
    # Two tabs at once: the second meets the rules of the table.
    with in_words([], "sign-in"), connection.cursor() as cursor:
        cursor.execute("SELECT access.bind_identity(%s, %s, %s, %s)", [new_id(), issuer, subject, email])
        bound = cursor.fetchone()[0]
    account = Account.objects.filter(email=email, kind=Account.Kind.HUMAN).first()
    if account is None:
        raise Refused(
            _(
                "Aucun compte n’a le courriel que donne votre fournisseur. Demandez à un administrateur de vous en "
                "créer un, ou de relier le vôtre."
            ),
            code="no-account",
        )
    if bound is None:
        refuse_if_closed(account)
        raise Refused(
            _(
                "Ce compte est déjà relié à une autre identité chez ce fournisseur. Demandez à un administrateur de "
                "vérifier laquelle est la vôtre."
            ),
            code="account-has-another-identity",
        )
    act("account.identity_bound", subject=("access.account", account.pk), body={"issuer": issuer})
    return account


def refuse_if_closed(account: Account) -> None:
    """Raise ``Refused`` (account-closed) for somebody who left."""
    if not account.is_active:
        raise Refused(
            _("Votre compte est fermé. Si c’est une erreur, demandez à un administrateur de le rouvrir."),
            code="account-closed",
        )


def bind(account: Account, issuer: str, subject: str) -> None:
    """Bind an identity to somebody else's account (administrators). Raises ``Refused`` by the rules of the table."""
    ProviderIdentity.objects.create(
        issuer=issuer, subject=subject, account=account, bound_by_id=current_actor().account_id
    )


def remove(account_id: UUID, issuer: str) -> bool:
    """Take the identity at ``issuer`` from somebody else's account (administrators); False when it has none there."""
    removed, _by_model = ProviderIdentity.objects.filter(account_id=account_id, issuer=issuer).delete()
    return bool(removed)


def note_came_by(request: HttpRequest, account: Account, provider: str) -> None:
    """``account`` was just recognised by ``provider`` (its code) in this browser."""
    record_authentication(request, account, method=PROVIDER, provider=provider)


def came_by(request: HttpRequest, account: Account) -> str:
    """The code of the provider that ``account`` last came by in this browser; empty when by a password."""
    steps = [
        record for record in get_authentication_records(request, account) if record["method"] in FIRST_STEPS
    ]
    return str(steps[-1].get(PROVIDER, "")) if steps else ""
