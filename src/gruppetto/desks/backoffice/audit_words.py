"""What the journal's bodies say, in words: the name of each key, and of the codes that stand for something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.context import ROLES
from gruppetto.kernel.identifiers.dates import day_text, moment_text
from gruppetto.registry.people.identity.orders import Asked
from gruppetto.registry.people.models import Channel
from gruppetto.service.interventions.models import Note, Outcome, State

IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
# What the keys of bodies are called on screen.
KEYS = {
    "about": gettext_lazy("sujet"),
    "account": gettext_lazy("compte"),
    "act": gettext_lazy("geste"),
    "added": gettext_lazy("ajouts"),
    "after": gettext_lazy("après"),
    "again": gettext_lazy("de nouveau"),
    "alerted": gettext_lazy("prévenus"),
    "answer": gettext_lazy("réponse"),
    "asked": gettext_lazy("demandé"),
    "attempts": gettext_lazy("essais"),
    "audience": gettext_lazy("pour qui"),
    "author": gettext_lazy("auteur"),
    "bad": gettext_lazy("lignes en défaut"),
    "based_on": gettext_lazy("à partir de la version"),
    "before": gettext_lazy("avant"),
    "by_date": gettext_lazy("à une date choisie"),
    "caller": gettext_lazy("qui appelle"),
    "cause": gettext_lazy("cause"),
    "channel": gettext_lazy("moyen"),
    "choice": gettext_lazy("choix"),
    "choices": gettext_lazy("choix"),
    "circle": gettext_lazy("cercle prévenu"),
    "count": gettext_lazy("combien"),
    "code": gettext_lazy("code"),
    "contact": gettext_lazy("échange"),
    "day": gettext_lazy("jour"),
    "days": gettext_lazy("jours"),
    "decision": gettext_lazy("décision"),
    "department": gettext_lazy("département"),
    "direction": gettext_lazy("sens"),
    "documents": gettext_lazy("documents"),
    "done": gettext_lazy("faits"),
    "due_at": gettext_lazy("échéance"),
    "ending": gettext_lazy("fin"),
    "fact": gettext_lazy("question"),
    "facts": gettext_lazy("précisions"),
    "fields": gettext_lazy("champs"),
    "finding": gettext_lazy("conclusion"),
    "first": gettext_lazy("du"),
    "from": gettext_lazy("de"),
    "from_month": gettext_lazy("à partir du mois"),
    "giver": gettext_lazy("de"),
    "grace": gettext_lazy("minutes d’attente"),
    "grade": gettext_lazy("difficulté"),
    "ground": gettext_lazy("motif légal"),
    "holds": gettext_lazy("exacte"),
    "hours": gettext_lazy("heures"),
    "how": gettext_lazy("comment"),
    "issuer": gettext_lazy("fournisseur d’identité"),
    "kept": gettext_lazy("gardées"),
    "kind": gettext_lazy("genre"),
    "last": gettext_lazy("au"),
    "later": gettext_lazy("remises à plus tard"),
    "leads": gettext_lazy("responsable"),
    "left": gettext_lazy("laissées"),
    "level": gettext_lazy("niveau"),
    "line": gettext_lazy("ligne"),
    "lines": gettext_lazy("lignes"),
    "link": gettext_lazy("lien"),
    "list": gettext_lazy("liste"),
    "media_type": gettext_lazy("format"),
    "merge": gettext_lazy("réunion de fiches"),
    "mills": gettext_lazy("prix (millièmes d’euro)"),
    "minutes": gettext_lazy("minutes"),
    "notes": gettext_lazy("notes"),
    "number": gettext_lazy("numéro"),
    "on": gettext_lazy("le"),
    "only_good": gettext_lazy("lignes sans défaut seulement"),
    "origin": gettext_lazy("origine"),
    "other": gettext_lazy("autre fiche"),
    "outcome": gettext_lazy("issue"),
    "paper": gettext_lazy("papier"),
    "papers": gettext_lazy("papiers"),
    "part": gettext_lazy("partie"),
    "parts": gettext_lazy("parties"),
    "place": gettext_lazy("lieu"),
    "portfolio": gettext_lazy("portefeuille"),
    "provider": gettext_lazy("connexion avec le fournisseur"),
    "purpose": gettext_lazy("usage"),
    "query": gettext_lazy("recherche"),
    "reached": gettext_lazy("personne jointe"),
    "reason": gettext_lazy("motif"),
    "reasons": gettext_lazy("motifs"),
    "reference": gettext_lazy("référence"),
    "refused": gettext_lazy("refusés"),
    "removed": gettext_lazy("retraits"),
    "replaced": gettext_lazy("remplacés"),
    "result": gettext_lazy("résultat"),
    "rights": gettext_lazy("droits"),
    "role": gettext_lazy("rôle"),
    "round": gettext_lazy("tour de questions"),
    "sessions": gettext_lazy("sessions"),
    "sha256": gettext_lazy("empreinte"),
    "since": gettext_lazy("depuis"),
    "size": gettext_lazy("taille (octets)"),
    "source": gettext_lazy("d’où"),
    "staff": gettext_lazy("membre de l’équipe"),
    "starts": gettext_lazy("début"),
    "state": gettext_lazy("état"),
    "substitute": gettext_lazy("remplaçant"),
    "table": gettext_lazy("table"),
    "target": gettext_lazy("vers"),
    "team": gettext_lazy("équipe"),
    "territory": gettext_lazy("territoire"),
    "times": gettext_lazy("fois"),
    "to": gettext_lazy("à"),
    "tries": gettext_lazy("essais"),
    "trusted": gettext_lazy("de confiance"),
    "undone": gettext_lazy("défaits"),
    "until": gettext_lazy("jusqu’au"),
    "valid_from": gettext_lazy("en vigueur le"),
    "verdict": gettext_lazy("avis"),
    "version": gettext_lazy("version"),
    "what": gettext_lazy("quoi"),
    "whom": gettext_lazy("pour qui"),
    "why": gettext_lazy("raison"),
    "written": gettext_lazy("écrits"),
    "zone": gettext_lazy("zone"),
}
# Codes of these keys are words elsewhere on screen.
CODES: Mapping[str, Mapping[str, object]] = {
    "asked": dict(Asked.choices),
    "channel": dict(Channel.choices),
    "outcome": dict(Outcome.choices),
    "role": ROLES,
    "source": dict(State.choices),
    "target": dict(State.choices),
    "whom": dict(Note.For.choices),
}


def identifiers(bodies: Iterable[str]) -> set[UUID]:
    """Whoever and whatever the bodies name by an identifier."""
    return {UUID(found[0]) for data in bodies for found in IDENTIFIER.finditer(data)}


def pairs(data: str, names: Mapping[UUID | None, str]) -> tuple[tuple[str, str], ...]:
    """A body as (name, value) pairs; ``names``: of accounts, by identifier."""
    return tuple(
        (str(KEYS.get(key, key)), _value(value, key, names)) for key, value in json.loads(data).items()
    )


def _value(value: object, key: str, names: Mapping[UUID | None, str]) -> str:
    match value:
        case None | "":
            return "–"
        case bool():
            return _("oui") if value else _("non")
        case dict():
            inner = (f"{KEYS.get(name, name)} : {_value(one, name, names)}" for name, one in value.items())
            return ", ".join(inner) or "–"
        case list():
            return ", ".join(_value(one, key, names) for one in value) or "–"
        case str():
            return _text(value, key, names)
    return str(value)


def _text(value: str, key: str, names: Mapping[UUID | None, str]) -> str:
    if IDENTIFIER.fullmatch(value):
        return names.get(UUID(value)) or value
    if DAY.fullmatch(value):
        return str(day_text(date.fromisoformat(value), year=True, weekday=False))
    if MOMENT.fullmatch(value):
        return str(moment_text(datetime.fromisoformat(value), year=True))
    return str(CODES.get(key, {}).get(value, value))
