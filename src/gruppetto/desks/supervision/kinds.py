"""The queues of the desk: their names, where their rows are, what they count."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gruppetto.service.interventions.models import ACTIVE, State

Words = str | Promise
CLOCK_RUNS = (State.OPENED, State.ASSIGNED, State.IN_PROGRESS, State.WAITING_PROVIDER)


@dataclass(frozen=True)
class Kind:
    """A queue as the supervisor knows it; ``tone`` colours its figure when it is not empty."""

    code: str
    family: str
    label: Words
    icon: str
    page: str
    definition: Words
    tone: str = ""
    states: tuple[str, ...] = ()
    late: bool = False

    @property
    def href(self) -> str:
        """The page of its rows."""
        return f"{reverse(self.page)}?{urlencode({'file': self.code})}"


KINDS: tuple[Kind, ...] = (
    Kind(
        "attente",
        "calls",
        gettext_lazy("Appels en attente"),
        "telephone-inbound",
        "supervision:calls",
        gettext_lazy("Appels qui sonnent, ou décrochés, que personne n’a pris à l’écran."),
        "warning",
    ),
    Kind(
        "manques",
        "calls",
        gettext_lazy("Appels manqués aujourd’hui"),
        "telephone-x",
        "supervision:calls",
        gettext_lazy("Appels du jour finis sans que personne les prenne, rappelés ou non."),
        "warning",
    ),
    Kind(
        "rappels",
        "calls",
        gettext_lazy("Rappels à faire"),
        "telephone-outbound",
        "supervision:calls",
        gettext_lazy("Appels que nous devons passer et dont l’heure est venue."),
        "warning",
    ),
    Kind(
        "identites",
        "calls",
        gettext_lazy("Identités non confirmées"),
        "person-x",
        "supervision:identities",
        gettext_lazy(
            "Contacts des sept derniers jours où trois réponses n’allaient pas, et que personne n’a encore lus."
        ),
        "danger",
    ),
    Kind(
        "rappels-abandonnes",
        "calls",
        gettext_lazy("Rappels abandonnés"),
        "telephone-x",
        "supervision:given_up",
        gettext_lazy(
            "Numéros inconnus appelés deux fois sans réponse : il n’y a personne à qui écrire, vous décidez."
        ),
        "warning",
    ),
    Kind(
        "sans-personne",
        "calls",
        gettext_lazy("Contacts sans personne"),
        "person-dash",
        "supervision:contacts",
        gettext_lazy("Contacts terminés dont on ne sait pas encore qui ils concernent."),
    ),
    Kind(
        "sans-correspondant",
        "work",
        gettext_lazy("Sans correspondant"),
        "inbox",
        "supervision:work",
        gettext_lazy("Demandes ouvertes que personne ne suit, avec la raison."),
        "danger",
        (State.OPENED,),
    ),
    Kind(
        "retard",
        "work",
        gettext_lazy("En retard"),
        "alarm",
        "supervision:work",
        gettext_lazy(
            "Demandes dont l’échéance est passée. L’attente de la personne ou d’un papier ne compte pas."
        ),
        "danger",
        CLOCK_RUNS,
        True,
    ),
    Kind(
        "en-cours",
        "work",
        gettext_lazy("En cours"),
        "play-circle",
        "supervision:work",
        gettext_lazy("Demandes confiées ou commencées."),
        "",
        (State.ASSIGNED, State.IN_PROGRESS),
    ),
    Kind(
        "suspendues",
        "work",
        gettext_lazy("En attente de quelqu’un"),
        "hourglass-split",
        "supervision:work",
        gettext_lazy("Demandes qui attendent la personne, un organisme ou un papier."),
        "",
        (State.WAITING_PERSON, State.WAITING_PROVIDER, State.WAITING_PAPER),
    ),
    Kind(
        "a-confirmer",
        "work",
        gettext_lazy("À confirmer"),
        "chat-left-text",
        "supervision:work",
        gettext_lazy("Demandes répondues : il reste à demander à la personne si la réponse lui convient."),
        "",
        (State.ANSWERED,),
    ),
    Kind(
        "non-confirmees",
        "work",
        gettext_lazy("Répondues, non confirmées"),
        "question-circle",
        "supervision:work",
        gettext_lazy(
            "Deux appels et une lettre sont restés sans réponse. Si la personne revient, la demande se rouvre."
        ),
        "",
        (State.NOT_CONFIRMED,),
    ),
    Kind(
        "a-placer",
        "people",
        gettext_lazy("Personnes à placer"),
        "person-plus",
        "supervision:persons",
        gettext_lazy("Abonnés qui ne sont encore dans aucun portefeuille."),
        "warning",
    ),
    Kind(
        "non-servies",
        "people",
        gettext_lazy("Parts que personne ne sert"),
        "map",
        "supervision:territory",
        gettext_lazy("Communes et codes postaux de vos départements sans zone ou sans équipe."),
        "warning",
    ),
    Kind(
        "doublons",
        "people",
        gettext_lazy("Doublons à regarder"),
        "people",
        "supervision:duplicates",
        gettext_lazy("Deux fiches qui semblent être la même personne. Rien n’est réuni sans vous."),
    ),
    Kind(
        "a-remettre",
        "people",
        gettext_lazy("Courriers à remettre"),
        "envelope",
        "supervision:letters",
        gettext_lazy("Lettres et messages préparés que personne n’a encore remis."),
    ),
    Kind(
        "envois",
        "people",
        gettext_lazy("Envois à décider"),
        "question-circle",
        "supervision:sendings",
        gettext_lazy("Envois incertains, ou retenus parce que le budget du mois est dépensé."),
        "warning",
    ),
    Kind(
        "a-lire",
        "people",
        gettext_lazy("Fiches protégées à lire"),
        "shield-exclamation",
        "supervision:protected",
        gettext_lazy("Danger, arnaque ou violence signalés, que personne n’a encore lus."),
        "danger",
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
FAMILIES: tuple[tuple[str, Words], ...] = (
    ("calls", gettext_lazy("Appels et contacts")),
    ("work", gettext_lazy("Demandes")),
    ("people", gettext_lazy("Personnes et courriers")),
)
ALL_WORK = Kind(
    "tout",
    "work",
    gettext_lazy("Toutes les demandes en cours"),
    "list-check",
    "supervision:work",
    gettext_lazy("Demandes qui ne sont pas encore répondues."),
    states=tuple(str(state) for state in ACTIVE),
)
