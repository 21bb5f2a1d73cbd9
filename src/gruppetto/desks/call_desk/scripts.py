"""The script of a kind as a form: closed questions read aloud, shown one after the other as the answers come."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gruppetto.desks.call_desk.forms import QUIET, DeskForm, text
from gruppetto.desks.shared import wording
from gruppetto.kernel import amounts, clock
from gruppetto.kernel.calendars import minutes
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind, Question
from gruppetto.service.catalogue.vocabulary import (
    BUSINESS_DAYS,
    CHANGED,
    CONFIRMED,
    NO,
    UNKNOWN,
    URGENT_BUSINESS_HOURS,
    YES,
    PersonFact,
    QuestionKind,
)
from gruppetto.service.interventions.clocks import Promise

READ_FOR = timedelta(hours=1)
SALT = "gruppetto.call_desk.read_back"
PREFIX = "q"

# As the domain says it (``script.check_answers``).
NEEDED = gettext_lazy("Posez cette question : la réponse est nécessaire.")
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


class ScriptForm(DeskForm):
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


class WordsForm(DeskForm):
    """What the script does not ask: the request in the person's own words, and whether it cannot wait."""

    title = text(
        gettext_lazy("La demande avec les mots de la personne"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Si ce n’est pas exactement le nom de la démarche."),
    )
    urgent = forms.BooleanField(
        label=gettext_lazy("Cela ne peut pas attendre"),
        required=False,
        help_text=gettext_lazy("Réponse promise dans les deux heures d’ouverture."),
    )


@dataclass(frozen=True)
class Reading:
    """What is read aloud before the person says yes. ``due_at``: the moment promised."""

    sentences: tuple[str, str, str]
    due_at: datetime
    at: datetime
    token: str


def promised(kind: Kind, answers: script.Answers, urgent: bool, at: datetime) -> datetime:
    """The moment by which the person hears from us, were the request opened at ``at``."""
    effects = script.effects(kind, answers)
    target = minutes(60 * URGENT_BUSINESS_HOURS) if urgent else effects.target
    return Promise.begin(at, target).due(unless_stopped=at)


def reading(
    contact_id: UUID, kind: Kind, answers: script.Answers, *, urgent: bool, person: str, at: datetime
) -> Reading:
    """The three sentences, with the promise counted from the moment they are read."""
    due_at = promised(kind, answers, urgent, at)
    delay = _("au plus tard %(moment)s") % {"moment": wording.exact(due_at, at=at)}
    sentences = script.read_back(kind, answers, delay, person=person)
    token = signing.dumps(
        {"what": _digest(contact_id, kind, answers, urgent), "at": at.isoformat(), "said": sentences},
        salt=SALT,
    )
    return Reading(sentences, due_at, at, token)


def as_read(
    token: str, contact_id: UUID, kind: Kind, answers: script.Answers, *, urgent: bool
) -> tuple[datetime, list[str]]:
    """When these answers were read aloud, and the sentences said.

    Raises ``Refused`` (read-back-outdated) when something changed since, or too long ago.
    """
    outdated = Refused(
        _("Quelque chose a changé depuis la lecture. Relisez les trois phrases à la personne."),
        code="read-back-outdated",
    )
    try:
        kept = signing.loads(token, salt=SALT, max_age=READ_FOR)
    except signing.BadSignature:
        raise outdated from None
    if kept["what"] != _digest(contact_id, kind, answers, urgent):
        raise outdated
    return datetime.fromisoformat(kept["at"]), list(kept["said"])


def _digest(contact_id: UUID, kind: Kind, answers: script.Answers, urgent: bool) -> str:
    given = {name: str(value) for name, value in script.shown_answers(kind, answers).items()}
    told = json.dumps([str(contact_id), kind.code, kind.version, given, urgent], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def delay_said(kind: Kind) -> str:
    """The usual delay of a kind, in words."""
    if kind.urgent:
        return _("sous %(hours)s heures d’ouverture") % {"hours": URGENT_BUSINESS_HOURS}
    days = BUSINESS_DAYS[kind.grade]
    return ngettext("sous %(days)s jour ouvré", "sous %(days)s jours ouvrés", days) % {"days": days}
