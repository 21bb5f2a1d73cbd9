"""``{% load knowledge %}``: what to know about a kind, beside its script and beside the work."""

from __future__ import annotations

from typing import Any

from django import template

from gruppetto.desks.knowledge.views import ProposalForm
from gruppetto.kernel.clock import now
from gruppetto.service.knowledge.models import Correction
from gruppetto.service.knowledge.reads import articles_for

register = template.Library()


@register.inclusion_tag("knowledge/parts/pane.html", takes_context=True)
def knowledge_pane(context: template.Context, kind_code: str, heading: int = 3) -> dict[str, Any]:
    """The articles that serve the kind, its sheet, and « proposer une correction » in place (1 query).

    ``heading``: the level of the title (2 to 4) in the page.
    """
    return {
        "articles": articles_for([kind_code], now()),
        "code": kind_code,
        "about": Correction.About.KIND.value,
        "form": ProposalForm(auto_id="correction-kind-%s"),
        "csrf_token": context.get("csrf_token", ""),
        "heading": str(heading),
    }


@register.filter
def is_text(block: object) -> bool:
    """Whether a block of a section is a paragraph, not a list."""
    return isinstance(block, str)
