"""``{% load promises %}``: what was promised to a person, and the opening time left."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gruppetto.desks.shared import promises, wording
from gruppetto.kernel.clock import now
from gruppetto.service.interventions.models import Intervention

register = template.Library()


@register.simple_tag
def promise(intervention: Intervention, announced: datetime | None = None) -> SafeString:
    """``Réponse promise avant mardi 3 mai à 14 h 30, il reste 3 h ouvrées.``; nothing once it is answered.

    ``announced``: the date told since in place of the first. The first one follows, struck, and said in words.
    """
    at = now()
    said = promises.promise(intervention, at, announced)
    if said is None:
        return SafeString("")
    left = format_html(", <strong>{}</strong>" if said.late else ", {}", said.left) if said.left else ""
    first = SafeString("")
    if said.first:
        first = format_html(
            " {} <s>{}</s>.",
            _("Nous avions d’abord promis une réponse avant"),
            wording.exact(said.first, at=at),
        )
    return format_html('<time datetime="{}">{}</time>{}.{}', said.due_at.isoformat(), said.words, left, first)
