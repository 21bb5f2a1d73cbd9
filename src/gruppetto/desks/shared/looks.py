"""How each state is shown: a word, an icon and a tone, always the three together (never colour alone)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tone = Literal["neutral", "info", "good", "warning", "danger"]

TONE_ICONS: dict[str, str] = {
    "neutral": "circle",
    "info": "info-circle-fill",
    "good": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "exclamation-octagon-fill",
}


@dataclass(frozen=True)
class Look:
    """``word`` is what people read; ``icon`` a name of the sprite; ``tone`` one of five."""

    word: str | Promise
    tone: Tone
    icon: str


INTERVENTION: dict[str, Look] = {
    "opened": Look(_("Ouverte"), "info", "inbox"),
    "assigned": Look(_("Confiée"), "info", "person-check"),
    "in_progress": Look(_("En cours"), "info", "play-circle"),
    "waiting_person": Look(_("Attend la personne"), "warning", "hourglass-split"),
    "waiting_provider": Look(_("Attend l’organisme"), "neutral", "building"),
    "waiting_paper": Look(_("Attend un papier"), "warning", "file-earmark-arrow-down"),
    "answered": Look(_("Répondue"), "good", "chat-left-text"),
    "confirmed": Look(_("Confirmée par la personne"), "good", "check-circle-fill"),
    "not_confirmed": Look(_("Répondue, non confirmée"), "warning", "question-circle"),
    "closed": Look(_("Close"), "neutral", "archive"),
    "cancelled": Look(_("Annulée"), "neutral", "x-circle"),
    "merged": Look(_("Réunie à une autre"), "neutral", "link"),
}

CONTACT: dict[str, Look] = {
    "ringing": Look(_("Sonne"), "warning", "telephone-inbound-fill"),
    "answered": Look(_("Décroché"), "info", "telephone-fill"),
    "taken": Look(_("En cours"), "good", "telephone-fill"),
    "wrapping": Look(_("À conclure"), "warning", "pencil-square"),
    "missed": Look(_("Manqué"), "danger", "telephone-x-fill"),
    "done": Look(_("Terminé"), "neutral", "telephone"),
}

# What is known of the caller before anyone takes the call, and the flag of a repeat contact.
CALLER: dict[str, Look] = {
    "known": Look(_("Numéro connu"), "info", "person-check"),
    "several": Look(_("Plusieurs personnes possibles"), "info", "people"),
    "relative": Look(_("Numéro d’un proche"), "info", "person-heart"),
    "seen": Look(_("Numéro déjà vu"), "neutral", "clock-history"),
    "unknown": Look(_("Numéro inconnu"), "neutral", "person-dash"),
    "withheld": Look(_("Numéro caché"), "neutral", "eye-slash"),
    "repeat": Look(_("A déjà appelé cette semaine"), "warning", "arrow-repeat"),
}

CALL_BACK: dict[str, Look] = {
    "due": Look(_("À rappeler"), "warning", "telephone-outbound"),
    "done": Look(_("Rappelé"), "good", "check-circle-fill"),
    "given_up": Look(_("Abandonné"), "danger", "telephone-x"),
    "moot": Look(_("Sans objet"), "neutral", "dash-circle"),
}

OUTCOME: dict[str, Look] = {
    "done": Look(_("Faite"), "good", "check-circle-fill"),
    "partly": Look(_("Faite en partie"), "warning", "circle-half"),
    "impossible": Look(_("Impossible"), "danger", "x-octagon"),
    "withdrawn": Look(_("La personne y renonce"), "neutral", "arrow-return-left"),
    "redirected": Look(_("Orientée ailleurs"), "info", "signpost-split"),
}

PAPER: dict[str, Look] = {
    "needed": Look(_("À demander"), "warning", "file-earmark-plus"),
    "asked": Look(_("Demandé"), "info", "hourglass-split"),
    "received": Look(_("Reçu"), "good", "check-circle-fill"),
    "not_needed": Look(_("Inutile ici"), "neutral", "dash-circle"),
}

# The four identity levels; what each one opens is written in the registry.
IDENTITY: dict[str, Look] = {
    "0": Look(_("Identité inconnue"), "danger", "person-x"),
    "1": Look(_("Numéro connu, identité à vérifier"), "warning", "telephone"),
    "2": Look(_("Identité rapprochée"), "info", "person-check"),
    "3": Look(_("Identité confirmée"), "good", "shield-check"),
}

DEADLINE: dict[str, Look] = {
    "on_time": Look(_("Dans les délais"), "good", "clock"),
    "soon": Look(_("Échéance proche"), "warning", "clock-history"),
    "late": Look(_("En retard"), "danger", "alarm-fill"),
    "paused": Look(_("Délai suspendu"), "neutral", "pause-circle"),
}

CHANNEL: dict[str, Look] = {
    "phone": Look(_("Téléphone"), "neutral", "telephone"),
    "sms": Look(_("SMS"), "neutral", "chat-dots"),
    "email": Look(_("Courriel"), "neutral", "envelope"),
    "letter": Look(_("Courrier"), "neutral", "mailbox"),
    "counter": Look(_("Accueil"), "neutral", "shop"),
    "portal": Look(_("Espace personnel"), "neutral", "laptop"),
    "chat": Look(_("Discussion"), "neutral", "chat-left-dots"),
    "home_visit": Look(_("Visite à domicile"), "neutral", "house-door"),
    "social": Look(_("Réseau social"), "neutral", "share"),
}

FAMILIES: dict[str, dict[str, Look]] = {
    "intervention": INTERVENTION,
    "contact": CONTACT,
    "caller": CALLER,
    "call_back": CALL_BACK,
    "outcome": OUTCOME,
    "paper": PAPER,
    "identity": IDENTITY,
    "deadline": DEADLINE,
    "channel": CHANNEL,
}


def look(family: str, code: object) -> Look:
    """The look of ``code`` in ``family``; an unknown one is an error of ours: KeyError."""
    return FAMILIES[family][str(code)]
