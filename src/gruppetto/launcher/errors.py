"""What the launcher says when it cannot do its work."""

from __future__ import annotations


class LauncherError(RuntimeError):
    """PostgreSQL could not be found, started or stopped; the message is for the person at the terminal."""
