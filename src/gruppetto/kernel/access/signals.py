"""Signing in and out: the session of the database follows that of the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.models import Account


@receiver(user_logged_in)
def open_key(sender: object, request: HttpRequest | None, user: Account, **kwargs: Any) -> None:
    """Runs at the end of all steps of signing in; the middleware then sets the cookie."""
    if request is None:
        return
    key = sessions.new_key()
    sessions.open_session(user.pk, key)
    request.new_session_key = key  # type: ignore[attr-defined]  # read by middleware.Acting
    _note("session.opened", key, user)


@receiver(user_logged_out)
def close_key(sender: object, request: HttpRequest | None, user: Account | None, **kwargs: Any) -> None:
    if request is not None and (key := sessions.key_of(request)):
        if user is not None:
            _note("session.closed", key, user)
        sessions.close_session(key)
        request.session_closed = True  # type: ignore[attr-defined]


@receiver(user_login_failed)
def note_failure(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A failed sign-in leaves a trace without the e-mail that was typed."""
    from gruppetto.kernel.actors import Actor, acting
    from gruppetto.kernel.journal import act

    with acting(Actor.visitor("sign-in")):
        act("session.refused")


def _note(verb: str, key: str, user: Account) -> None:
    from gruppetto.kernel.actors import Actor, acting
    from gruppetto.kernel.journal import act

    with transaction.atomic(), acting(Actor.session(key, user.pk, user.role)):
        act(verb, subject=("access.account", user.pk))
