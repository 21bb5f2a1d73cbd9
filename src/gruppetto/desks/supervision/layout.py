"""What every page of the desk has around its middle, and how a list answers a page or its own fragment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gruppetto.desks.supervision.board import board
from gruppetto.desks.supervision.items import Item
from gruppetto.desks.supervision.kinds import BY_CODE, Kind
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.people.reads import Home, PersonCard


@dataclass(frozen=True)
class Listed:
    """One page of a queue: its lines, the cursor of the next, and what the live pages listen to for it."""

    kind: Kind
    items: list[Item]
    after: str
    topics: str
    empty: str
    extra: dict[str, Any] = field(default_factory=dict)


def chosen(request: HttpRequest, first: str, *others: Kind) -> Kind:
    """The queue that the address asks for (``file``), the ``first`` of the page by default.

    Raises ``Unknown`` (queue-unknown).
    """
    code = request.GET.get("file") or first
    known = {kind.code: kind for kind in (*BY_CODE.values(), *others) if kind.page == BY_CODE[first].page}
    if code not in known:
        raise Unknown(_("Cette liste n’existe pas."), code="queue-unknown")
    return known[code]


def show(
    request: HttpRequest,
    template: str,
    listed: Listed,
    *,
    current: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of a queue; only its lines when its own list asks for news."""
    context = {
        "listed": listed,
        "current": current,
        "query": request.GET.urlencode(),
        "back_to": reverse(listed.kind.page),
        **listed.extra,
        **more,
    }
    if request.headers.get("HX-Target") == "items":
        return render(request, "supervision/parts/items.html", context)
    context |= {"board": board(), "view": "detail" if current else "list"}
    return render(request, template, context, status=status)


def person_facts(known: PersonCard) -> list[tuple[str, Any]]:
    """What is needed to speak of a person: age, numbers, home, the way they prefer."""
    numbers = ", ".join(line.shown for line in known.phones)
    return [
        (_("Âge"), _("%(age)s ans") % {"age": known.age} if known.age is not None else ""),
        (_("Téléphone"), numbers),
        (_("Domicile"), _place(known.home)),
        (_("Moyen préféré"), capfirst(known.person.get_preferred_channel_display())),
    ]


def _place(home: Home | None) -> str:
    return f"{home.lines}, {home.postcode} {home.commune}" if home else ""
