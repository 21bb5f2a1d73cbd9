"""Hours of work as people type them, and the languages staff speak; for the desks that keep them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LANGUAGES = (
    ("fr", gettext_lazy("français")),
    ("en", gettext_lazy("anglais")),
    ("ar", gettext_lazy("arabe")),
    ("es", gettext_lazy("espagnol")),
    ("pt", gettext_lazy("portugais")),
    ("it", gettext_lazy("italien")),
    ("oc", gettext_lazy("occitan")),
    ("fsl", gettext_lazy("langue des signes")),
)
HOUR = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
SPAN = re.compile(rf"{HOUR}\s*(?:-|–|à|a)\s*{HOUR}", re.IGNORECASE)
BETWEEN = re.compile(r"[\s,;]|et", re.IGNORECASE)


class HoursField(forms.CharField):
    """The usual hours of a day, ``8 h 30 – 12 h 30, 13 h 30 – 18 h``, as (start, end) pairs; empty: no work."""

    widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> list[tuple[time, time]]:
        typed = super().clean(value)
        if BETWEEN.sub("", SPAN.sub("", typed)):
            raise forms.ValidationError(
                _("Écrivez les heures ainsi : 8 h 30 – 12 h 30, 13 h 30 – 18 h."), code="hours-unreadable"
            )
        try:
            return [
                (time(int(a), int(b or 0)), time(int(c), int(d or 0))) for a, b, c, d in SPAN.findall(typed)
            ]
        except ValueError:
            raise forms.ValidationError(_("Cette heure n’existe pas."), code="hours-impossible") from None


def hours_text(periods: Iterable[Any]) -> str:
    """Working times of one day as they are typed."""
    return ", ".join(f"{_clock(one.starts)} – {_clock(one.ends)}" for one in periods)


def _clock(moment: time) -> str:
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"
