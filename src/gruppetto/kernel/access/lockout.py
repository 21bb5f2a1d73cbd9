"""Five failures, then a quarter of an hour: counted in the database for the password and for what comes after it.

The count is axes'. A password is counted by account and place, so that a stranger cannot keep somebody out from
elsewhere; the second step by account alone, since whoever tries it already holds the password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account

SECOND = "second:"
LONGEST = 255


def tried(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Which account a failure counts for, written in one way only (``AXES_USERNAME_CALLABLE``)."""
    given = credentials or {}
    if account := given.get("second"):
        return f"{SECOND}{account}"
    typed = given.get("email") or given.get("login") or request.POST.get("login") or ""
    return str(typed).strip().lower()[:LONGEST]


def counted_by(request: HttpRequest, credentials: Mapping[str, Any] | None) -> list[Any]:
    """What makes two failures the same one's (``AXES_LOCKOUT_PARAMETERS``)."""
    return ["username"] if tried(request, credentials).startswith(SECOND) else [["username", "ip_address"]]


def refuse_if_locked(request: HttpRequest, account: Account) -> None:
    """Raise ``ValidationError`` during the pause; the middleware of axes then shows its page."""
    if not AxesProxyHandler.is_allowed(request, _second(account)):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # read by the middleware of axes
        raise ValidationError(_("Trop d’essais : attendez un quart d’heure."), code="locked")


def is_locked(request: HttpRequest, account: Account) -> bool:
    """Is the door closed to this account from here, for its password or for what comes after it?"""
    tries = ({"login": account.email}, _second(account))
    return not all(AxesProxyHandler.is_allowed(request, one) for one in tries)


def failed(request: HttpRequest, account: Account) -> None:
    """Count one failure after the password (a code, a password asked again) and leave a trace."""
    user_login_failed.send(sender=__name__, credentials=_second(account), request=request)


def passed(request: HttpRequest, account: Account) -> None:
    """Forget the failures after the password: it was them."""
    AxesProxyHandler.update_request(request)
    AxesProxyHandler.get_implementation().reset_user_attempts(request, _second(account))


def _second(account: Account) -> dict[str, str]:
    return {"second": str(account.pk)}
