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
    RelativeForm,
    ReviewForm,
    RightsForm,
    SureForm,
    VerifyForm,
    VisitForm,
    WithdrawForm,
    WordForm,
)
from gruppetto.desks.shared.details import NumberForm, change_home
from gruppetto.registry.people import verbs
from gruppetto.registry.people.identity import Order
from gruppetto.registry.people.reads import PersonCard

Cleaned = Mapping[str, Any]
Row = Any


@dataclass(frozen=True)
class Edit:
    """One way to change a record: its page's title, its form, its verb and the words of its button.

    ``row``: finds, on the card, the row it is about (None: about the person). ``initial``: what the form shows first.
    ``warning``: what will happen, for what cannot be undone. ``order``: what the person orders by it (the level of the
    contact in hand decides; outside a contact the form asks how we know), None for what is ours to note.
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
    order: Order | None = None


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


EDITS: dict[str, Edit] = {
    "identite": Edit(
        _("Corriger la fiche"),
        _("Enregistrer"),
        IdentityForm,
        lambda person_id, _row, typed: verbs.correct_person(person_id, **typed),
        _("La fiche est corrigée."),
        initial=_identity,
        order=Order.CHANGE_DETAILS,
    ),
    "telephone": Edit(
        _("Ajouter un numéro"),
        _("Ajouter le numéro"),
        NumberForm,
        lambda person_id, _row, typed: verbs.add_phone(
            person_id, typed["number"], label=typed["label"], main=typed["main"], asked=typed.get("asked", "")
        ),
        _("Le numéro est ajouté."),
        order=Order.CHANGE_DETAILS,
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
        lambda _person, row, typed: verbs.choose_main_phone(row, **typed),
        _("Ce numéro sera appelé d’abord."),
        row=_phone,
        named=lambda line: line.shown,
        order=Order.CHANGE_DETAILS,
    ),
    "retirer-telephone": Edit(
        _("Retirer un numéro"),
        _("Retirer ce numéro"),
        SureForm,
        lambda _person, row, typed: verbs.end_phone(row, **typed),
        _("Le numéro est retiré."),
        row=_phone,
        named=lambda line: line.shown,
        warning=_("Un appel de ce numéro ne sera plus reconnu comme venant de cette personne."),
        order=Order.CHANGE_DETAILS,
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
        order=Order.RELATIVE_RIGHTS,
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
        order=Order.RELATIVE_RIGHTS,
    ),
    "retirer-proche": Edit(
        _("Retirer un proche"),
        _("Retirer ce proche"),
        SureForm,
        lambda _person, row, typed: verbs.end_relative(row, **typed),
        _("Le proche est retiré."),
        row=_relative,
        named=lambda line: line.name,
        warning=_("Il ne pourra plus rien voir ni demander pour cette personne."),
        order=Order.RELATIVE_RIGHTS,
    ),
    "adresse": Edit(
        _("Changer l’adresse"),
        _("Enregistrer l’adresse"),
        HomeForm,
        lambda person_id, _row, typed: change_home(person_id, typed),
        _("L’adresse est enregistrée."),
        initial=_home,
        order=Order.CHANGE_DETAILS,
    ),
    "mot": Edit(
        _("Noter le mot choisi"),
        _("Garder ce mot"),
        WordForm,
        lambda person_id, _row, typed: verbs.choose_word(person_id, **typed),
        _("Le mot est gardé, chiffré."),
        order=Order.CHANGE_DETAILS,
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
