"""Forms of working together: correct, put aside, hand on, answer an offer; join, split, link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.correspondent.forms import LONGEST, ActForm, WhyForm
from gruppetto.desks.shared.forms import DayField
from gruppetto.service.interventions.models import Intervention, Link

Choices = Iterable[tuple[str, str]]


class CorrectForm(ActForm):
    """What is asked, and what to know first. ``read_…``: what the page showed; a colleague may change it meanwhile."""

    act = "correct"
    title = forms.CharField(label=_("Ce qui est demandé, en quelques mots"), max_length=160)
    details = forms.CharField(
        label=_("Ce qu’il faut savoir avant d’agir"),
        help_text=_("Tout le monde peut le compléter. La personne ne le voit pas."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    read_title = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)
    read_details = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)
    # What was chosen of two versions: « theirs » or what the field says.
    keep_title = forms.CharField(required=False, max_length=6)
    keep_details = forms.CharField(required=False, max_length=6)

    @classmethod
    def showing(cls, intervention: Intervention, draft: dict[str, Any]) -> CorrectForm:
        """The form as it opens: what is on record, or what was being typed."""
        on_record = {"title": intervention.title, "details": intervention.details}
        read = {f"read_{name}": words for name, words in on_record.items()}
        return cls(initial={**on_record, **draft, **read})

    def read(self) -> dict[str, str]:
        """What was on the page when it was read."""
        return {name: self.cleaned_data[f"read_{name}"] for name in ("title", "details")}

    def typed(self) -> dict[str, str]:
        """What is to be written: the words typed, or those of the colleague where they were preferred."""
        return {
            name: self.cleaned_data[f"read_{name}" if self.cleaned_data[f"keep_{name}"] == "theirs" else name]
            for name in ("title", "details")
        }


class SnoozeForm(WhyForm):
    """Until when, and why."""

    act = "snooze"
    day = DayField(
        label=_("Jusqu’à quel jour ?"),
        help_text=_("Par exemple 3/5 ou 3 mai. Elle revient en haut de la liste à l’ouverture, ce jour-là."),
        error_messages={"required": _("Donnez le jour où elle doit revenir.")},
    )
    field_order = ("day", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Pourquoi attendre ce jour ?")


class HandOnForm(ActForm):
    """To whom, and what they should know."""

    act = "hand-on"
    account = forms.UUIDField(
        label=_("À qui ?"),
        widget=forms.Select,
        error_messages={"required": _("Choisissez un collègue."), "invalid": _("Choisissez un collègue.")},
    )
    words = forms.CharField(
        label=_("Ce que votre collègue doit savoir"),
        help_text=_(
            "Cette note reste entre nous. Vous suivez la demande tant qu’il ou elle n’a pas accepté."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Écrivez ce que votre collègue doit savoir pour prendre la suite.")},
    )

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].widget.choices = [("", _("Choisissez")), *people]


class OfferForm(ActForm):
    """An answer to an offer, or its return."""

    act = "offer"
    offer = forms.UUIDField(widget=forms.HiddenInput)


class DeclineForm(OfferForm):
    """Why not."""

    act = "decline"
    why = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi : votre collègue le lira.")},
    )


class MergeForm(WhyForm):
    """Another one of the same person, and which of the two is kept."""

    act = "merge"
    other = forms.ChoiceField(
        label=_("L’autre demande de la même personne"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’autre demande.")},
    )
    kept = forms.ChoiceField(
        label=_("Laquelle garder ?"),
        choices=(("this", _("celle-ci")), ("other", _("l’autre"))),
        initial="this",
        widget=forms.RadioSelect,
    )
    field_order = ("other", "kept", "why")

    def __init__(self, *args: Any, others: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = list(others)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["why"].label = _("Pourquoi est-ce la même demande ?")


class UnmergeForm(WhyForm):
    """Two after all."""

    act = "unmerge"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("Pourquoi sont-ce bien deux demandes ?")


class SplitForm(ActForm):
    """What the second one is about, and what goes to it."""

    act = "split"
    title = forms.CharField(
        label=_("Ce qui est demandé dans la deuxième"),
        max_length=160,
        error_messages={"required": _("Dites ce qui est demandé dans la deuxième.")},
    )
    kind = forms.ChoiceField(label=_("Sa démarche"), required=False)
    papers = forms.MultipleChoiceField(
        label=_("Les papiers qui la concernent"), required=False, widget=forms.CheckboxSelectMultiple
    )
    documents = forms.MultipleChoiceField(
        label=_("Les documents qui la concernent"), required=False, widget=forms.CheckboxSelectMultiple
    )
    notes = forms.MultipleChoiceField(
        label=_("Les notes à y recopier"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, choices: dict[str, list[tuple[str, str]]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (choices or {}).items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # a ChoiceField
            if not found:
                del self.fields[name]


class LinkForm(ActForm):
    """Another one, by its reference, and what they have to do with each other."""

    act = "link"
    reference = forms.CharField(
        label=_("Référence de l’autre demande"),
        help_text=_("Elle s’écrit comme I-7K3F-92QX."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Donnez la référence de l’autre demande.")},
    )
    kind = forms.ChoiceField(
        label=_("Cette demande…"),
        choices=[(one.value, one.label) for one in Link.Kind if one != Link.Kind.SPLIT],
        initial=Link.Kind.RELATED,
        widget=forms.RadioSelect,
    )


class UnlinkForm(ActForm):
    """A link to undo."""

    act = "unlink"
    link = forms.UUIDField(widget=forms.HiddenInput)
