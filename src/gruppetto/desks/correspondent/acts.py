"""What the reader of an intervention may do to it: each act is a form, and one verb of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.correspondent import forms, forms_together, record
from gruppetto.kernel.files.verbs import receive
from gruppetto.service.contacts.verbs import drop_draft
from gruppetto.service.interventions import verbs
from gruppetto.service.interventions.models import Note
from gruppetto.service.interventions.verbs.steps import get

Cleaned = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """An act of the page: its form, the verb, what is said when it is done; ``read``: only on what was read last.

    ``draft``: the part whose draft goes with it.
    """

    form: Callable[..., Form]
    run: Callable[[UUID, Form], object]
    said: Promise
    read: bool = True
    draft: str = ""


def _note(intervention_id: UUID, form: Form) -> None:
    typed = form.cleaned_data
    to_person = typed["text_kind"] == "to_person"
    text, go = typed["text"], typed["go"] or "note"
    if go == "note" or (to_person and text.strip()):
        verbs.note(intervention_id, Note.For.PERSON if to_person else Note.For.US, text)
    if go == "resume":
        verbs.resume(intervention_id, text[:300])
    elif go != "note":
        verbs.wait(intervention_id, go, text[:300])


def _answer(intervention_id: UUID, form: Form) -> None:
    typed = form.cleaned_data
    verbs.answer(intervention_id, typed["outcome"], typed["text"], without_papers=typed["without_papers"])


def _kept(intervention_id: UUID, upload: Any) -> UUID:
    about = get(intervention_id)
    return receive(
        upload.name,
        upload,
        about.subject_id,
        portfolio_id=about.portfolio_id,
        department=about.department,
        declared=upload.content_type or "",
    ).pk


def _paper(intervention_id: UUID, form: Form) -> None:
    typed = form.cleaned_data
    file_id = _kept(intervention_id, typed["file"]) if typed["file"] else None
    verbs.set_paper(typed["paper"], "received" if file_id else typed["state"], file_id)


def _attach(intervention_id: UUID, form: Form) -> None:
    verbs.attach(
        intervention_id, _kept(intervention_id, form.cleaned_data["file"]), form.cleaned_data["label"]
    )


def _correct(intervention_id: UUID, form: Form) -> None:
    typed = cast(forms_together.CorrectForm, form)
    verbs.correct(intervention_id, typed.read(), typed.typed())


def _simple(verb: Callable[..., object], *names: str) -> Callable[[UUID, Form], object]:
    """The verb with the fields of these names after the intervention."""
    return lambda key, form: verb(key, *(form.cleaned_data[name] for name in names))


def _of_offer(verb: Callable[..., object], *names: str) -> Callable[[UUID, Form], object]:
    """The verb on the offer itself."""
    return lambda _key, form: verb(*(form.cleaned_data[name] for name in ("offer", *names)))


ACTS: dict[str, Act] = {
    "commencer": Act(forms.EmptyForm, _simple(verbs.start), _("C’est commencé.")),
    "noter": Act(forms.ProgressForm, _note, _("C’est noté."), read=False, draft="noter"),
    "repondre": Act(
        forms.AnswerForm,
        _answer,
        _("La réponse est gardée. Lisez-la maintenant à la personne."),
        draft="repondre",
    ),
    "attendre-papiers": Act(
        forms.EmptyForm, _simple(verbs.wait_for_papers), _("La demande attend ses papiers.")
    ),
    "accord": Act(
        forms.ConfirmForm,
        lambda key, form: verbs.confirm(key, str(dict(forms.SAID)[form.cleaned_data["said"]])),
        _("L’accord de la personne est noté."),
    ),
    "essai": Act(forms.EmptyForm, _simple(verbs.attempt), _("L’appel sans réponse est noté."), read=False),
    "rouvrir": Act(forms.ReopenForm, _simple(verbs.reopen, "why"), _("La demande est rouverte.")),
    "clore": Act(forms.EmptyForm, _simple(verbs.close), _("La demande est close.")),
    "annuler": Act(forms.CancelForm, _simple(verbs.cancel, "why"), _("La demande est annulée.")),
    "confier": Act(forms.AssignForm, _simple(verbs.assign, "account", "why"), _("La demande est confiée.")),
    "papier": Act(forms.PaperForm, _paper, _("Le papier est à jour."), read=False),
    "document": Act(
        forms.AttachForm, _attach, _("Le document est gardé. Il est d’abord vérifié."), read=False
    ),
    # Working together. A correction finds by itself what changed meanwhile, field by field.
    "corriger": Act(
        forms_together.CorrectForm, _correct, _("La demande est corrigée."), read=False, draft="corriger"
    ),
    "mettre-de-cote": Act(
        forms_together.SnoozeForm,
        _simple(verbs.snooze, "day", "why"),
        _("La demande est mise de côté. Sa promesse court toujours."),
    ),
    "reprendre": Act(forms.EmptyForm, _simple(verbs.wake), _("La demande est revenue dans la liste.")),
    "relais": Act(
        forms_together.HandOnForm,
        _simple(verbs.hand_on, "account", "words"),
        _("Le relais est proposé. Vous suivez la demande jusqu’à sa réponse."),
        draft="relais",
    ),
    "accepter": Act(
        forms_together.OfferForm, _of_offer(verbs.accept), _("Vous suivez maintenant cette demande.")
    ),
    "refuser": Act(
        forms_together.DeclineForm,
        _of_offer(verbs.decline, "why"),
        _("C’est noté, votre collègue est prévenu."),
    ),
    "retirer": Act(forms_together.OfferForm, _of_offer(verbs.withdraw), _("Le relais n’est plus proposé.")),
    "suivre": Act(forms.EmptyForm, _simple(verbs.follow), _("Vous suivez cette demande."), read=False),
    "ne-plus-suivre": Act(
        forms.EmptyForm, _simple(verbs.unfollow), _("Vous ne suivez plus cette demande."), read=False
    ),
}


def run(name: str, todo: Act, intervention_id: UUID, form: Form) -> None:
    """Do the act, and forget the draft that led to it."""
    todo.run(intervention_id, form)
    if todo.draft:
        drop_draft(record.draft_name(intervention_id, todo.draft))


def form_of(todo: Act, name: str, posted: Any, files: Any, intervention_id: UUID) -> Form:
    """The form of an act, filled with what was sent."""
    about: dict[str, Any] = {}
    if name == "papier":
        about["own"] = f"paper-{posted.get('paper', '')}"
    elif name in ("confier", "relais"):
        about["people"] = record.possible_workers(get(intervention_id).portfolio_id)
    return todo.form(posted, files, **about)
