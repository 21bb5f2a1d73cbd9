"""One database address per role (decisions 2), read from the environment."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from gruppetto.launcher.roles import VARIABLES

__all__ = ["VARIABLES", "database", "from_url"]


def database(role: str) -> dict[str, object]:
    """Django's settings for the database as ``role`` (web, owner, worker or sealer).

    Without an address the settings point nowhere: commands that need no database still run.
    """
    return from_url(os.environ.get(VARIABLES[role], ""))


def from_url(url: str) -> dict[str, object]:
    """Django's settings for ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    settings: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gruppetto",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # Health checks rather than errors after a restart of the server; transactions are opened by acting().
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 5},
    }
    if size := int(os.environ.get("GRUPPETTO_POOL", "0")):
        settings["OPTIONS"] = {
            "connect_timeout": 5,
            # Django gives the pool its health check.
            "pool": {"min_size": 1, "max_size": size, "timeout": 5},
        }
    return settings
