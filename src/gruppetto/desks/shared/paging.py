"""Which page of a list the address asks for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gruppetto.kernel.errors import Unknown

PAGE = 25


def cursor_of(request: HttpRequest) -> UUID | None:
    """The row after which the page begins (``apres``). Raises ``Unknown`` for what is no identifier."""
    typed = request.GET.get("apres", "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Unknown(_("Cette page de la liste n’existe pas."), code="cursor-unknown") from None
