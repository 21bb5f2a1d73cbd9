"""Forms of a person's record: what is typed, then one verb of the people room. ``EDITS`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.geography.reads import communes_of
from gruppetto.registry.people import verbs
from gruppetto.registry.people.models import Channel, Consent, Need, Person, Phone, Relative
from gruppetto.registry.people.reads import PersonCard

DAY = _("Par exemple 3/5/2026. Laissez vide pour aujourd’hui.")
LANGUAGES = (
    ("fr", _("français")),
    ("ar", _("arabe")),
    ("ber", _("berbère")),
    ("de", _("allemand")),
    ("en", _("anglais")),
    ("es", _("espagnol")),
    ("it", _("italien")),
    ("oc", _("occitan")),
    ("pl", _("polonais")),
    ("pt", _("portugais")),
    ("tr", _("turc")),
    ("vi", _("vietnamien")),
)


class IdentityForm(forms.Form):
    """Names, birth date, ways to write."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.ChoiceField(label=_("Civilité"), choices=Person.Title.choices)
    given_names = forms.CharField(label=_("Prénoms"), required=False, max_length=120)
    family_name = forms.CharField(label=_("Nom de naissance"), max_length=120)
    usage_name = forms.CharField(label=_("Nom d’usage"), required=False, max_length=120)
    birth_date = forms.CharField(
        label=_("Date de naissance"), required=False, help_text=_("Par exemple 3/5/48 ou 03 05 1948.")
    )
    language = forms.ChoiceField(label=_("Langue parlée"), choices=LANGUAGES)
    preferred_channel = forms.ChoiceField(label=_("Moyen préféré"), choices=Channel.choices)
    email = forms.CharField(label=_("Courriel"), required=False, max_length=254)
    energy_provider = forms.CharField(label=_("Fournisseur d’énergie"), required=False, max_length=120)
    phone_provider = forms.CharField(label=_("Opérateur de téléphone"), required=False, max_length=120)


class NumberForm(forms.Form):
    """A number to add."""

    number = forms.CharField(
        label=_("Numéro"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    label = forms.CharField(
        label=_("Précision"), required=False, max_length=60, help_text=_("Par exemple « chez sa fille ».")
    )
    main = forms.BooleanField(label=_("C’est le numéro à appeler d’abord"), required=False)


class VerifyForm(forms.Form):
    """How a number was checked."""

    how = forms.ChoiceField(
        label=_("Comment l’avez-vous vérifié ?"), choices=Phone.Verified.choices, widget=forms.RadioSelect
    )


class NeedForm(forms.Form):
    """A special need, in words the person may read."""

    kind = forms.ChoiceField(label=_("De quoi s’agit-il ?"), choices=Need.Kind.choices)
    words = forms.CharField(label=_("En quelques mots"), max_length=300)
    helps = forms.CharField(label=_("Ce qui aide"), required=False, max_length=300)
    frightens = forms.CharField(label=_("Ce qui inquiète"), required=False, max_length=300)
    source = forms.CharField(label=_("Qui l’a dit ?"), max_length=120)
    review_on = forms.CharField(
        label=_("À revoir le"), required=False, help_text=_("Laissez vide pour revoir dans un an.")
    )


class ReviewForm(forms.Form):
    """A need seen again: still true, maybe said otherwise."""

    words = forms.CharField(label=_("En quelques mots"), max_length=300)
    helps = forms.CharField(label=_("Ce qui aide"), required=False, max_length=300)
    frightens = forms.CharField(label=_("Ce qui inquiète"), required=False, max_length=300)
    review_on = forms.CharField(
        label=_("À revoir le"), required=False, help_text=_("Laissez vide pour revoir dans un an.")
    )


class RightsForm(forms.Form):
    """What a relative may do, chosen right by right."""

    rights = forms.MultipleChoiceField(
        label=_("Ce que la personne lui permet"),
        choices=Relative.Right.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    trusted = forms.BooleanField(label=_("C’est un proche de confiance"), required=False)
    link = forms.CharField(
        label=_("Lien"), max_length=60, help_text=_("Par exemple « fille » ou « voisin ».")
    )


class RelativeForm(RightsForm):
    """A relative to add."""

    name = forms.CharField(label=_("Nom et prénom"), max_length=120)
    number = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    source = forms.CharField(label=_("Qui l’a choisi ?"), max_length=120, initial=_("la personne elle-même"))
    field_order = ("name", "number", "link", "rights", "trusted", "source")


class HomeForm(forms.Form):
    """Where the person lives."""

    lines = forms.CharField(
        label=_("Numéro et rue"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(
        label=_("Code postal"),
        max_length=10,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "data-communes-url": reverse_lazy("correspondent:communes"),
                "data-communes-for": "id_commune",
                "data-communes-code": "id_commune_code",
            }
        ),
    )
    commune = forms.CharField(
        label=_("Commune"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    commune_code = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)
    moved = forms.ChoiceField(
        label=_("Que s’est-il passé ?"),
        choices=[("yes", _("La personne a déménagé")), ("no", _("L’adresse était mal écrite"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    since = forms.CharField(label=_("Depuis le"), required=False, help_text=DAY)


class WordForm(forms.Form):
    """The word the person chose."""

    word = forms.CharField(
        label=_("Le mot choisi par la personne"),
        help_text=_("Au moins quatre lettres, facile à dire. Il ne sera pas montré sur cette page."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConsentForm(forms.Form):
    """What the person agrees to."""

    purpose = forms.ChoiceField(label=_("La personne accepte de"), choices=Consent.Purpose.choices)
    source = forms.CharField(label=_("Comment l’a-t-elle dit ?"), max_length=200)
    given_on = forms.CharField(label=_("Le"), required=False, help_text=DAY)


class WithdrawForm(forms.Form):
    """What the person no longer agrees to."""

    purpose = forms.ChoiceField(label=_("La personne n’accepte plus de"), choices=Consent.Purpose.choices)
    withdrawn_on = forms.CharField(label=_("Le"), required=False, help_text=DAY)


class VisitForm(forms.Form):
    """A visit at home."""

    on = forms.CharField(label=_("Le"), required=False, help_text=DAY)


class SureForm(forms.Form):
    """Nothing to type: the button says what will happen."""


Cleaned = Mapping[str, Any]
Row = Any


@dataclass(frozen=True)
class Edit:
    """One way to change a record: its page's title, its form, its verb and the words of its button.

    ``row``: finds, on the card, the row it is about (None: about the person). ``initial``: what the form shows first.
    ``warning``: what will happen, for what cannot be undone.
    """

    title: Promise
    button: Promise
    form: type[forms.Form]
    run: Callable[[UUID, Any, Cleaned], object]
    said: Promise
    row: Callable[[PersonCard, UUID], Row | None] | None = None
    initial: Callable[[PersonCard, Row], dict[str, Any]] = lambda card, row: {}
    named: Callable[[Row], str] = str
    warning: Promise | str = ""


def _phone(card: PersonCard, row_id: UUID) -> Row | None:
    return next((line for line in card.phones if line.id == row_id), None)


def _need(card: PersonCard, row_id: UUID) -> Row | None:
    return next((need for need in card.needs if need.pk == row_id), None)


def _relative(card: PersonCard, row_id: UUID) -> Row | None:
    return next((line for line in card.relatives if line.id == row_id), None)


def _identity(card: PersonCard, _row: Row) -> dict[str, Any]:
    shown = {name: getattr(card.person, name) for name in IdentityForm.base_fields}
    if card.person.birth_date:
        shown["birth_date"] = card.person.birth_date.strftime("%d/%m/%Y")
    return shown


def _home(card: PersonCard, _row: Row) -> dict[str, Any]:
    if card.home is None:
        return {}
    home = card.home
    return {
        "lines": home.lines,
        "postcode": home.postcode,
        "commune": home.commune,
        "commune_code": home.commune_code,
    }


def _move(person_id: UUID, _row: UUID | None, typed: Cleaned) -> object:
    code = commune_code(typed["postcode"], typed["commune"], typed["commune_code"])
    if typed["moved"] == "no":
        return verbs.correct_home(person_id, typed["lines"], typed["postcode"], code)
    return verbs.move_home(person_id, typed["lines"], typed["postcode"], code, since=typed["since"])


def commune_code(postcode: str, name: str, chosen: str) -> str:
    """The commune meant by a postcode and a name as typed. Raises ``Refused`` (commune-unclear)."""
    proposed = communes_of(postcode)
    alike = [one for one in proposed if one.code == chosen] or [
        one for one in proposed if one.name_key == name_key(name)
    ]
    if alike:
        return str(alike[0].code)
    names = ", ".join(one.name for one in proposed[:6])
    raise Refused(
        _("Ce code postal sert : %(names)s. Choisissez la commune.") % {"names": names}
        if names
        else _("Ce code postal n’existe pas."),
        code="commune-unclear",
        field="commune" if names else "postcode",
    )


EDITS: dict[str, Edit] = {
    "identite": Edit(
        _("Corriger la fiche"),
        _("Enregistrer"),
        IdentityForm,
        lambda person_id, _row, typed: verbs.correct_person(person_id, **typed),
        _("La fiche est corrigée."),
        initial=_identity,
    ),
    "telephone": Edit(
        _("Ajouter un numéro"),
        _("Ajouter le numéro"),
        NumberForm,
        lambda person_id, _row, typed: verbs.add_phone(
            person_id, typed["number"], label=typed["label"], main=typed["main"]
        ),
        _("Le numéro est ajouté."),
    ),
    "verifier-telephone": Edit(
        _("Vérifier un numéro"),
        _("Noter la vérification"),
        VerifyForm,
        lambda _person, row, typed: verbs.verify_phone(row, typed["how"]),
        _("La vérification est notée."),
        row=_phone,
        named=lambda line: line.shown,
    ),
    "telephone-principal": Edit(
        _("Appeler d’abord ce numéro"),
        _("Appeler d’abord ce numéro"),
        SureForm,
        lambda _person, row, _typed: verbs.choose_main_phone(row),
        _("Ce numéro sera appelé d’abord."),
        row=_phone,
        named=lambda line: line.shown,
    ),
    "retirer-telephone": Edit(
        _("Retirer un numéro"),
        _("Retirer ce numéro"),
        SureForm,
        lambda _person, row, _typed: verbs.end_phone(row),
        _("Le numéro est retiré."),
        row=_phone,
        named=lambda line: line.shown,
        warning=_("Un appel de ce numéro ne sera plus reconnu comme venant de cette personne."),
    ),
    "besoin": Edit(
        _("Noter un besoin particulier"),
        _("Noter ce besoin"),
        NeedForm,
        lambda person_id, _row, typed: verbs.note_need(person_id, **typed),
        _("Le besoin est noté."),
    ),
    "revoir-besoin": Edit(
        _("Revoir un besoin"),
        _("C’est toujours vrai"),
        ReviewForm,
        lambda _person, row, typed: verbs.review_need(row, **typed),
        _("Le besoin est revu."),
        row=_need,
        initial=lambda _card, need: {
            "words": need.words,
            "helps": need.helps,
            "frightens": need.frightens,
        },
        named=lambda need: need.words,
    ),
    "retirer-besoin": Edit(
        _("Retirer un besoin"),
        _("Retirer ce besoin"),
        SureForm,
        lambda _person, row, _typed: verbs.end_need(row),
        _("Le besoin est retiré."),
        row=_need,
        named=lambda need: need.words,
        warning=_(
            "Il ne sera plus montré à personne. Ce n’est plus vrai, ou la personne ne veut pas qu’on le garde."
        ),
    ),
    "proche": Edit(
        _("Ajouter un proche"),
        _("Ajouter ce proche"),
        RelativeForm,
        lambda person_id, _row, typed: verbs.add_relative(person_id, **typed),
        _("Le proche est ajouté."),
    ),
    "droits-proche": Edit(
        _("Changer les droits d’un proche"),
        _("Enregistrer ses droits"),
        RightsForm,
        lambda _person, row, typed: verbs.change_relative(row, **typed),
        _("Ses droits sont changés."),
        row=_relative,
        initial=lambda _card, line: {"rights": line.rights, "trusted": line.trusted, "link": line.link},
        named=lambda line: line.name,
    ),
    "retirer-proche": Edit(
        _("Retirer un proche"),
        _("Retirer ce proche"),
        SureForm,
        lambda _person, row, _typed: verbs.end_relative(row),
        _("Le proche est retiré."),
        row=_relative,
        named=lambda line: line.name,
        warning=_("Il ne pourra plus rien voir ni demander pour cette personne."),
    ),
    "adresse": Edit(
        _("Changer l’adresse"),
        _("Enregistrer l’adresse"),
        HomeForm,
        _move,
        _("L’adresse est enregistrée."),
        initial=_home,
    ),
    "mot": Edit(
        _("Noter le mot choisi"),
        _("Garder ce mot"),
        WordForm,
        lambda person_id, _row, typed: verbs.choose_word(person_id, typed["word"]),
        _("Le mot est gardé, chiffré."),
    ),
    "accord": Edit(
        _("Noter un accord"),
        _("Noter cet accord"),
        ConsentForm,
        lambda person_id, _row, typed: verbs.give_consent(person_id, **typed),
        _("L’accord est noté."),
    ),
    "retirer-accord": Edit(
        _("Retirer un accord"),
        _("Retirer cet accord"),
        WithdrawForm,
        lambda person_id, _row, typed: verbs.withdraw_consent(
            person_id, typed["purpose"], typed["withdrawn_on"]
        ),
        _("L’accord est retiré."),
        warning=_("Nous n’emploierons plus ce moyen pour cette personne."),
    ),
    "visite": Edit(
        _("Noter une visite"),
        _("Noter la visite"),
        VisitForm,
        lambda person_id, _row, typed: verbs.note_visit(person_id, typed["on"]),
        _("La visite est notée."),
    ),
}
