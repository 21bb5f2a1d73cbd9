"""``{% load keys %}``: help texts that name keys of the keyboard, which anyone may change or switch off."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gruppetto.desks.shared import wording

register = template.Library()


@register.simple_tag
def keyed(text: str, sentence: str, **keys: str) -> SafeString:
    """A help ``text``, then a ``sentence`` that names keys (``{c}``): the user's own, and nothing once they are off.

    ``keys``: the first key of each. Hidden until the script that answers to keys has said so.
    """
    named = {
        name: format_html('<kbd class="key" data-shortcut-hint="{}">{}</kbd>', key, wording.key(key))
        for name, key in keys.items()
    }
    said = format_html(sentence, **named)
    return format_html("{} <span data-shortcut-said hidden>{}</span>", text, said)
