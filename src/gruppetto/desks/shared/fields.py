"""How a form field is shown: one view object per field, so that the template stays dumb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class FieldView:
    """One field ready to show."""

    bound: BoundField
    width: str = "full"
    hint: str = ""
    reveal: bool = False
    name: str = ""

    @property
    def widget(self) -> forms.Widget:
        return self.bound.field.widget

    @property
    def id(self) -> str:
        return self.bound.auto_id

    @property
    def grouped(self) -> bool:
        """Several controls under one question: shown as a fieldset."""
        return isinstance(self.widget, GROUPS)

    @property
    def box(self) -> bool:
        return isinstance(self.widget, forms.CheckboxInput)

    @property
    def password(self) -> bool:
        return self.reveal and isinstance(self.widget, forms.PasswordInput)

    @property
    def label(self) -> str:
        return self.name or str(self.bound.label)

    @property
    def help(self) -> str:
        return self.hint or str(self.bound.help_text)

    @property
    def required(self) -> bool:
        return self.bound.field.required

    @property
    def errors(self) -> list[str]:
        return [str(error) for error in self.bound.errors]

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_help"] if self.help else []
        return " ".join([*parts, f"{self.id}_error"] if self.errors else parts)

    def _attrs(self) -> dict[str, Any]:
        attrs: dict[str, Any] = {}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self.errors:
            attrs["aria-invalid"] = "true"
        if self.box or self.grouped:
            attrs["class"] = "form-check-input"
        elif isinstance(self.widget, forms.Select):
            attrs["class"] = "form-select"
        else:
            attrs["class"] = "form-control"
        # A placeholder that repeats the label vanishes when one types; the label does not.
        attrs["placeholder"] = False
        return attrs

    @property
    def control(self) -> SafeString:
        """The input itself, keeping the classes its form gave it."""
        attrs = self._attrs()
        attrs["class"] = f"{attrs['class']} {self.widget.attrs.get('class', '')}".strip()
        return self.bound.as_widget(attrs=attrs)

    @property
    def choices(self) -> Iterator[tuple[SafeString, str, str]]:
        """(control, its id, its label) for each answer of a group."""
        for sub in self.bound.subwidgets:
            sub.data["attrs"] |= {"class": "form-check-input"}
            if self.errors:
                sub.data["attrs"]["aria-invalid"] = "true"
            yield sub.tag(), str(sub.id_for_label), str(sub.choice_label)


def _anchor(bound: BoundField) -> str:
    """The id of the first control of a field: where a link of the summary leads."""
    if isinstance(bound.field.widget, GROUPS):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def error_lines(form: BaseForm, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(id of the control or empty, sentence) for each error of a form; ``labels`` replace the form's own."""
    for error in form.non_field_errors():
        yield "", str(error)
    for bound in form:
        for error in bound.errors:
            said = str(labels.get(bound.name, bound.label))
            joined = said if said.endswith("?") else _("%(label)s :") % {"label": said}
            yield _anchor(bound), f"{joined} {error}"
