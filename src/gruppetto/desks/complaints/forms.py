"""What is typed about a complaint; the rules themselves stay in the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.service.complaints import reads, verbs
from gruppetto.service.complaints.models import LONGEST, Complaint
from gruppetto.service.complaints.reads import Told

S, E = Complaint.State, Complaint.Ending
QUIET = {"autocomplete": "off"}
NOTED = _("C’est noté.")


def lines(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Some lines of text."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea({**QUIET, "rows": rows}),
        max_length=LONGEST,
        required=required,
        help_text=help_text,
    )


class FileForm(forms.Form):
    """What the person reproaches us with, as the one who hears it writes it."""

    about = forms.ChoiceField(
        label=_("Sujet de la réclamation"), choices=Complaint.About.choices, widget=forms.RadioSelect
    )
    words = lines(
        _("Ce que dit la personne, avec ses mots"),
        rows=5,
        help_text=_("Vous ne pourrez plus relire ce texte. N’en dites rien dans le résumé du contact."),
    )
    wish = lines(_("Ce qu’elle souhaite"), rows=2, required=False)
    intervention_id = forms.TypedChoiceField(
        label=_("Demande en cause"), coerce=UUID, empty_value=None, required=False
    )
    concerned = forms.TypedMultipleChoiceField(
        label=_("Collègues en cause"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ces personnes ne verront jamais la réclamation. Qui suit la demande est ajouté."),
    )

    def __init__(
        self, colleagues: Iterable[tuple[UUID, str]], requests: Iterable[tuple[UUID, str]], data: Any = None
    ) -> None:
        super().__init__(data)
        self.fields["concerned"].choices = [(str(key), name) for key, name in colleagues]  # type: ignore[attr-defined]
        known = [(str(key), title) for key, title in requests]
        self.fields["intervention_id"].choices = [("", _("Aucune en particulier")), *known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["intervention_id"]


class StepForm(forms.Form):
    """The form of one step; ``version`` says which state of the complaint was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, told: Told, data: Any = None) -> None:
        super().__init__(
            data, initial={"version": told.complaint.version}, auto_id=f"{type(self).__name__}-%s"
        )


class TakeForm(StepForm):
    """Nothing to say."""


class NoteForm(StepForm):
    text = lines(_("Ce qui a été fait"), rows=3)


class WhyForm(StepForm):
    why = lines(_("Pourquoi"), rows=2)


class AnswerForm(StepForm):
    finding = forms.ChoiceField(
        label=_("La réclamation est"), choices=Complaint.Finding.choices, widget=forms.RadioSelect
    )
    text = lines(_("Réponse à la personne, telle qu’elle la lira"), rows=6)
    change = lines(_("Ce que nous changeons pour que cela n’arrive plus"), rows=2, required=False)


class CloseForm(StepForm):
    ending = forms.ChoiceField(
        label=_("Comment elle finit"),
        choices=[choice for choice in E.choices if choice[0] != E.WITHDRAWN],
        widget=forms.RadioSelect,
    )
    why = lines(_("Précisions"), rows=2, required=False)


class WithdrawForm(StepForm):
    why = lines(_("Ce que dit la personne"), rows=2, required=False)


class PassOnForm(StepForm):
    to = forms.TypedChoiceField(label=_("À qui"), coerce=UUID, empty_value=None, required=False)
    why = lines(_("Pourquoi"), rows=2)

    def __init__(self, told: Told, data: Any = None) -> None:
        super().__init__(told, data)
        others = [(str(one.pk), one.name) for one in reads.handlers(told.complaint)]
        self.fields["to"].choices = [("", _("La plate-forme choisit")), *others]  # type: ignore[attr-defined]


class ConcernForm(StepForm):
    account_id = forms.TypedChoiceField(label=_("Qui"), coerce=UUID)
    why = lines(_("Pourquoi"), rows=2)

    def __init__(self, told: Told, data: Any = None) -> None:
        super().__init__(told, data)
        staff = Account.objects.filter(is_active=True, kind=Account.Kind.HUMAN)
        others = staff.exclude(pk__in=told.complaint.concerned).order_by("name")
        self.fields["account_id"].choices = [(str(one.pk), one.name) for one in others]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Step:
    """One thing that may be done of a complaint in some states; ``mine``: by who has it in charge only."""

    code: str
    label: Any
    icon: str
    form: type[StepForm]
    do: Callable[[UUID, dict[str, Any]], object]
    states: tuple[str, ...]
    mine: bool = True
    done: Any = NOTED


def _close(key: UUID, said: dict[str, Any]) -> object:
    return verbs.close(key, said["version"], said["ending"], said["why"])


def _withdraw(key: UUID, said: dict[str, Any]) -> object:
    return verbs.close(key, said["version"], E.WITHDRAWN, said["why"])


def _answer(key: UUID, said: dict[str, Any]) -> object:
    return verbs.answer(key, said["version"], said["finding"], said["text"], said["change"])


STEPS = (
    Step(
        "prendre",
        _("M’en charger"),
        "hand-index",
        TakeForm,
        lambda key, said: verbs.take(key, said["version"]),
        (S.RECEIVED,),
        mine=False,
        done=_("Vous vous chargez de cette réclamation."),
    ),
    Step(
        "note",
        _("Noter ce qui a été fait"),
        "pencil",
        NoteForm,
        lambda key, said: verbs.note(key, said["text"]),
        (S.IN_HAND, S.ANSWERED, S.MEDIATION),
    ),
    Step(
        "reponse",
        _("Répondre"),
        "chat-left-text",
        AnswerForm,
        _answer,
        (S.IN_HAND,),
        done=_("La réponse est notée. Dites-la ou postez-la à la personne."),
    ),
    Step("cloture", _("Clore"), "check2", CloseForm, _close, (S.ANSWERED, S.MEDIATION)),
    Step(
        "reprise",
        _("Reprendre"),
        "arrow-counterclockwise",
        WhyForm,
        lambda key, said: verbs.reopen(key, said["version"], said["why"]),
        (S.ANSWERED,),
    ),
    Step(
        "mediateur",
        _("Orienter vers le médiateur"),
        "signpost-split",
        WhyForm,
        lambda key, said: verbs.refer(key, said["version"], said["why"]),
        (S.ANSWERED,),
    ),
    Step(
        "transmission",
        _("Transmettre à quelqu’un d’autre"),
        "arrow-right-circle",
        PassOnForm,
        lambda key, said: verbs.pass_on(key, said["to"], said["why"]),
        (S.IN_HAND,),
        done=_("La réclamation est transmise."),
    ),
    Step(
        "concerne",
        _("Elle concerne aussi quelqu’un"),
        "person-slash",
        ConcernForm,
        lambda key, said: verbs.concern(key, said["account_id"], said["why"]),
        (S.RECEIVED, S.IN_HAND),
        done=_("C’est noté : cette personne ne la verra pas."),
    ),
    Step(
        "renonce",
        _("La personne y renonce"),
        "x-circle",
        WithdrawForm,
        _withdraw,
        (S.IN_HAND,),
    ),
)


class TermsForm(forms.Form):
    """The delay and the mediator from now on."""

    days = forms.IntegerField(
        label=_("Jours ouvrés pour répondre"), min_value=1, max_value=40, widget=forms.NumberInput(QUIET)
    )
    mediator = forms.CharField(label=_("Médiateur"), max_length=160, required=False)
    address = forms.CharField(
        label=_("Adresse du médiateur"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )
