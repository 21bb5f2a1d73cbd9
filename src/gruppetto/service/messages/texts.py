"""The words of what we prepare to send: one title and one text per kind, in plain French, with their variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Text:
    """A title and a body with ``{variables}``."""

    title: str
    body: str


TEXTS: dict[str, Text] = {
    "acknowledgement": Text(
        gettext_noop("Votre demande {reference} est bien notée"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous avez demandé : {title}.\n\n"
            "{worker} s’en occupe.\n\n"
            "Vous aurez de nos nouvelles {delay}.\n\n"
            "Numéro de votre demande : {reference}."
        ),
    ),
    "answer-to-confirm": Text(
        gettext_noop("Notre réponse à votre demande {reference}"),
        gettext_noop(
            "{person},\n\n"
            "Vous nous aviez demandé : {title}.\n\n"
            "Voici notre réponse : {answer}\n\n"
            "Nous vous avons appelé deux fois sans vous trouver.\n\n"
            "Est-ce que cela vous convient ? Appelez-nous pour nous le dire. "
            "Si cela ne va pas, nous reprenons votre demande, sans rien vous faire payer de plus."
        ),
    ),
    "new-correspondent": Text(
        gettext_noop("Votre correspondant change"),
        gettext_noop(
            "{person},\n\n"
            "À partir du {day}, votre correspondant est {worker}.\n\n"
            "La raison : {reason}.\n\n"
            "Rien d’autre ne change : le numéro de téléphone reste le même, et vos demandes en cours continuent."
        ),
    ),
}


def compose(kind: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """The title and the text of ``kind`` with its variables. Raises ``KeyError`` for a missing one: a fault of ours."""
    text = TEXTS[kind]
    return _(text.title).format_map(facts), _(text.body).format_map(facts)
