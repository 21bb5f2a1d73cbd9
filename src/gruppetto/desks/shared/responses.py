"""What pages answer with, beyond a page."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse

# The form comes back with what must be corrected.
TO_CORRECT = 422


class SeeOther(HttpResponseRedirect):
    """303: what was asked is done, look at this page."""

    status_code = 303


def see(name: str, *args: object) -> SeeOther:
    """Look at the page of that name."""
    return SeeOther(reverse(name, args=args))
