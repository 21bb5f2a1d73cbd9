"""Forms of a person's record; what each one does is in ``edits.py``."""

from __future__ import annotations

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared import details
from gruppetto.desks.shared.details import DAY
from gruppetto.registry.people.models import Channel, Consent, Need, Person, Phone, Relative

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


class VerifyForm(forms.Form):
    """How a number was checked."""

    how = forms.ChoiceField(
        label=_("Comment l’avez-vous vérifié ?"), choices=Phone.Verified.choices, widget=forms.RadioSelect
    )


class NeedForm(forms.Form):
    """A special need, in words the person may read."""

    kind = forms.ChoiceField(label=_("De quoi s’agit-il ?"), choices=Need.Kind.choices)
    words = forms.CharField(label=_("En quelques mots"), max_length=300)
    helps = forms.CharField(label=_("Ce qui aide"), required=False, max_length=300)
    frightens = forms.CharField(label=_("Ce qui inquiète"), required=False, max_length=300)
    source = forms.CharField(label=_("Qui l’a dit ?"), max_length=120)
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
        label=_("Lien"), max_length=60, help_text=_("Par exemple « fille » ou « voisin ».")
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
    source = forms.CharField(label=_("Qui l’a choisi ?"), max_length=120, initial=_("la personne elle-même"))
    field_order = ("name", "number", "link", "rights", "trusted", "source")


class HomeForm(details.HomeForm):
    """Where the person lives; the communes of the postcode are proposed."""

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
    source = forms.CharField(label=_("Comment l’a-t-elle dit ?"), max_length=200)
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
