"""The words shipped for each kind of message, in plain French, with their variables. Versions are in the database."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from gruppetto.kernel.errors import Refused

# Variable → what it holds, and an example for the preview.
VARIABLES: dict[str, tuple[object, str]] = {
    "person": (gettext_lazy("la personne, comme on l’appelle"), gettext_noop("Mme Jeanne Roux")),
    "reference": (gettext_lazy("le numéro de la demande"), "I-4K7Q-M2X9"),
    "title": (gettext_lazy("ce qui est demandé"), gettext_noop("renouveler la carte Vitale")),
    "worker": (gettext_lazy("qui s’en occupe"), gettext_noop("Claire Martin")),
    "delay": (gettext_lazy("la date promise"), gettext_noop("au plus tard le jeudi 7 mai à 18 h")),
    "papers": (gettext_lazy("les papiers à préparer, un par ligne"), gettext_noop("- une photo d’identité")),
    "why": (gettext_lazy("ce qui retarde"), gettext_noop("Nous attendons la réponse de l’organisme.")),
    "answer": (gettext_lazy("la réponse donnée"), gettext_noop("Votre carte arrive avant la fin du mois.")),
    "day": (gettext_lazy("le jour du changement"), gettext_noop("lundi 4 mai 2026")),
    "reason": (gettext_lazy("la raison"), gettext_noop("une nouvelle organisation")),
}


@dataclass(frozen=True)
class Text:
    """A title, a body and a short form for SMS, with ``{variables}``.

    ``needed``: variables that every version keeps. ``urgent``: leaves even when the budget is spent. ``short``: says
    nothing private, since a screen is read over a shoulder; empty: never by SMS. ``title`` names nobody.
    """

    name: object
    title: str
    body: str
    short: str = ""
    variables: tuple[str, ...] = ("person",)
    needed: tuple[str, ...] = ()
    urgent: bool = False


TEXTS: dict[str, Text] = {
    "acknowledgement": Text(
        gettext_lazy("Accusé de réception d’une demande"),
        gettext_noop("Votre demande {reference} est bien notée"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous avez demandé : {title}.\n\n"
            "{worker} s’en occupe.\n\n"
            "Vous aurez de nos nouvelles {delay}.\n\n"
            "Numéro de votre demande : {reference}."
        ),
        gettext_noop(
            "Votre demande {reference} est notée. {worker} s’en occupe. Vous aurez de nos nouvelles {delay}."
        ),
        ("person", "reference", "title", "worker", "delay"),
        ("reference", "delay"),
    ),
    "acknowledgement-papers": Text(
        gettext_lazy("Accusé de réception, avec des papiers à préparer"),
        gettext_noop("Votre demande {reference} est bien notée : papiers à préparer"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous avez demandé : {title}.\n\n"
            "{worker} s’en occupe.\n\n"
            "Pour commencer, il nous faut :\n{papers}\n\n"
            "Vous aurez de nos nouvelles {delay}.\n\n"
            "Numéro de votre demande : {reference}."
        ),
        gettext_noop(
            "Votre demande {reference} est notée. {worker} s’en occupe et vous dira quels papiers préparer."
            " Vous aurez de nos nouvelles {delay}."
        ),
        ("person", "reference", "title", "worker", "delay", "papers"),
        ("reference", "delay"),
    ),
    "delay": Text(
        gettext_lazy("Nouveau délai, dit avant la date promise"),
        gettext_noop("Votre demande {reference} : une nouvelle date"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous avez demandé : {title}.\n\n"
            "Il nous faut plus de temps que prévu. {why}\n\n"
            "Vous aurez de nos nouvelles {delay}.\n\n"
            "{worker} s’en occupe toujours. Vous n’avez rien à faire."
        ),
        gettext_noop(
            "Votre demande {reference} prend plus de temps que prévu. Vous aurez de nos nouvelles {delay}."
            " Vous n’avez rien à faire."
        ),
        ("person", "reference", "title", "worker", "delay", "why"),
        ("reference", "delay"),
        urgent=True,
    ),
    "answered": Text(
        gettext_lazy("Votre réponse est prête"),
        gettext_noop("Votre demande {reference} : nous avons une réponse"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous aviez demandé : {title}.\n\n"
            "Nous avons une réponse. Nous vous appelons pour vous la lire et savoir si elle vous convient.\n\n"
            "Vous pouvez aussi nous appeler quand vous voulez. Votre numéro de demande est {reference}."
        ),
        gettext_noop(
            "Nous avons une réponse à votre demande {reference}. Nous vous appelons pour vous la lire."
        ),
        ("person", "reference", "title", "worker"),
        ("reference",),
    ),
    "papers-wanted": Text(
        gettext_lazy("Rappel de papiers qui manquent"),
        gettext_noop("Votre demande {reference} : il nous manque un papier"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous avez demandé : {title}.\n\n"
            "Pour avancer, il nous manque :\n{papers}\n\n"
            "Vous ne les trouvez pas ? Appelez-nous : nous cherchons avec vous.\n\n"
            "Numéro de votre demande : {reference}."
        ),
        gettext_noop(
            "Votre demande {reference} attend un papier de votre part. Vous ne le trouvez pas ?"
            " Appelez-nous : nous cherchons avec vous."
        ),
        ("person", "reference", "title", "papers"),
        ("reference",),
    ),
    "answer-to-confirm": Text(
        gettext_lazy("Réponse envoyée après deux appels sans vous trouver"),
        gettext_noop("Notre réponse à votre demande {reference}"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous aviez demandé : {title}.\n\n"
            "Voici notre réponse : {answer}\n\n"
            "Nous vous avons appelé deux fois sans vous trouver.\n\n"
            "Est-ce que cela vous convient ? Appelez-nous pour nous le dire. "
            "Si cela ne va pas, nous reprenons votre demande, sans rien vous faire payer de plus."
        ),
        variables=("person", "reference", "title", "answer"),
        needed=("answer",),
    ),
    "call-back-in-vain": Text(
        gettext_lazy("Deux appels de notre part sans vous trouver"),
        gettext_noop("Nous avons essayé de vous appeler"),
        gettext_noop(
            "{person},\n\n"
            "Nous devions vous appeler. Nous avons essayé deux fois, sans vous trouver.\n\n"
            "Appelez-nous quand vous voulez. Dites-nous aussi à quelle heure vous préférez être appelé : "
            "nous vous appellerons à cette heure-là."
        ),
        gettext_noop(
            "Nous vous avons appelé deux fois sans vous trouver. Appelez-nous quand vous voulez, "
            "ou dites-nous à quelle heure vous appeler."
        ),
    ),
    "new-correspondent": Text(
        gettext_lazy("Changement de correspondant"),
        gettext_noop("Votre correspondant change"),
        gettext_noop(
            "{person},\n\n"
            "À partir du {day}, votre correspondant est {worker}.\n\n"
            "La raison : {reason}.\n\n"
            "Rien d’autre ne change : le numéro de téléphone reste le même, et vos demandes en cours continuent."
        ),
        gettext_noop("À partir du {day}, votre correspondant est {worker}. Le numéro reste le même."),
        ("person", "day", "worker", "reason"),
        ("day", "worker"),
    ),
}


@dataclass(frozen=True)
class Worded:
    """What is said to one person. ``version``: of the standard text, 0 as shipped."""

    title: str
    text: str
    short: str
    version: int = 0


def shipped(kind: str, facts: Mapping[str, str]) -> Worded:
    """The words of ``kind`` as shipped. Raises ``KeyError`` for a missing fact: a fault of ours."""
    text = TEXTS[kind]
    return fill(_(text.title), _(text.body), _(text.short) if text.short else "", facts)


def fill(title: str, body: str, short: str, facts: Mapping[str, str], version: int = 0) -> Worded:
    """The words of a version with their ``facts``. Raises ``KeyError`` for a missing fact."""
    return Worded(title.format_map(facts)[:160], body.format_map(facts), short.format_map(facts), version)


def example(kind: str) -> dict[str, str]:
    """Invented facts for the preview of ``kind``."""
    return {name: _(VARIABLES[name][1]) for name in TEXTS[kind].variables}


def check_variables(kind: str, field: str, text: str, needed: tuple[str, ...] = ()) -> None:
    """Refuse a text that calls a variable its kind does not have, or forgets one that it needs.

    Raises ``Refused``: text-braces, text-variable-unknown, text-variable-missing.
    """
    try:
        parsed = [
            (name, spec, how) for _text, name, spec, how in string.Formatter().parse(text) if name is not None
        ]
    except ValueError:
        parsed = [("", "", None)]
    if any(spec or how or not name.isidentifier() for name, spec, how in parsed):
        raise Refused(
            _("Une accolade est mal placée : une variable s’écrit comme %(example)s.")
            % {"example": "{reference}"},
            code="text-braces",
            field=field,
        )
    names = {name for name, _spec, _how in parsed}
    known = set(TEXTS[kind].variables)
    if stray := sorted(names - known):
        raise Refused(
            _("Cette variable n’existe pas pour ce texte : %(names)s.") % {"names": ", ".join(stray)},
            code="text-variable-unknown",
            field=field,
        )
    if missing := [name for name in needed if name not in names]:
        raise Refused(
            _("Gardez cette variable dans le texte : %(names)s.")
            % {"names": ", ".join(f"{{{name}}}" for name in missing)},
            code="text-variable-missing",
            field=field,
        )
