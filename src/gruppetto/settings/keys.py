"""Secrets from the environment; without them a process can build and check itself, but guards nothing for long."""

from __future__ import annotations

import os
import secrets


def key(variable: str) -> str:
    """The secret in ``variable``; when absent, a random one that dies with this process.

    Two processes without it cannot read each other's cookies; ``gruppetto doctor`` says so.
    """
    return os.environ.get(variable) or secrets.token_urlsafe(48)
