"""Why a delivery waits, failed or is uncertain: codes kept in the rows, sentences shown to colleagues."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, object] = {
    "carrier-away": _("le transporteur ne répond pas : nouvel essai plus tard"),
    "carrier-gone": _("aucun transporteur n’est réglé pour ce moyen"),
    "carrier-refused": _("le transporteur a refusé cet envoi"),
    "tried-long-enough": _("le transporteur n’a pas répondu pendant un jour"),
    "budget": _("le budget du mois est dépensé : un responsable décide"),
    "too-long": _("trop long pour un SMS : plus de quatre parties"),
    "not-short": _("ce message ne se dit pas par SMS"),
    "no-way": _("aucun moyen consenti avec une coordonnée qui répond"),
    "changed-meanwhile": _("la coordonnée ou l’accord a changé avant le départ"),
    "cut": _("la ligne a été coupée pendant l’envoi"),
    "worker-stopped": _("l’envoi a été interrompu : il est peut-être parti"),
    "wrong-number": _("ce numéro ne reçoit pas de SMS"),
    "wrong-address": _("cette adresse de courriel n’existe pas"),
    "mailbox-full": _("la boîte aux lettres de courriel est pleine"),
    "not-arrived": _("le transporteur dit que cela n’est pas arrivé"),
    "returned": _("le courrier est revenu : adresse à vérifier"),
    "stopped": _("la personne a répondu STOP"),
    "person-died": _("la personne est décédée"),
    "by-hand": _("un collègue a choisi de le remettre lui-même"),
}


def reason(code: str) -> str:
    """The sentence of ``code``; the code itself when it is unknown; empty for none."""
    return str(REASONS.get(code, code)) if code else ""
