"""The entries of a ``nav class="sheets"``: ``{% load sheets %}``, then one ``{% sheet %}`` an entry."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gruppetto.desks.shared.templatetags.ui import icon as picture

register = template.Library()


@register.simple_tag(takes_context=True)
def sheet(context: Context, name: str, icon: str, label: str) -> SafeString:
    """An entry that leads to the URL ``name``, marked when one is there or on a page under it.

    The home of a desk (``/gestion/``) has all its pages under it: it is marked on its own page only.
    """
    href, path = reverse(name), context["request"].path
    home = href.count("/") < 3
    current = 'aria-current="page"' if path == href else ""
    if not current and not home and path.startswith(href):
        current = 'aria-current="true"'
    return format_html('<li><a href="{}" {}>{}</a></li>', href, SafeString(current), picture(icon, label))
