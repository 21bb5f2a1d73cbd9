"""``{% load call_desk %}``."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def digits(number: str) -> str:
    """A short number as a telephone dials it: « 0 892 705 705 » is 0892705705, 15 stays 15."""
    return "".join(character for character in number if character.isdecimal())
