"""What goes with the script of a kind on a call: the person's own words, the sentences read aloud, the promise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.call_desk.forms import DeskForm, text
from gruppetto.desks.shared import wording
from gruppetto.desks.shared.promises import within
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue import script
from gruppetto.service.catalogue.content import Kind
from gruppetto.service.commitments.models import Commitment
from gruppetto.service.commitments.reads import terms, usual
from gruppetto.service.interventions.clocks import Promise

READ_FOR = timedelta(hours=1)
SALT = "gruppetto.call_desk.read_back"


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


def promised(
    kind: Kind, answers: script.Answers, urgent: bool, at: datetime, contact_id: UUID | None
) -> datetime:
    """The moment by which the person hears from us, were the request opened at ``at`` (1 query)."""
    effects = script.effects(kind, answers)
    found = terms(kind.code, effects.grade, urgent=urgent or effects.urgent, at=at, contact_id=contact_id)
    return Promise.on(found, at).due(unless_stopped=at)


def reading(
    contact_id: UUID, kind: Kind, answers: script.Answers, *, urgent: bool, person: str, at: datetime
) -> Reading:
    """The three sentences, with the promise counted from the moment they are read."""
    due_at = promised(kind, answers, urgent, at, contact_id)
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


def delay_said(kind: Kind, promised: Sequence[Commitment]) -> str:
    """The usual delay of a kind, in words; ``promised``: the commitments in force."""
    return within(usual(kind.code, kind.grade, promised, urgent=kind.urgent))
