"""The parts of a draft as forms: nobody types anything but words, dates and choices.

A part shows one piece of the content and gives it back changed. Nothing is judged here: what was typed is kept in the
draft, then the domain says what is wrong, and each of its errors is shown beside its field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.service.catalogue.vocabulary import (
    CHANGED,
    CONFIRMED,
    NO,
    UNKNOWN,
    YES,
    QuestionKind,
)

QUIET = {"autocomplete": "off"}
ONE_A_LINE = gettext_lazy("Un par ligne.")
ANSWERS = {
    QuestionKind.YES_NO: (
        (YES, gettext_lazy("oui")),
        (NO, gettext_lazy("non")),
        (UNKNOWN, gettext_lazy("ne sait pas")),
    ),
    QuestionKind.PERSON_FACT: (
        (CONFIRMED, gettext_lazy("inchangé")),
        (CHANGED, gettext_lazy("a changé")),
        (UNKNOWN, gettext_lazy("ne sait pas")),
    ),
}
Pairs = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Offers:
    """What may be named: (code, label) pairs. ``conditions``: « question=answer » and how it is said."""

    providers: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    guides: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    articles: tuple[tuple[str, str], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = field(default=())


def slug(text: str, joint: str = "-") -> str:
    """A code made of words: small plain letters, joined."""
    plain = (
        unicodedata.normalize("NFKD", re.sub("['’]", " ", text)).encode("ascii", "ignore").decode().lower()
    )
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:40].strip(joint)


def conditions(questions: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Each closed answer of these questions, as « id=answer » with its words."""
    found: list[tuple[str, str]] = []
    for one in questions:
        kind, asked = one.get("kind", ""), str(one.get("ask", ""))
        answers = (
            [(choice.get("code", ""), choice.get("label", "")) for choice in one.get("choices", [])]
            if kind == QuestionKind.CHOICE
            else ANSWERS.get(kind, ())
        )
        found += [(f"{one.get('id', '')}={code}", f"{asked} → {label}") for code, label in answers]
    return tuple(found)


def line(label: Any, help_text: Any = "", rows: int = 0, *, required: bool = False) -> forms.CharField:
    """One line, or ``rows`` lines; what is required is judged by the domain, the mark only says it."""
    widget = forms.Textarea({**QUIET, "rows": rows}) if rows else forms.TextInput(QUIET)
    made = forms.CharField(label=label, help_text=help_text, required=False, widget=widget)
    made.widget.is_required = required
    return made


def one(label: Any, choices: Pairs, help_text: Any = "") -> forms.ChoiceField:
    """One of a closed list, or not chosen yet."""
    pairs = [("", gettext_lazy("Choisissez")), *choices]
    return forms.ChoiceField(label=label, choices=pairs, required=False, help_text=help_text)


def many(label: Any, choices: Pairs = (), help_text: Any = "") -> forms.MultipleChoiceField:
    """Several of a closed list."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def tick(label: Any, help_text: Any = "") -> forms.BooleanField:
    """Yes when ticked."""
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class Lines(forms.CharField):
    """A list, one element a line."""

    def __init__(self, label: Any, help_text: Any = ONE_A_LINE, rows: int = 4) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            widget=forms.Textarea({**QUIET, "rows": rows}),
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class Condition(forms.MultipleChoiceField):
    """When something applies: answers ticked; several answers of one question: any of them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Seulement si"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy(
                "Rien de coché : toujours. Deux réponses d’une question : l’une ou l’autre."
            ),
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        pairs = ((q, [a] if isinstance(a, str) else a) for q, a in value.items())
        return [f"{question}={answer}" for question, answers in pairs for answer in answers]

    def clean(self, value: Any) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ticked in super().clean(value):
            question, _sign, answer = ticked.partition("=")
            found.setdefault(question, []).append(answer)
        return found


class Part(forms.Form):
    """A piece of a draft. ``item``: that piece as the content holds it; fields are named as its keys."""

    # By field, what stands in for an absent key; a value equal to it is not written.
    defaults: ClassVar[Mapping[str, Any]] = {}
    # Whether « voir aussi » names articles, else kinds.
    leads_to_articles: ClassVar[bool] = False

    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, item: Mapping[str, Any], offers: Offers, edition: int, data: Any = None) -> None:
        self.item, self.offers = item, offers
        initial = {**self.defaults, **self.shown(item), "edition": edition}
        super().__init__(data, initial=initial, auto_id="champ-%s")
        for name, pairs in (
            ("providers", offers.providers),
            ("see_also", offers.articles if self.leads_to_articles else offers.kinds),
            ("kinds", offers.kinds),
            ("help_lines", offers.lines),
            ("shows_if", offers.conditions),
        ):
            if name in self.fields:
                self.offer(name, pairs)
        for name, pairs in (
            ("reason", offers.reasons),
            ("see_kind", offers.kinds),
            ("distress", offers.guides),
        ):
            if name in self.fields:
                self.offer(name, [("", _("Aucun")), *pairs])

    def offer(self, name: str, pairs: Pairs) -> None:
        """Give a field its choices; what the draft names stays, even if it is gone."""
        choices = list(pairs)
        held = self.fields[name].prepare_value(self.initial.get(name)) or []
        known = {code for code, _label in choices}
        choices += [(code, code) for code in ([held] if isinstance(held, str) else held) if code not in known]
        if not choices:
            del self.fields[name]
            return
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def shown(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show of the piece."""
        return dict(item)

    def said(self) -> dict[str, Any]:
        """The piece as typed, once valid; keys without a field stay as they were."""
        kept = {key: value for key, value in self.item.items() if key not in self.fields}
        for name, value in self.cleaned_data.items():
            if name == "edition":
                continue
            written = value.isoformat() if hasattr(value, "isoformat") else value
            empty = name not in self.defaults and written in ("", None, [], {}, False)
            if not empty and written != self.defaults.get(name):
                kept[name] = written
        return kept

    def blame(self, key: str, sentence: str) -> None:
        """Show an error of the domain beside its field, else at the top."""
        self.add_error(key if key in self.fields else None, sentence)
