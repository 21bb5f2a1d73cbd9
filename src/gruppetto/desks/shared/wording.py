"""How moments, amounts and numbers are set on a page: the kernel's words, with spaces that do not break a line."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from gruppetto.kernel.amounts import NARROW_NO_BREAK, NO_BREAK, euros
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates, phones


def held(text: str) -> str:
    """Keep a figure with what follows it: ``14 h 30``, ``3 mai``, ``5 minutes`` never end a line half-way."""
    return re.sub(r"(?<=\d) (?=\w)|(?<=\bh) (?=\d)", NO_BREAK, text)


def day(moment: datetime, *, at: datetime) -> str:
    """``mardi 3 mai``; the year is said when it is not the year of ``at``."""
    local = moment.astimezone(PARIS)
    return held(dates.day_text(local.date(), year=local.year != at.astimezone(PARIS).year))


def exact(moment: datetime, *, at: datetime) -> str:
    """``mardi 3 mai à 14 h 30``; the year is said when it is not the year of ``at``."""
    other_year = moment.astimezone(PARIS).year != at.astimezone(PARIS).year
    return held(dates.moment_text(moment, year=other_year))


def relative(moment: datetime, *, at: datetime) -> str:
    """How far ``moment`` is from ``at``, as people say it."""
    return held(dates.relative_text(moment, at))


def number(value: int | float | Decimal, decimals: int = 0) -> str:
    """``1 234`` or ``1 234,5``."""
    return f"{value:,.{decimals}f}".replace(",", NARROW_NO_BREAK).replace(".", ",")


def money(cents: int) -> str:
    """Cents to ``1 234,56 €``."""
    return euros(cents)


# 15, 112, 3114, 118 218: dialled as they are, even where the country was put before them.
SHORT = re.compile(r"(?:\+33)?(\d{2,6})")
# 0 892 705 705: numbers of services answer in their French form; not all of them do in the other.
SERVICE = re.compile(r"08\d{8}")


def dialled(raw: str) -> str:
    """What a ``tel:`` link needs: E.164, or the bare digits of a short number (15, 3114) or of a service (08)."""
    bare = re.sub(r"[^\d+]", "", raw)
    if short := SHORT.fullmatch(bare):
        return short[1]
    if SERVICE.fullmatch(bare):
        return bare
    try:
        return phones.parse(raw)
    except Refused:
        return bare


def phone(raw: str) -> str:
    """``06 12 34 56 78``, ``+32 …``; a short or unreadable number stays as it was given."""
    short = SHORT.fullmatch(re.sub(r"\s", "", raw))
    try:
        shown = raw.removeprefix("+33").strip() if short else phones.display(phones.parse(raw))
    except Refused:
        shown = raw
    return shown.replace(" ", NO_BREAK)


def masked_phone(raw: str) -> str:
    """``06 •• •• •• 78``: what a ringing call may show before an agent takes it (decisions 24)."""
    try:
        return phones.mask(phones.parse(raw)).replace(" ", NO_BREAK)
    except Refused:
        return _("numéro illisible")


def key(shortcut: str) -> str:
    """``ctrl+enter`` as it stands on a French keyboard: ``Ctrl + Entrée``."""
    names = {"ctrl": "Ctrl", "shift": _("Maj"), "alt": "Alt", "enter": _("Entrée"), "escape": _("Échap")}
    return f"{NO_BREAK}+{NO_BREAK}".join(names.get(part, part.upper()) for part in shortcut.split("+"))
