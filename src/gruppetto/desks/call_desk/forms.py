"""What an agent types during a call; the rules themselves stay in the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import clock
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import dates, phones
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue.guides import Guide
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.contacts.models import Contact

# A contact that no gateway brings; telephony brings the calls, unless it is down.
HAND_TYPED = (
    Contact.Channel.PHONE,
    Contact.Channel.LETTER,
    Contact.Channel.EMAIL,
    Contact.Channel.SMS,
    Contact.Channel.HOME_VISIT,
)
# A call is promised within a week.
DAYS_AHEAD = 7
QUIET = {"autocomplete": "off", "spellcheck": "false"}


def text(label: Any, *, rows: int = 0, **more: Any) -> forms.CharField:
    """A field of one line, or of ``rows`` lines; the browser remembers nothing of it."""
    attrs = {**QUIET, **more.pop("attrs", {})}
    widget = forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs)
    return forms.CharField(label=label, widget=widget, **more)


class BirthDate(forms.CharField):
    """A date of birth as people say it: « 3/5/48 », « 03 05 1948 »."""

    widget = forms.TextInput(QUIET)

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        try:
            return dates.parse_birth_date(typed, clock.today()) if typed else None
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None


class PhoneNumber(forms.CharField):
    """A number as typed, kept as E.164."""

    widget = forms.TextInput({**QUIET, "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        try:
            return phones.parse(typed) if typed else ""
        except Refused as refused:
            raise forms.ValidationError(str(refused.message), code=refused.code) from None


CHOOSE = {"required": _("Choisissez une réponse."), "invalid_choice": _("Choisissez dans la liste.")}


class DeskForm(forms.Form):
    """A form whose refusals come from the domain: said next to their field, else above all of them.

    ``slug`` tells apart the controls of several forms on one screen.
    """

    slug = "id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.slug}-%s")
        super().__init__(*args, **kwargs)

    def offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Give a field its choices, known only now."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def refuse(self, refused: Refused) -> None:
        """Show what the domain said; what was typed stays."""
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, forms.ValidationError(str(refused.message), code=refused.code))


class HandTypedForm(DeskForm):
    """A contact that came by another way than the line."""

    slug = "main"
    channel = forms.ChoiceField(
        label=_("Comment la personne nous a-t-elle contactés ?"),
        choices=[(channel.value, channel.label.capitalize()) for channel in HAND_TYPED],
    )


class FindForm(DeskForm):
    """Name as heard; birth date and postcode narrow."""

    slug = "trouver"
    name = text(
        _("Nom, comme vous l’entendez"),
        max_length=120,
        attrs={"data-shortcut": "f", "data-shortcut-label": _("Chercher une personne")},
    )
    birth_date = BirthDate(label=_("Date de naissance"), required=False, help_text=_("Exemple : 3/5/48"))
    postcode = text(_("Code postal"), required=False, max_length=5, attrs={"inputmode": "numeric"})


class NewPersonForm(DeskForm):
    """The least that makes a record; the rest comes with the first visit."""

    slug = "personne"
    title = forms.ChoiceField(
        label=_("Civilité"),
        choices=[
            (Person.Title.MRS, _("Mme")),
            (Person.Title.MR, _("M.")),
            (Person.Title.NONE, _("Non dite")),
        ],
    )
    given_names = text(_("Prénom"), required=False, max_length=120)
    family_name = text(_("Nom"), max_length=120)
    birth_date = BirthDate(label=_("Date de naissance"), required=False, help_text=_("Exemple : 3/5/48"))
    keep_number = forms.BooleanField(label=_("Le numéro de cet appel est le sien"), required=False)


class SpeakerForm(DeskForm):
    """Who speaks: the person themselves, somebody noted near them, or somebody else whose link is said."""

    slug = "parle"
    SELF, OTHER = "self", "other"
    who = forms.ChoiceField(label=_("Qui parle ?"), widget=forms.RadioSelect, error_messages=CHOOSE)
    name = text(_("Son nom, si c’est quelqu’un d’autre"), required=False, max_length=120)
    link = text(
        _("Qui est-ce pour la personne ?"),
        required=False,
        max_length=60,
        help_text=_("Exemples : voisine, aide à domicile."),
    )

    def __init__(self, *args: Any, near: Iterable[tuple[UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = {str(relative_id): label for relative_id, label in near}
        choices: list[tuple[str, Any]] = [(self.SELF, _("La personne elle-même"))]
        choices += self.near.items()
        choices.append((self.OTHER, _("Quelqu’un d’autre")))
        self.offer("who", choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == self.OTHER:
            for name in ("name", "link"):
                if not cleaned.get(name):
                    self.add_error(name, _("Remplissez ce champ : c’est quelqu’un d’autre qui parle."))
        return cleaned

    @property
    def other(self) -> bool:
        """Is it somebody we know nothing of yet?"""
        return self.cleaned_data["who"] == self.OTHER

    @property
    def caller_id(self) -> UUID | None:
        """The record of who speaks, when it is somebody noted near the person."""
        who = self.cleaned_data["who"]
        return UUID(who) if who in self.near else None


class AnswerForm(DeskForm):
    """What the caller answered to one control question; compared, never kept."""

    slug = "reponse"
    check = forms.UUIDField(widget=forms.HiddenInput)
    typed = text(_("Réponse entendue"), required=False, max_length=120, attrs={"data-draft-never": ""})


@dataclass(frozen=True)
class ReasonLine:
    """One reason on the screen. ``repeat``: « 3ᵉ contact en 9 jours », empty when it would be the first."""

    reason: Reason
    subs: list[tuple[str, str, bool]]
    noted: bool
    repeat: str


class ReasonsForm(DeskForm):
    """All the reasons on one screen, several at once: ``reason`` and ``reason:sub`` are ticked codes."""

    slug = "motifs"
    reasons = forms.MultipleChoiceField(
        label=_("Pourquoi la personne nous contacte"),
        error_messages={"required": _("Choisissez au moins un motif.")},
    )
    other = text(
        _("Autre chose, en quelques mots"),
        required=False,
        max_length=200,
        help_text=_("Seulement si rien ne convient. Ces mots sont relus chaque mois."),
    )

    def __init__(
        self,
        *args: Any,
        known: Iterable[Reason],
        noted: Iterable[tuple[str, str]] = (),
        repeats: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.repeats = list(known), repeats or {}
        self.offer(
            "reasons",
            [
                (code, code)
                for reason in self.known
                for code in (reason.code, *(f"{reason.code}:{sub.code}" for sub in reason.sub_reasons.all()))
            ],
        )
        if self.is_bound:
            self.ticked = set(cast(QueryDict, self.data).getlist("reasons"))
        else:
            self.ticked = set(self.initial.get("reasons", _codes(noted)))

    def lines(self) -> list[ReasonLine]:
        """The reasons as shown, ticked as they are."""
        return [
            ReasonLine(
                reason,
                [
                    (f"{reason.code}:{sub.code}", sub.label, f"{reason.code}:{sub.code}" in self.ticked)
                    for sub in reason.sub_reasons.all()
                ],
                reason.code in self.ticked,
                self.repeats.get(reason.code, ""),
            )
            for reason in self.known
        ]

    def chosen(self) -> list[tuple[str, str, str]]:
        """(reason, sub-reason, other words): a sub-reason says its reason; the free words go with the last one."""
        codes = self.cleaned_data["reasons"]
        finer = {code.split(":")[0] for code in codes if ":" in code}
        kept = [code for code in codes if ":" in code or code not in finer]
        pairs = [(code.partition(":")[0], code.partition(":")[2]) for code in kept]
        return [
            (reason, sub, self.cleaned_data["other"] if at == len(pairs) - 1 else "")
            for at, (reason, sub) in enumerate(pairs)
        ]


def _codes(noted: Iterable[tuple[str, str]]) -> Iterable[str]:
    for reason, sub in noted:
        yield reason
        if sub:
            yield f"{reason}:{sub}"


class NoForm(DeskForm):
    """The person says that the answer does not suit them."""

    slug = "non"
    why = text(_("Ce qui ne va pas, avec ses mots"), max_length=300, rows=2)


class PassOnForm(DeskForm):
    """To a colleague, or to whoever is free."""

    slug = "transfert"
    account = forms.ChoiceField(label=_("Transférer à"), required=False)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(
            "account",
            [
                ("", _("Au premier collègue libre")),
                *((str(key), name) for key, name in colleagues),
            ],
        )

    def clean_account(self) -> UUID | None:
        typed = self.cleaned_data["account"]
        return UUID(typed) if typed else None


class ConcludeForm(DeskForm):
    """One sentence that the next colleague will be glad to read."""

    slug = "conclure"
    summary = text(
        _("Ce contact en une phrase"),
        required=False,
        max_length=300,
        rows=2,
        attrs={"data-shortcut": "c", "data-shortcut-label": _("Écrire la conclusion")},
    )


class CallBackForm(DeskForm):
    """A call that we promise, on an agreed time."""

    slug = "rappel"
    number = PhoneNumber(
        label=_("Numéro à rappeler"),
        required=False,
        help_text=_("Laissez vide pour le numéro de l’appel ou du dossier."),
    )
    day = forms.ChoiceField(label=_("Jour"))
    hour = forms.TimeField(
        label=_("Heure"),
        input_formats=["%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H h", "%H"],
        widget=forms.TextInput(QUIET),
        help_text=_("Exemple : 14 h 30"),
        error_messages={"invalid": _("Écrivez l’heure comme « 14 h 30 ».")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [clock.today() + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        self.offer("day", [(day.isoformat(), dates.day_text(day)) for day in days])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"day", "hour"} <= cleaned.keys() and self.due_at < clock.now():
            self.add_error("hour", _("Cette heure est déjà passée."))
        return cleaned

    @property
    def due_at(self) -> datetime:
        """When to call, aware."""
        hour: time = self.cleaned_data["hour"]
        return datetime.combine(date.fromisoformat(self.cleaned_data["day"]), hour, tzinfo=clock.PARIS)


class ProtectedForm(DeskForm):
    """What was heard, word for word, and what was done; read by supervisors only."""

    slug = "signaler"
    done = forms.MultipleChoiceField(
        label=_("À faire, dans l’ordre : cochez ce qui est fait"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = text(_("Ce que vous avez entendu, mot pour mot"), max_length=5000, rows=3)
    about_account = forms.ChoiceField(
        label=_("Membre de l’équipe concerné"),
        required=False,
        help_text=_("Cette personne ne verra jamais la fiche."),
    )

    def __init__(
        self, *args: Any, guide: Guide, colleagues: Iterable[tuple[UUID, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"{guide.code}-%s", **kwargs)
        self.offer("done", [(step, step) for step in guide.steps])
        if guide.hidden_from_staff_concerned:
            nobody = ("", _("On ne sait pas encore"))
            self.offer("about_account", [nobody, *((str(key), name) for key, name in colleagues)])
        else:
            del self.fields["about_account"]

    def clean_about_account(self) -> UUID | None:
        typed = self.cleaned_data["about_account"]
        return UUID(typed) if typed else None
