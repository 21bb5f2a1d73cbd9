"""Cleaning what people type about an organisation; each function gives the stored form or refuses."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from phonenumbers import is_valid_short_number_for_region, parse
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import phones

SHORT = re.compile("[1-9][0-9]{1,5}")


def clean_siren(typed: str) -> str:
    """Nine digits with a right check digit, or "" for nothing typed."""
    if not typed.strip():
        return ""
    try:
        return str(siren.validate(typed))
    except ValidationError as error:
        raise Refused(
            _("Ce numéro SIREN n’existe pas : vérifiez ses neuf chiffres."), code="wrong-siren", field="siren"
        ) from error


def clean_siret(typed: str) -> str:
    """Fourteen digits with right check digits (La Poste's own rule included), or "" for nothing typed."""
    if not typed.strip():
        return ""
    try:
        return str(siret.validate(typed))
    except ValidationError as error:
        raise Refused(
            _("Ce numéro SIRET n’existe pas : vérifiez ses quatorze chiffres."),
            code="wrong-siret",
            field="siret",
        ) from error


def clean_phone(typed: str) -> str:
    """E.164 (``+33561000000``), a French short number as dialled (``3230``), or "" for nothing typed.

    Unlike a person, an organisation may have a short number. Raises ``Refused`` as ``phones.parse`` does.
    """
    if not typed.strip():
        return ""
    short = "".join(typed.split())
    if not SHORT.fullmatch(short):
        return phones.parse(typed, field="phone")
    if not is_valid_short_number_for_region(parse(short, "FR"), "FR"):
        raise Refused(_("Ce numéro court n’existe pas en France."), code="phone-short-code", field="phone")
    return short
