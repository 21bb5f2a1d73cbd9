"""Fields typed as people type, and what the domain refused shown where it was typed; for all desks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gruppetto.kernel import clock
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates


class DayField(forms.CharField):
    """A day typed as people type it: ``3/5``-like forms, ``12 mars 2027``, ``12032027``.

    ``past``: how far back it may be, ``False`` for today at the earliest.
    """

    widget = forms.TextInput({"autocomplete": "off", "inputmode": "text"})

    def __init__(self, *, past: bool = True, **more: Any) -> None:
        self.past = past
        super().__init__(**more)

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        if not typed:
            return None
        today = clock.today()
        try:
            return dates.parse_date(typed, today, earliest=None if self.past else today)
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None

    def prepare_value(self, value: Any) -> Any:
        """A day we know is shown as ``12/03/2027``; what was typed stays as typed."""
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def say_no(form: forms.Form, refused: Refused) -> None:
    """Show the rule's sentence under its field, else at the top; what was typed stays."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
