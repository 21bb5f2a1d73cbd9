"""The second factor: shown in this session or not, never the last one removed by oneself, its secrets encrypted."""

from __future__ import annotations

import base64

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.http import HttpRequest

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.secrets import Sealed, open_, seal

# What the secrets are sealed to: moved into another column they do not open.
SEALED_AS = "mfa.authenticator.data"
# Recovery codes help once; they are not a second factor by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SHOWN, FIRST_SET_UP = "second_factor", "second_factor_first"
# A code of 30 s is accepted one step early or late; it must not serve twice as long as it is accepted.
ACCEPTED_SECONDS = 3 * 30


def has_one(account: Account) -> bool:
    """Has the account set up a second factor? One query."""
    return Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Would its owner be left without a second factor? One query."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return authenticator.type in FACTORS and not others.exclude(pk=authenticator.pk).exists()


def note_shown(request: HttpRequest, account: Account) -> None:
    """``account`` has just proved in this session that it holds its second factor."""
    request.session[SHOWN] = str(account.pk)


def shown(request: HttpRequest) -> bool:
    """Was the second factor proved in this session, by the very account that is signed in?"""
    return request.session.get(SHOWN) == str(request.user.pk)


def first_use(authenticator: Authenticator, code: str) -> bool:
    """Take ``code`` as used; False when it was already, in any process of the house."""
    digits = "".join(filter(str.isdigit, code))
    return cache.add(f"second-factor:{authenticator.pk}:{digits}", 1, timeout=ACCEPTED_SECONDS)


def encrypt(text: str) -> str:
    """Seal a secret of the second factor, as text. Raises ``ImproperlyConfigured`` without a key."""
    return base64.b64encode(seal(text.encode(), SEALED_AS).to_bytes()).decode()


def decrypt(sealed: str) -> str:
    """Open what ``encrypt`` gave. Raises ``CannotOpen``."""
    return open_(Sealed.from_bytes(base64.b64decode(sealed)), SEALED_AS).decode()
