"""An account, whatever its owner's trade: the one that acts, a password to begin with, keys taken back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import human
from gruppetto.kernel.clock import now

# Read aloud and copied by hand: no sign that looks like another.
SIGNS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, LENGTH = 4, 4
TEMPORARY = timedelta(days=7)


def acting_account() -> Account:
    """The account of the person who acts (1 query). Raises ``NotYours`` (needs-a-human) as ``human``."""
    return Account.objects.get(pk=human(), kind=Account.Kind.HUMAN)


def new_password() -> str:
    """A password drawn at random that the rule of passwords accepts: ``kR7m-Tq3z-wP9d-Hx2n`` (90 bits)."""
    while True:
        password = "-".join("".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(GROUPS))
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def give_temporary_password(account: Account) -> str:
    """Give ``account`` (not saved here) a password good for one thing within seven days: choosing another."""
    password = new_password()
    account.set_password(password)
    account.temporary_until = now() + TEMPORARY
    return password


def forget_second_factor(account_id: UUID) -> int:
    """Remove the codes, passkeys and recovery codes of an account; it sets up new ones at its next sign-in."""
    removed, _by_model = Authenticator.objects.filter(user_id=account_id).delete()
    return removed


def close_sessions_of(account_id: UUID) -> int:
    """End all the sessions of an account at once; returns how many were open (administrators, or one's own)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.close_sessions_of(%s)", [account_id])
        return int(cursor.fetchone()[0])
