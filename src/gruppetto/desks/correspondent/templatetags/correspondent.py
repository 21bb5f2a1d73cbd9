"""Tags of the intervention page."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def act(context: Context, name: str) -> SafeString:
    """The attributes of a form that does act ``name`` to the page's intervention, with or without scripts."""
    key = context["intervention"].pk
    address = f"{reverse('correspondent:act', args=[key, name])}?vue={context['queue'].code}"
    return format_html(
        'method="post" novalidate action="{0}" data-act="{1}"'
        ' hx-post="{0}" hx-target="#detail" hx-swap="innerHTML show:none"',
        address,
        key,
    )
