"""How long the oldest of a queue has waited."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext


def oldest(since: datetime | None, at: datetime) -> str:
    """In words for the figure of a queue; empty when nothing waits."""
    if since is None:
        return ""
    seconds = max(int((at - since).total_seconds()), 0)
    if seconds < 60:
        return ngettext(
            "Le plus ancien attend depuis %(n)s seconde",
            "Le plus ancien attend depuis %(n)s secondes",
            seconds,
        ) % {"n": seconds}
    return ngettext(
        "Le plus ancien attend depuis %(n)s minute",
        "Le plus ancien attend depuis %(n)s minutes",
        seconds // 60,
    ) % {"n": seconds // 60}
