"""``{% load promises %}``: what was promised to a person, and the opening time left."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gruppetto.desks.shared import promises
from gruppetto.kernel.clock import now
from gruppetto.service.interventions.models import Intervention

register = template.Library()


@register.simple_tag
def promise(intervention: Intervention) -> SafeString:
    """``Réponse promise avant mardi 3 mai à 14 h 30, il reste 3 h ouvrées.``; nothing once it is answered."""
    said = promises.promise(intervention, now())
    if said is None:
        return SafeString("")
    left = format_html(", <strong>{}</strong>" if said.late else ", {}", said.left) if said.left else ""
    return format_html('<time datetime="{}">{}</time>{}.', said.due_at.isoformat(), said.words, left)
