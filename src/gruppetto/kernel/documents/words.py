"""The words printed by the templates themselves, in one place so that they can be translated."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "to_do": _("Ce que vous avez à faire"),
    "nothing_to_do": _("Vous n’avez rien à faire."),
    "question": _("Une question ? Appelez-nous au"),
    "call": _("Téléphone"),
    "reference": _("Référence"),
    "enclosed": _("Avec cette lettre"),
    "proof": _("Code de preuve"),
    "page": _("Page"),
    "of": _("sur"),
    "subject": _("Objet"),
    "you_called": _("Vous nous avez appelés"),
    "asked": _("Ce que vous avez demandé"),
    "done": _("Ce que nous faisons"),
    "next": _("Quand vous aurez de nos nouvelles"),
    "if_wrong": _("Si quelque chose n’est pas exact, appelez-nous : nous le corrigeons."),
    "printed_at": _("Imprimé"),
    "secret": _("Confidentiel. À ressaisir au retour du service, puis à détruire."),
    "nothing_planned": _("Rien de prévu."),
    "when": _("Heure"),
    "who": _("Personne"),
    "what": _("Demande"),
    "follow_up": _("Suivi"),
    "notes": _("Notes"),
    "until": _("Répondre avant :"),
    "next_step": _("Prochaine étape :"),
    "helps": _("Ce qui aide :"),
    "ticks": [_("Fait"), _("À rappeler")],
    "numbers": _("Numéros utiles"),
    "added": _("Appels reçus pendant la panne"),
}
