"""The second factor of the demo's accounts: a real one, whose code the demo itself can say."""

from __future__ import annotations

import time
from collections.abc import Iterable

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from gruppetto.kernel.access.models import Account


def give_codes(emails: Iterable[str]) -> None:
    """Give each account an authenticator, so that nobody is asked to set one up (owner role)."""
    for account in Account.objects.filter(email__in=list(emails)):
        TOTP.activate(account, generate_totp_secret())


def codes(accounts: Iterable[Account], at: float | None = None) -> dict[object, str]:
    """The code that each account's telephone would show at ``at`` (seconds since 1970), by account id (1 query)."""
    found = Authenticator.objects.filter(user__in=list(accounts), type=Authenticator.Type.TOTP)
    counter = int(time.time() if at is None else at) // app_settings.TOTP_PERIOD
    return {one.user_id: format_hotp_value(hotp_value(decrypt(one.data["secret"]), counter)) for one in found}
