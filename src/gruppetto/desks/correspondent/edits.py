"""The ways to change a person's record: each a form, one verb of the people room, and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gruppetto.desks.correspondent.person_forms import (
    ConsentForm,
    HomeForm,
    IdentityForm,
    NeedForm,
    NumberForm,
    RelativeForm,
    ReviewForm,
    RightsForm,
    SureForm,
    VerifyForm,
    VisitForm,
    WithdrawForm,
    WordForm,
)
from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.geography.reads import communes_of
from gruppetto.registry.people import verbs
from gruppetto.registry.people.reads import PersonCard

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
