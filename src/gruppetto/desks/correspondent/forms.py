"""Forms of the intervention page: what is typed about one request, each posted to its own act."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.looks import OUTCOME
from gruppetto.service.catalogue.content import Kind

LONGEST = 4_000
SAID = (
    ("phone", _("au téléphone")),
    ("visit", _("sur place")),
    ("relative", _("par un proche de confiance")),
)


class ActForm(forms.Form):
    """A form of the page. ``act`` (or ``own``, when there are several): names its controls on the page."""

    act = ""

    def __init__(self, *args: Any, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{own or self.act}-%s", **kwargs})


class ProgressForm(forms.Form):
    """One text box for what just happened; the button pressed says what follows from it."""

    text = forms.CharField(
        label=_("Ce qui vient de se passer"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text_kind = forms.ChoiceField(
        choices=[("internal", _("note interne")), ("to_person", _("à la personne"))], initial="internal"
    )
    go = forms.ChoiceField(
        choices=[
            ("note", _("note")),
            ("person", _("la personne")),
            ("provider", _("l’organisme")),
            ("paper", _("un papier")),
            ("resume", _("reprise")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The composer names its text box « text-text ».
        super().__init__(*args, **{"auto_id": "%s-text", **kwargs})


class AnswerForm(ActForm):
    """The answer, in the words the person will hear."""

    act = "answer"
    outcome = forms.ChoiceField(
        label=_("Comment cela finit-il ?"),
        choices=[(code, look.word) for code, look in OUTCOME.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’issue de la demande.")},
    )
    text = forms.CharField(
        label=_("La réponse, comme vous la lirez à la personne"),
        help_text=_("Deux ou trois phrases courtes, sans sigle."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez la réponse comme vous la direz à la personne.")},
    )
    without_papers = forms.CharField(
        label=_("Pourquoi faire sans ces papiers ?"),
        help_text=_("Seulement si la demande est déjà partie, ou acceptée sans eux. L’histoire le garde."),
        max_length=160,
        required=False,
    )

    def __init__(self, *args: Any, kind: Kind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind:
            # What each outcome means for this kind of request stands beside its name.
            told = {str(code): said for code, said in kind.outcomes.items()}
            cast(forms.ChoiceField, self.fields["outcome"]).choices = [
                (code, f"{look.word} : {told[code]}" if code in told else look.word)
                for code, look in OUTCOME.items()
            ]


class ConfirmForm(ActForm):
    """The person said yes: how it was said."""

    act = "confirm"
    said = forms.ChoiceField(
        label=_("Comment l’a-t-elle dit ?"), choices=SAID, initial="phone", widget=forms.RadioSelect
    )


class WhyForm(ActForm):
    """An act that needs its reason."""

    why = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi : la personne peut le demander.")},
    )


class ReopenForm(WhyForm):
    """The person says no, or comes back."""

    act = "reopen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Ce qui ne va pas, avec ses mots")


class CancelForm(WhyForm):
    """The person no longer wants it."""

    act = "cancel"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Pourquoi la demande est annulée")


class AssignForm(WhyForm):
    """A supervisor confides the work to somebody who sees the portfolio."""

    act = "assign"
    account = forms.UUIDField(label=_("À qui ?"), widget=forms.Select)
    field_order = ("account", "why")

    def __init__(self, *args: Any, people: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Pourquoi")
        self.fields["account"].widget.choices = people or []


class EmptyForm(ActForm):
    """An act that needs no word: the button says it all."""


class PaperForm(ActForm):
    """Where a paper stands, with the document when there is one."""

    act = "paper"
    paper = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.CharField()
    file = forms.FileField(label=_("Document"), required=False, help_text=_("PDF ou photo, 20 Mo au plus."))


class AttachForm(ActForm):
    """A document of the request that is not in the list of papers."""

    act = "attach"
    file = forms.FileField(
        label=_("Document"),
        help_text=_("PDF ou photo, 20 Mo au plus."),
        error_messages={"required": _("Choisissez un document.")},
    )
    label = forms.CharField(label=_("Ce que c’est"), max_length=160, required=False)
