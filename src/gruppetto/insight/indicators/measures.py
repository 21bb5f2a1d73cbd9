"""What is measured, in words: each figure has its definition on screen, and leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Below this many, a figure would speak of a few persons, and of chance: it is not shown.
FEWEST = 11
# Repeats wait for the longest period of a reason; then nothing changes any more but by correction.
WINDOW_DAYS = 45


class Group(models.TextChoices):
    """By what the same measure is cut."""

    ALL = "all", _("toute la plate-forme")
    TEAM = "team", _("équipe")
    ZONE = "zone", _("zone")
    COMMUNE = "commune", _("commune")
    AGE = "age", _("âge")
    NEED = "need", _("besoin")


AGES: dict[str, Promise] = {
    "0-59": _("moins de 60 ans"),
    "60-74": _("de 60 à 74 ans"),
    "75-84": _("de 75 à 84 ans"),
    "85+": _("85 ans et plus"),
    "unknown": _("âge non connu"),
}

Shape = Literal["share", "median", "ratio", "count"]


@dataclass(frozen=True)
class Measure:
    """``shape``: a share of ``counted``; a median of hours; ``counted`` for each hit; a plain count of hits.

    ``rows``: what its rows are ("contacts", "interventions", "call_backs", "persons", "calls").
    ``less_is_better``: how a difference is worded; None: neither.
    """

    code: str
    family: str
    label: Promise
    definition: Promise
    shape: Shape
    rows: str
    of: Promise
    less_is_better: bool | None = True
    # Cut by profile and place; calls before anyone is recognised cannot be.
    cut: bool = True


FAMILIES: dict[str, Promise] = {
    "delays": _("Délais"),
    "repeats": _("Contacts réitérés"),
    "needs": _("Besoins sans réponse"),
}

MEASURES: dict[str, Measure] = {
    one.code: one
    for one in (
        Measure(
            "delay",
            "delays",
            _("Délai de réponse"),
            _(
                "Temps du calendrier entre la demande et la première réponse : la moitié des demandes ont attendu "
                "moins. Demandes répondues pendant la période."
            ),
            "median",
            "interventions",
            _("demandes répondues"),
        ),
        Measure(
            "kept",
            "delays",
            _("Promesses tenues"),
            _(
                "Demandes répondues au plus tard à l’échéance promise. L’attente de la personne ou d’un papier "
                "recule l’échéance."
            ),
            "share",
            "interventions",
            _("demandes répondues"),
            False,
        ),
        Measure(
            "fcr",
            "repeats",
            _("Résolu au premier contact"),
            _(
                "Premiers contacts d’une affaire : ce qui a été demandé a reçu une réponse, sans demande rouverte. "
                "La personne n’est pas revenue pour le même motif, dans le délai de ce motif. Provisoire tant que ce "
                "délai court pour une partie des contacts."
            ),
            "share",
            "contacts",
            _("premiers contacts"),
            False,
        ),
        Measure(
            "repeat",
            "repeats",
            _("Taux de réitération"),
            _(
                "Contacts reçus d’une personne déjà venue pour le même motif, sur n’importe quel canal, dans le "
                "délai du motif. Ce que nous avons demandé nous-mêmes ne compte pas."
            ),
            "share",
            "contacts",
            _("contacts reçus, par motif"),
        ),
        Measure(
            "repeat_people",
            "repeats",
            _("Personnes qui ont dû revenir"),
            _("Personnes venues pendant la période et qui ont réitéré au moins une fois."),
            "share",
            "contacts",
            _("personnes venues"),
        ),
        Measure(
            "matter",
            "repeats",
            _("Contacts par affaire"),
            _(
                "Nombre moyen de contacts pour une même affaire : tous les contacts reçus, divisés par les premiers "
                "contacts. 1 veut dire que personne n’est revenu."
            ),
            "ratio",
            "contacts",
            _("contacts reçus, par motif"),
        ),
        Measure(
            "suffered",
            "repeats",
            _("Réitérations subies"),
            _(
                "Parmi les réitérations, celles qui viennent de nous. La personne demande des nouvelles que nous "
                "n’avions pas données, ou se plaint. Ou bien une de ses demandes dépasse la date promise, ou un de ses "
                "appels est resté sans réponse depuis moins de deux jours. Les autres sont choisies : la personne "
                "revient d’elle-même, pour la suite."
            ),
            "share",
            "contacts",
            _("réitérations"),
        ),
        Measure(
            "unmet",
            "needs",
            _("Sans solution chez nous"),
            _("Demandes répondues « impossible » ou « orientée ailleurs »."),
            "share",
            "interventions",
            _("demandes répondues"),
        ),
        Measure(
            "missing_kind",
            "needs",
            _("Hors de la liste"),
            _(
                "Contacts dont le motif a été noté « autre », en clair : la liste des motifs ou le catalogue ne le "
                "prévoit pas."
            ),
            "share",
            "contacts",
            _("contacts reçus, par motif"),
        ),
        Measure(
            "missed",
            "needs",
            _("Appels perdus"),
            _("Appels finis sans que personne les prenne, rappelés ensuite ou non."),
            "share",
            "calls",
            _("appels reçus"),
            cut=False,
        ),
        Measure(
            "absent",
            "needs",
            _("Rappels sans réponse"),
            _(
                "Essais de rappel où la personne n’a pas répondu. Deux essais, puis une réponse écrite. Rappels "
                "dont le dernier essai tombe dans la période."
            ),
            "share",
            "call_backs",
            _("essais de rappel"),
        ),
        Measure(
            "complaint",
            "needs",
            _("Réclamations"),
            _(
                "Contacts dont un motif est une réclamation. Comptées à part, jamais mêlées aux autres motifs."
            ),
            "count",
            "contacts",
            _("réclamations"),
        ),
    )
}

# Of the moment, counted with the period under way: for the map.
PEOPLE = Measure(
    "people",
    "now",
    _("Personnes suivies"),
    _("Abonnés d’aujourd’hui."),
    "count",
    "persons",
    _("personnes"),
    None,
)
LATE = Measure(
    "late",
    "now",
    _("Demandes en retard"),
    _("Demandes en cours dont l’échéance est passée."),
    "share",
    "interventions",
    _("demandes en cours"),
)
