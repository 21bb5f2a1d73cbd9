"""The script of a kind as a form: closed questions read aloud, shown one after the other as the answers come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gruppetto.kernel import amounts, clock
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind, Question
from gruppetto.service.catalogue.vocabulary import (
    CHANGED,
    CONFIRMED,
    NO,
    UNKNOWN,
    YES,
    PersonFact,
    QuestionKind,
)

PREFIX = "q"
QUIET = {"autocomplete": "off", "spellcheck": "false"}

# As the domain says it (``script.check_answers``).
NEEDED = gettext_lazy("Posez cette question : la réponse est nécessaire.")
ANSWERS = {
    QuestionKind.YES_NO: [
        (YES, gettext_lazy("Oui")),
        (NO, gettext_lazy("Non")),
        (UNKNOWN, gettext_lazy("Ne sait pas")),
    ],
    QuestionKind.PERSON_FACT: [
        (CONFIRMED, gettext_lazy("Inchangé")),
        (CHANGED, gettext_lazy("A changé")),
        (UNKNOWN, gettext_lazy("Ne sait pas")),
    ],
}


class DayField(forms.CharField):
    """A day as typed, kept in ISO form."""

    widget = forms.TextInput(QUIET)

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        try:
            return dates.parse_date(typed, clock.today()).isoformat() if typed else ""
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None


class EurosField(forms.CharField):
    """A sum as typed, kept in whole cents."""

    widget = forms.TextInput({**QUIET, "inputmode": "decimal"})

    def clean(self, value: Any) -> int | None:
        typed: str = super().clean(value)
        try:
            return amounts.parse_euros(typed) if typed else None
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None


def field_of(question: Question) -> forms.Field:
    """The field in which the answer to one question is typed."""
    common: dict[str, Any] = {
        "label": question.ask,
        "help_text": question.help,
        "required": question.required,
        "error_messages": {"required": NEEDED},
    }
    match question.kind:
        case QuestionKind.YES_NO | QuestionKind.PERSON_FACT:
            return forms.ChoiceField(choices=ANSWERS[question.kind], widget=forms.RadioSelect, **common)
        case QuestionKind.CHOICE:
            choices = [(choice.code, choice.label) for choice in question.choices]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case QuestionKind.DATE:
            return DayField(**common)
        case QuestionKind.AMOUNT:
            return EurosField(**common)
        case QuestionKind.NUMBER:
            return forms.IntegerField(widget=forms.TextInput({**QUIET, "inputmode": "numeric"}), **common)
        case _:
            return forms.CharField(max_length=script.LONGEST_TEXT, widget=forms.TextInput(QUIET), **common)


WIDTHS = {
    QuestionKind.DATE: "medium",
    QuestionKind.AMOUNT: "short",
    QuestionKind.NUMBER: "short",
}


@dataclass(frozen=True)
class Line:
    """A question on the screen; ``bound`` is None while the answers do not call for it."""

    question: Question
    bound: forms.BoundField | None
    width: str
    compare: str


class ScriptForm(forms.Form):
    """The questions that the answers given so far call for, with what was typed.

    ``typed``: by field name (``q-bank``), as kept in the draft or sent; answers of questions no longer shown stay
    there and count for nothing.
    """

    def __init__(
        self,
        kind: Kind,
        typed: Mapping[str, Any],
        *,
        sent: bool = False,
        compare: Mapping[PersonFact, str] | None = None,
    ) -> None:
        given = {
            question.id: typed.get(f"{PREFIX}-{question.id}")
            for question in kind.questions
            if question.accepted
        }
        shown = script.visible_questions(kind, given)
        initial = {question.id: typed.get(f"{PREFIX}-{question.id}", "") for question in shown}
        super().__init__(typed if sent else None, prefix=PREFIX, initial=initial, auto_id="%s")
        self.kind, self.typed, self.compare = kind, typed, compare or {}
        for question in shown:
            self.fields[question.id] = field_of(question)

    @property
    def shown(self) -> list[str]:
        """The ids of the questions shown, in order."""
        return list(self.fields)

    def lines(self) -> Iterator[Line]:
        """All the questions of the kind, those not called for without their field."""
        for question in self.kind.questions:
            bound = self[question.id] if question.id in self.fields else None
            compare = self.compare.get(question.fact, "") if question.fact else ""
            yield Line(question, bound, WIDTHS.get(question.kind, "full"), compare)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question_id, sentence in script.check_answers(self.kind, cleaned).items():
            if question_id not in self.errors:
                self.add_error(question_id, forms.ValidationError(str(sentence)))
        return cleaned

    def answers(self) -> dict[str, script.Answer | None]:
        """The answers as the domain reads them; those that cannot be read are left out."""
        read: dict[str, script.Answer | None] = {}
        for question_id, one in self.fields.items():
            try:
                read[question_id] = one.clean(self.typed.get(f"{PREFIX}-{question_id}", ""))
            except forms.ValidationError:
                read[question_id] = None
        return read
