"""The building blocks: ``{% load ui %}``. Each tag says its arguments; the style guide shows them all.

Words given to a tag are shown as they are: translate them in the calling template with ``_("…")``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gruppetto.desks.shared import wording
from gruppetto.desks.shared.errors import spoken_code, trouble_of
from gruppetto.desks.shared.fields import FieldView, error_lines
from gruppetto.desks.shared.figures import Chart, Column, written
from gruppetto.desks.shared.looks import TONE_ICONS, Look, Tone, look
from gruppetto.kernel.clock import now

register = template.Library()
register.filter("money", wording.money)
register.filter("number", wording.number)
register.filter("phone", wording.phone)
register.filter("masked_phone", wording.masked_phone)
register.filter("dialled", wording.dialled)


def _piece(name: str, /, **context: Any) -> SafeString:
    return render_to_string(f"shared/components/{name}.html", context)


# --- words, icons, states: written here, once, not in a template: a list shows hundreds of a few dozen kinds ------


@register.simple_tag
def icon(name: str, text: str = "") -> SafeString:
    """A picture of the sprite, hidden from readers, with its visible ``text`` (or text beside it in the page)."""
    return format_html("{} <span>{}</span>", _picture(name), text) if text else _picture(name)


@lru_cache(1_000)
def _picture(name: str) -> SafeString:
    drawn = '<svg class="icon" aria-hidden="true" focusable="false" width="16" height="16"><use href="{}#{}"/></svg>'
    return format_html(drawn, static("vendor/bootstrap-icons.svg"), name)


@register.simple_tag
def badge(word: str, tone: Tone = "neutral", icon: str = "") -> SafeString:
    """A state said by word, icon and colour together."""
    return state(Look(word, tone, icon or TONE_ICONS[tone]))


@register.simple_tag
def state(family: str | Look, code: object = "") -> SafeString:
    """The badge of a known state: ``{% state "intervention" "in_progress" %}``, or of a ``Look``."""
    shown = family if isinstance(family, Look) else look(family, code)
    return _state(shown.tone, shown.icon, str(shown.word))


@lru_cache(1_000, typed=True)  # a text that is safe and one that is not are not the same
def _state(tone: str, name: str, word: str) -> SafeString:
    return format_html('<span class="state state-{}">{}</span>', tone, icon(name, word))


@register.simple_tag
def when(moment: datetime, relative: bool = True) -> SafeString:
    """A moment: relative, with the exact one on hover and for readers; or exact with ``relative=False``."""
    at = now()
    full = wording.exact(moment, at=at)
    short = wording.relative(moment, at=at) if relative else full
    if short == full:
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), full)
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden">, {}</span></time>',
        moment.isoformat(),
        full,
        short,
        full,
    )


@register.simple_tag
def day(moment: datetime) -> str:
    """``mardi 3 mai``."""
    return wording.day(moment, at=now())


@register.simple_tag
def phone_link(number: str, name: str = "") -> SafeString:
    """A number one can dial; ``name`` says whose, for readers."""
    whose = (
        format_html('<span class="visually-hidden">{}</span> ', _("Appeler %(name)s au") % {"name": name})
        if name
        else ""
    )
    if settings.TRAINING:
        # Invented numbers may be somebody's one day: nothing here dials.
        return format_html('<span class="phone">{}{}</span>', whose, wording.phone(number))
    return format_html(
        '<a class="phone" href="tel:{}">{}{}</a>', wording.dialled(number), whose, wording.phone(number)
    )


@register.simple_tag
def shortcut(key: str) -> SafeString:
    """The little key shown beside a button that has ``data-shortcut``; follows the user's own keys."""
    return format_html(
        '<kbd class="key" aria-hidden="true" data-shortcut-hint="{}">{}</kbd>', key, wording.key(key)
    )


# --- forms ----------------------------------------------------------------------------------------


@register.inclusion_tag("shared/components/field.html")
def field(
    bound: BoundField, width: str = "full", hint: str = "", reveal: bool = True, label: str = ""
) -> dict[str, Any]:
    """One field: label above, help under it, error under the field, all linked for readers.

    ``width``: ``short`` (code, year), ``medium`` (phone, date, name) or ``full``. ``hint`` and ``label`` replace
    those of the form. ``reveal`` puts « Afficher » beside a password.
    """
    return {"view": FieldView(bound, width=width, hint=hint, reveal=reveal, name=label)}


@register.inclusion_tag("shared/components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """All the fields of a form, hidden ones included."""
    return {
        "hidden": form.hidden_fields(),
        "views": [FieldView(bound, reveal=True) for bound in form.visible_fields()],
    }


@register.inclusion_tag("shared/components/error_summary.html")
def error_summary(*forms: BaseForm, **labels: str) -> dict[str, Any]:
    """What must be corrected, at the top, each line a link to its field; nothing when there is no error.

    ``labels``: by field name, the label the page shows when it is not the form's own.
    """
    return {"lines": [line for form in forms for line in error_lines(form, labels)]}


@register.inclusion_tag("shared/components/buttons.html")
def buttons(
    primary: str,
    name: str = "",
    value: str = "",
    icon: str = "",
    key: str = "",
    tone: str = "primary",
    back: str = "",
    back_label: str = "",
    others: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """A row with one primary action, always first; ``others``: dicts of ``label`` with ``href`` or ``name``/``value``.

    ``key`` is its keyboard shortcut; ``tone="danger"`` for an act that cannot be undone; ``back`` an address.
    """
    return {
        "primary": primary,
        "name": name,
        "value": value,
        "icon": icon,
        "key": key,
        "tone": tone,
        "back": back,
        "back_label": back_label or _("Annuler"),
        "others": [{"href": "", "name": "", "value": "", **other} for other in others],
    }


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context, content: str, id: str, title: str, button: str, action: str = "", tone: str = "danger"
) -> SafeString:
    """A dialog whose words say what will happen; opened by any ``data-dialog="ID"``; posts to ``action``.

    Hidden fields of the act may stand in the body. Give the opener an address too: without scripts it leads
    to a page that asks the same.
    """
    return _piece(
        "confirm",
        body=content,
        id=id,
        title=title,
        button=button,
        action=action,
        tone=tone,
        csrf_token=context.get("csrf_token", ""),
    )


@register.inclusion_tag("shared/components/draft_state.html")
def draft_state() -> dict[str, Any]:
    """Where a form with ``data-draft-url`` says what became of the draft; stands inside the form."""
    return {}


@register.simple_tag(takes_context=True)
def trouble(context: Context, status: int) -> dict[str, Any]:
    """The words of an error page, from ``refused`` or ``message``/``code`` of the context."""
    words = trouble_of(status)
    refused = context.get("refused")
    request = context.get("request")
    return {
        "status": str(status),
        "title": words.title,
        "happened": (refused.message if refused else context.get("message")) or words.happened,
        "kept": words.kept,
        "todo": words.todo,
        "code": refused.code if refused else context.get("code", ""),
        "spoken": context.get("spoken") or spoken_code(getattr(request, "id", None)),
    }


# --- messages and pieces of a record --------------------------------------------------------------


@register.simple_block_tag
def banner(content: str, tone: Tone = "info", title: str = "", icon: str = "") -> SafeString:
    """A message that stays; ``title`` in one line, the body says what to do."""
    return _piece("banner", body=content, tone=tone, title=title, icon=icon or TONE_ICONS[tone])


@register.inclusion_tag("shared/components/empty.html")
def empty(title: str, text: str, icon: str = "inbox", href: str = "", label: str = "") -> dict[str, Any]:
    """Nothing yet: ``title`` says what will be here, ``text`` what to do now, ``href``/``label`` does it."""
    return {"title": title, "text": text, "icon": icon, "href": href, "label": label}


@register.inclusion_tag("shared/components/key_values.html")
def key_values(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A list of (name, value); an empty value reads « non renseigné »."""
    return {"pairs": pairs}


@register.simple_block_tag
def entry(
    content: str, kind: str, who: str, at: datetime, channel: str = "", delivery: str = ""
) -> SafeString:
    """One line of a story.

    ``kind``: ``internal`` (a note the person never sees), ``to_person``, ``from_person`` or ``event``;
    ``channel``: a code of the channels; ``delivery``: what became of a message sent, in words.
    """
    return _piece(
        f"entry_{'event' if kind == 'event' else 'said'}",
        body=content,
        kind=kind,
        who=who,
        at=at,
        channel=look("channel", channel) if channel else None,
        delivery=delivery,
    )


@register.inclusion_tag("shared/components/composer.html")
def composer(
    name: str, recipient: str, internal: bool = False, draft: str = "", key: str = ""
) -> dict[str, Any]:
    """Where one writes: « note interne » or « à la personne », impossible to confuse.

    Posts ``name`` (the text) and ``name_kind`` (``internal`` or ``to_person``); ``recipient`` says to whom and how,
    for instance « Mme Roux, par SMS au 06 12 34 56 78 ». ``key``: the shortcut that leads to the text box.
    """
    return {"name": name, "recipient": recipient, "internal": internal, "draft": draft, "key": key}


@register.simple_block_tag
def person_card(
    content: str,
    name: str,
    level: int | None = 0,
    born: str = "",
    place: str = "",
    phone: str = "",
    href: str = "",
    heading: int = 2,
) -> SafeString:
    """Who it is, with the identity level in sight; the body holds what must not be missed (needs, alerts).

    ``level``: None where nobody is speaking. ``heading``: the level of the title (2 to 4) in the page.
    """
    return _piece(
        "person_card",
        body=content,
        name=name,
        identity=None if level is None else look("identity", level),
        level=str(level),
        born=born,
        place=place,
        phone=phone,
        href=href,
        opening=format_html("<h{} class='person-name'>", heading),
        closing=format_html("</h{}>", heading),
    )


# --- lists and figures ----------------------------------------------------------------------------


@register.inclusion_tag("shared/components/news.html")
def news(topic: str, href: str, target: str, one: str = "", many: str = "") -> dict[str, Any]:
    """« 3 nouvelles, les afficher »: counts live notices of ``topic``; pressing reads ``href`` into ``target``."""
    return {
        "topic": topic,
        "href": href,
        "target": target,
        "one": one or _("nouvelle, l’afficher"),
        "many": many or _("nouvelles, les afficher"),
    }


@register.inclusion_tag("shared/components/pager.html", takes_context=True)
def pager(
    context: Context, shown: int, total: str = "", after: str = "", before: str = "", label: str = ""
) -> dict[str, Any]:
    """Keyset paging that keeps the filters of the address: ``after``/``before`` are cursors, empty at the ends.

    ``total`` is already capped and written (« plus de 10 000 »). Parameters: ``apres`` and ``avant``.
    """
    request: HttpRequest = context["request"]

    def to(name: str, cursor: str) -> str:
        query: QueryDict = request.GET.copy()
        query.pop("apres", None)
        query.pop("avant", None)
        query[name] = cursor
        return f"?{query.urlencode()}"

    return {
        "shown": str(shown),
        "number": shown,
        "total": total,
        "next": to("apres", after) if after else "",
        "previous": to("avant", before) if before else "",
        "label": label or _("Pages de la liste"),
    }


@register.inclusion_tag("shared/components/table.html")
def data_table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], hide_caption: bool = False
) -> dict[str, Any]:
    """A table: ``rows`` of plain values or ``Cell``; the first column names its row. It scrolls in its own frame."""
    return {
        "caption": caption,
        "hide_caption": hide_caption,
        "columns": columns,
        "rows": [[written(c, v) for c, v in zip(columns, row, strict=True)] for row in rows],
    }


@register.inclusion_tag("shared/components/figure.html")
def figure(
    label: str, value: str, href: str = "", note: str = "", tone: str = "", definition: str = ""
) -> dict[str, Any]:
    """A figure that leads to its rows (``href``); ``note`` compares, ``definition`` says how it is counted.

    ``tone`` (good, warning, danger) adds an icon and colours; the ``note`` must say it in words.
    """
    return {
        "label": label,
        "value": value,
        "href": href,
        "note": note,
        "tone": tone,
        "icon": TONE_ICONS[tone] if tone else "",
        "definition": definition,
    }


@register.inclusion_tag("shared/components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A picture, its definition, and its table one key away."""
    return {"chart": chart, "data": json.dumps(chart.data)}


@register.inclusion_tag("shared/components/progress.html")
def progress(label: str, value: int, maximum: int, text: str = "") -> dict[str, Any]:
    """How far: ``value`` of ``maximum``, said in words too."""
    said = text or _("%(value)s sur %(maximum)s") % {"value": value, "maximum": maximum}
    return {"label": label, "value": str(value), "maximum": str(maximum), "said": said}
