"""``{% load knowledge %}``: what to know about a kind, beside its script and beside the work."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("knowledge/parts/pane.html")
def knowledge_pane(kind_code: str, heading: int = 3) -> dict[str, Any]:
    """A link to the sheet of the kind, then its articles, read once the page is shown: no query here.

    ``heading``: the level of the title (3 or 4) in the page.
    """
    return {"code": kind_code, "heading": str(heading)}


@register.filter
def is_text(block: object) -> bool:
    """Whether a block of a section is a paragraph, not a list."""
    return isinstance(block, str)
