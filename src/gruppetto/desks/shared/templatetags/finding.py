"""What matched, marked in what was found: ``{% load finding %}``."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rapidfuzz.distance import OSA

from gruppetto.kernel.identifiers import phones
from gruppetto.kernel.search.text import sort_key
from gruppetto.service.finding.query import Query
from gruppetto.service.finding.reads import CLOSES, OPENS

register = template.Library()


@register.filter
def found(text: str) -> SafeString:
    """A text in which the search put its signs: what stands between them is marked."""
    parts = re.split(f"{OPENS}([^{CLOSES}]*){CLOSES}", text)
    return format_html_join(
        "", "{}{}", ((part, "") if at % 2 == 0 else ("", _mark(part)) for at, part in enumerate(parts))
    )


@register.simple_tag
def marked(text: str, query: Query) -> SafeString:
    """A name or a place with the words of the search marked, slips forgiven as the search does."""
    parts = re.split(r"([^\W_]+)", text)
    return format_html_join(
        "", "{}", ((_mark(part) if at % 2 and _said(part, query) else part,) for at, part in enumerate(parts))
    )


@register.simple_tag
def marked_phone(shown: str, query: Query) -> SafeString:
    """A number with the digits of the search marked."""
    if query.number and shown == phones.display(query.number):
        return _mark(shown)
    if query.ends and re.sub(r"\D", "", shown).endswith(query.ends):
        cut = len(shown) - 5
        return format_html("{}{}", shown[:cut], _mark(shown[cut:]))
    return format_html("{}", shown)


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)


def _said(part: str, query: Query) -> bool:
    word = sort_key(part)
    return any(
        word == said
        or (len(said) > 1 and word.startswith(said))
        or OSA.distance(word, said) <= min(len(said), len(word)) // 4
        for said in query.words
    )
