"""What this room keeps about a person, why, how long, and how it ends (register of GDPR article 30)."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Alias, Grant
from gruppetto.kernel.files.models import File
from gruppetto.kernel.journal.models import Change, Entry
from gruppetto.registry.people.holders import declare_rows
from gruppetto.registry.people.models import (
    Address,
    Consent,
    IdentityCheck,
    Merge,
    MergeLine,
    Need,
    Person,
    Phone,
    Relative,
    StartingLine,
    Suspect,
)

FIVE_YEARS = 5 * 365
WHILE_HELPED = _("tant que la personne est suivie, puis 5 ans")

declare_rows(
    Person,
    "id",
    why=_("savoir qui nous appelle et qui nous aidons"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(
    Alias,
    why=_("retrouver, sous la fiche gardée, ce qui était noté sur une fiche réunie avec elle"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(Phone, why=_("reconnaître un appel et rappeler"), kept=WHILE_HELPED, days=FIVE_YEARS)
declare_rows(
    Address,
    why=_("rendre visite, écrire, savoir quel correspondant est le plus proche"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(
    Consent,
    why=_("prouver ce que la personne a accepté ou refusé"),
    kept=_("5 ans après le retrait de l’accord"),
    days=FIVE_YEARS,
    erased="kept",
)
declare_rows(
    Need,
    why=_("s’adapter à la personne, avec les mots qu’elle accepte"),
    kept=_("jusqu’à la fin du besoin ou du suivi"),
    days=0,
)
declare_rows(
    Relative,
    why=_("savoir qui peut voir, demander, être prévenu ou payer pour la personne"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(
    IdentityCheck,
    why=_("ne pas poser deux fois de suite la même question, repérer les tentatives ; sans les réponses"),
    kept=_("3 ans"),
    days=3 * 365,
)
declare_rows(
    StartingLine,
    why=_("vérifier une liste reçue d’une mairie avant de la charger"),
    kept=_("30 jours après le chargement ou l’abandon de la liste"),
    days=30,
)
declare_rows(
    File,
    why=_("garder les papiers reçus, pour les demandes de la personne"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(
    Entry,
    why=_("dire à la personne qui a vu son dossier et ce qui a été fait en son nom"),
    kept=_("les consultations 12 mois, les actes 5 ans après la fin du mandat"),
    days=FIVE_YEARS,
    erased="kept",
)
declare_rows(
    Change,
    why=_("retrouver ce qui était écrit avant une modification"),
    kept=_("5 ans"),
    days=FIVE_YEARS,
)
declare_rows(
    Grant,
    why=_("ouvrir le dossier à ceux qui en ont besoin, le temps d’un contact"),
    kept=_("jusqu’à la fin de l’accès"),
    days=0,
)
declare_rows(
    Suspect,
    "first_id",
    why=_("ne pas avoir deux fiches pour une même personne, ni le proposer deux fois"),
    kept=_("1 an après la décision"),
    days=365,
)
declare_rows(
    Merge,
    "kept_id",
    why=_("savoir quelles fiches ont été réunies, par qui et pourquoi, et pouvoir les séparer"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
declare_rows(
    MergeLine,
    "merge__kept_id",
    why=_("remettre chaque ligne comme avant quand deux fiches sont séparées"),
    kept=WHILE_HELPED,
    days=FIVE_YEARS,
)
