"""``{% load line %}``: the rows of the line, alike on all pages that show them, each written once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from gruppetto.desks.call_desk.board import RECOGNISED, STATES, Call
from gruppetto.desks.shared.looks import CALLER
from gruppetto.desks.shared.templatetags.ui import when

register = template.Library()
# Twenty pages read the line again at each call; a page shows at most a hundred.
KEPT = 2_000
# In the place of the form's token, which is each page's own.
TOKEN = "token-of-the-page"  # noqa: S105  (no secret)


@dataclass(frozen=True)
class Shown:
    """All that a row says: two that are equal are the same text, whoever reads it."""

    id: UUID
    rang: SafeString
    shown: str
    state: str
    recognition: str
    repeat: bool
    can_take: bool
    can_join: bool
    waits: bool
    for_me: bool
    offered_to: str
    taken_by: str
    first: bool
    quiet: bool


@register.simple_tag
def line_row(call: Call, first: bool, quiet: bool, token: object) -> SafeString:
    """A call of the line, ``first`` or not; ``quiet``: the page has something else to do; ``token``: of its forms."""
    row = call.row
    said = Shown(
        id=row.call.contact_id,
        rang=when(row.call.rang_at),
        shown=row.shown,
        state=row.call.state,
        recognition=row.call.recognition,
        repeat=row.call.repeat,
        can_take=row.can_take,
        can_join=row.can_join,
        waits=call.waits,
        for_me=row.for_me,
        offered_to=row.offered_to,
        taken_by=row.taken_by,
        first=first,
        quiet=quiet,
    )
    return mark_safe(_written(said, get_language()).replace(TOKEN, escape(token)))  # noqa: S308  (a template's text)


@lru_cache(KEPT)
def _written(row: Shown, language: str | None) -> str:
    looks = {
        "state": STATES[row.state],
        "caller": RECOGNISED[row.recognition],
        "repeat": CALLER["repeat"] if row.repeat else None,
    }
    return render_to_string(
        "call_desk/parts/line_row.html", {"row": row, "looks": looks, "csrf_token": TOKEN}
    )
