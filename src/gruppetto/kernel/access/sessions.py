"""The key of a session: 32 random bytes in the browser's cookie; the database keeps only its hash (decisions 2b)."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gruppetto.kernel.actors import Actor, acting, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown

if TYPE_CHECKING:
    from gruppetto.kernel.access.models import Account

COOKIE = "gruppetto_key"
# How long at most; and access.IDLE in the database: an hour without a page opened by hand.
MINUTES = 600
DEVICE = 60
# First match wins: most browsers name the others too.
BROWSERS = ("Edg", "OPR", "Firefox", "Chromium", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
CALLED = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "Mac"}


@dataclass(frozen=True)
class Open:
    """One of one's own open sessions; ``this``: the one that asks."""

    id: UUID
    opened_at: datetime
    seen_at: datetime
    until: datetime
    device: str
    this: bool


def new_key() -> str:
    """A fresh key: 32 random bytes, URL-safe text."""
    return secrets.token_urlsafe(32)


def open_session(account_id: UUID, key: str, minutes: int = MINUTES, device: str = "") -> None:
    """Let the holder of ``key`` be ``account_id`` for ``minutes`` (1 to 720), on ``device`` (in words)."""
    with acting(Actor.visitor("sign-in")), connection.cursor() as cursor:
        cursor.execute("SELECT access.open_session(%s, %s, %s, %s)", [account_id, key, minutes, device])


def close_session(key: str) -> None:
    """End the session of ``key`` at once; nothing happens when it is already over."""
    with acting(Actor(name="visitor:sign-out", key=key)), connection.cursor() as cursor:
        cursor.execute("SELECT access.close_session()")


def account_of(key: str) -> UUID | None:
    """The account of the holder of ``key``, None when the key opens nothing (any more)."""
    with acting(Actor(name="visitor:page", key=key)), connection.cursor() as cursor:
        cursor.execute("SELECT access.me()")
        account: UUID | None = cursor.fetchone()[0]
    return account


def arrive(actor: Actor, *, by_hand: bool) -> Account | None:
    """Tell the database who acts, and learn whose key it is, None for a key that opens nothing. One query.

    A page opened ``by_hand`` keeps the session awake.
    """
    from gruppetto.kernel.access.models import Account

    asked = "SELECT * FROM access.arrive(%s, %s, %s, %s, %s)"
    return next(iter(Account.objects.raw(asked, [*actor.settings, by_hand])), None)


def mine() -> list[Open]:
    """The current actor's open sessions: this one first, then the latest used. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, opened_at, seen_at, until, device, this FROM access.my_sessions()")
        return [Open(*row) for row in cursor.fetchall()]


@verb
def revoke(session_id: UUID) -> None:
    """End another of one's own sessions. Raises ``Unknown`` when it is not one's own, or already over."""
    from gruppetto.kernel.journal import act

    with connection.cursor() as cursor:
        cursor.execute("SELECT access.close_my_session(%s)", [session_id])
        if not cursor.fetchone()[0]:
            raise Unknown(_("Cette session est déjà fermée."), code="session-unknown")
    act("session.revoked", subject=("access.session", session_id))


@verb
def revoke_others() -> int:
    """End all of one's own sessions but this one; returns how many were open."""
    from gruppetto.kernel.journal import act

    closed = close_my_others()
    if closed:
        act("session.revoked", body={"sessions": closed})
    return closed


def close_my_others() -> int:
    """End the current actor's other sessions, without a trace of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.close_my_others()")
        return int(cursor.fetchone()[0])


def forget_ended(days: int) -> int:
    """Remove what is left of sessions that ended ``days`` ago; worker only. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.forget_sessions(%s)", [days])
        return int(cursor.fetchone()[0])


def register_service(email: str, name: str, key: str, days: int = 3650) -> None:
    """Make (or renew) a service of the platform, known by ``key``: owner role only, at migration or set-up."""
    from gruppetto.kernel.access.models import Account, Session

    account, _made = Account.objects.get_or_create(
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


def device_of(request: HttpRequest) -> str:
    """The browser and its machine in a few words, for its owner to recognise: ``Firefox, Windows``."""
    said = request.headers.get("User-Agent", "")
    parts = (next((n for n in names if re.search(rf"\b{n}", said)), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(CALLED.get(part, part) for part in parts if part)[:DEVICE]


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
