"""The key of a session: 32 random bytes in the browser's cookie; the database keeps only its hash (decisions 2b)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now

COOKIE = "gruppetto_key"
MINUTES = 600


def new_key() -> str:
    """A fresh key: 32 random bytes, URL-safe text."""
    return secrets.token_urlsafe(32)


def open_session(account_id: UUID, key: str, minutes: int = MINUTES) -> None:
    """Let the holder of ``key`` be ``account_id`` for ``minutes`` (1 to 720)."""
    with acting(Actor.visitor("sign-in")), connection.cursor() as cursor:
        cursor.execute("SELECT access.open_session(%s, %s, %s)", [account_id, key, minutes])


def close_session(key: str) -> None:
    """End the session of ``key`` at once; nothing happens when it is already over."""
    with acting(Actor(name="visitor:sign-out", key=key)), connection.cursor() as cursor:
        cursor.execute("SELECT access.close_session()")


def account_of(key: str) -> tuple[UUID, str] | None:
    """The account and the role of the holder of ``key``, None when the key opens nothing (any more)."""
    with acting(Actor(name="visitor:page", key=key)), connection.cursor() as cursor:
        cursor.execute("SELECT access.me(), access.role()")
        account, role = cursor.fetchone()
    return (account, role) if account else None


def register_service(email: str, name: str, key: str, days: int = 3650) -> None:
    """Make (or renew) a service of the platform, known by ``key``: owner role only, at migration or set-up."""
    from gruppetto.kernel.access.models import Account, Session

    account, _ = Account.objects.get_or_create(
        email=email,
        defaults={
            "name": name,
            "kind": Account.Kind.SERVICE,
            "role": "service",
            "password": "!",
        },
    )
    Session.objects.update_or_create(
        key_hash=hashlib.sha256(key.encode()).digest(),
        defaults={
            "account": account,
            "everything": True,
            "until": now() + timedelta(days=days),
            "closed_at": None,
        },
    )


def put_cookie(response: HttpResponse, key: str) -> None:
    """Give the browser the key; scripts cannot read it."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=MINUTES * 60,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def key_of(request: HttpRequest) -> str:
    """The key the browser shows, or an empty text."""
    return request.COOKIES.get(COOKIE, "")
