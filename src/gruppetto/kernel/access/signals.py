"""What follows from signing in and out, and from changes to an account's keys."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest

from gruppetto.kernel.access import identities, second_factor, sessions
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor, acting, current_actor
from gruppetto.kernel.errors import Refused


@receiver(user_logged_in)
def open_key(sender: object, request: HttpRequest | None, user: Account, **kwargs: Any) -> None:
    """Runs at the end of all steps of signing in; the middleware then sets the cookie."""
    if request is None:
        return
    if old := sessions.key_of(request):
        sessions.close_session(old)
    key = sessions.new_key()
    sessions.open_session(user.pk, key, device=sessions.device_of(request))
    request.new_session_key = key  # type: ignore[attr-defined]  # read by middleware.Acting
    provider = identities.came_by(request, user)
    _note("session.opened", key, user, **({"provider": provider} if provider else {}))


@receiver(user_logged_out)
def close_key(sender: object, request: HttpRequest | None, user: Account | None, **kwargs: Any) -> None:
    if request is None or not (key := sessions.key_of(request)):
        return
    # A key that opens nothing any more (closed elsewhere, too old) has its trace already.
    if user is not None and sessions.account_of(key) == user.pk:
        _note("session.closed", key, user)
    sessions.close_session(key)
    request.session_closed = True  # type: ignore[attr-defined]


@receiver(user_login_failed)
def note_failure(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A failed sign-in leaves a trace without the e-mail that was typed."""
    from gruppetto.kernel.journal import act

    with acting(Actor.visitor("sign-in")):
        act("session.refused")


@receiver(authenticator_used)
def note_shown(sender: object, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    second_factor.note_shown(request, user)


@receiver(authenticator_added)
def note_added(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever sets up a second factor has just used it; sessions opened elsewhere without it are over."""
    if authenticator.type not in second_factor.FACTORS:
        return
    if not second_factor.shown(request):
        request.session[second_factor.FIRST_SET_UP] = True
        second_factor.note_shown(request, user)
    _note("account.key_added", sessions.key_of(request), user)


@receiver(authenticator_removed)
def note_removed(
    sender: object, request: HttpRequest, user: Account, authenticator: Authenticator, **kwargs: Any
) -> None:
    _note("account.key_removed", sessions.key_of(request), user)


@receiver(authenticator_reset)
def note_new_codes(sender: object, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    _note("account.codes_renewed", sessions.key_of(request), user)


@receiver(password_changed)
def close_the_others(sender: object, request: HttpRequest, user: Account, **kwargs: Any) -> None:
    """Whoever knew the old password is signed out."""
    sessions.close_my_others()
    _note("account.password_changed", sessions.key_of(request), user)


@receiver(pre_delete, sender=Authenticator)
def keep_the_last(sender: object, instance: Authenticator, **kwargs: Any) -> None:
    """Said nicely before the database says it (``access.keep_a_second_factor``); an administrator may reset others'."""
    if current_actor().account_id == instance.user_id and second_factor.is_last(instance):
        from gruppetto.kernel.access.adapters import SecondFactor

        raise Refused(
            SecondFactor.error_messages["cannot_delete_authenticator"], code="the-last-second-factor-stays"
        )


def _note(verb: str, key: str, user: Account, **body: str) -> None:
    from gruppetto.kernel.journal import act

    with acting(Actor.session(key, user.pk, user.role)):
        act(verb, subject=("access.account", user.pk), body=body)
