"""The fields a list may be filtered by: how each is written in an address, what it accepts, how it says no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import parse_date
from gruppetto.registry.people.models import Need
from gruppetto.service.catalogue.vocabulary import Domain, Grade
from gruppetto.service.interventions.models import ACTIVE, State

Text = str | Promise

# Longer than any value of ours; an address is shown in messages and kept in the journal.
LONGEST, MOST = 80, 50

# As an address says the states, and the groups people think in.
STATES: dict[str, State] = {
    "ouverte": State.OPENED,
    "confiee": State.ASSIGNED,
    "en-cours": State.IN_PROGRESS,
    "attend-personne": State.WAITING_PERSON,
    "attend-organisme": State.WAITING_PROVIDER,
    "attend-papier": State.WAITING_PAPER,
    "repondue": State.ANSWERED,
    "confirmee": State.CONFIRMED,
    "non-confirmee": State.NOT_CONFIRMED,
    "close": State.CLOSED,
    "annulee": State.CANCELLED,
    "reunie": State.MERGED,
}
GROUPS: dict[str, tuple[Text, tuple[State, ...]]] = {
    "a-faire": (gettext_lazy("À faire"), ACTIVE),
    "en-attente": (
        gettext_lazy("En attente de quelqu’un"),
        (State.WAITING_PERSON, State.WAITING_PROVIDER, State.WAITING_PAPER),
    ),
    "a-confirmer": (gettext_lazy("À confirmer"), (State.ANSWERED, State.NOT_CONFIRMED)),
    "finies": (gettext_lazy("Finies"), (State.CONFIRMED, State.CLOSED, State.CANCELLED)),
    "toutes": (gettext_lazy("Toutes, finies ou non"), tuple(State)),
}
ME, NOBODY, MINE = "moi", "personne", "la-mienne"


@dataclass(frozen=True)
class Field:
    """``name``: in the address. ``label``: in French. ``many``: several values may be asked together (any of them)."""

    name: str
    label: Text
    many: bool = False

    def clean(self, typed: str) -> str:
        """The one way to write this value. Raises ``Refused`` (filter-impossible)."""
        raise NotImplementedError

    def no(self, why: str) -> Refused:
        """The refusal of a value, naming the filter."""
        return Refused(
            _("Filtre « %(label)s » : %(why)s") % {"label": self.label, "why": why},
            code="filter-impossible",
            field=self.name,
            facts={"filter": self.name},
        )

    def read(self, typed: list[str]) -> tuple[str, ...]:
        """The values typed, each once, cleaned; empty ones are no filter. Raises ``Refused`` (filter-impossible)."""
        if len(typed) > MOST:
            raise self.no(_("trop de valeurs à la fois (%(most)s au plus).") % {"most": MOST})
        if any(len(one) > LONGEST or "\0" in one for one in typed):
            raise self.no(_("une valeur est trop longue ou illisible."))
        found = tuple(dict.fromkeys(self.clean(one.strip()) for one in typed if one.strip()))
        if len(found) > 1 and not self.many:
            raise self.no(_("une seule valeur à la fois."))
        return found


@dataclass(frozen=True)
class Choice(Field):
    """One of a closed list: how it is written in the address → its words."""

    choices: Mapping[str, Text] = ()  # type: ignore[assignment]  # always given

    def clean(self, typed: str) -> str:
        if typed not in self.choices:
            raise self.no(_("« %(typed)s » n’est pas un choix possible.") % {"typed": typed})
        return typed


@dataclass(frozen=True)
class Code(Field):
    """A code of ours: a kind of request, a commune, a department, a portfolio."""

    pattern: str = ""
    most: int | None = None

    def clean(self, typed: str) -> str:
        if not re.fullmatch(self.pattern, typed) or (self.most is not None and int(typed) > self.most):
            raise self.no(_("« %(typed)s » n’existe pas.") % {"typed": typed})
        return typed


@dataclass(frozen=True)
class Key(Field):
    """The identifier of somebody or something, or a word that stands for it (« moi », « la-mienne »)."""

    words: tuple[str, ...] = ()

    def clean(self, typed: str) -> str:
        if typed in self.words:
            return typed
        try:
            return str(UUID(typed))
        except ValueError:
            raise self.no(_("« %(typed)s » n’existe pas.") % {"typed": typed}) from None


@dataclass(frozen=True)
class Day(Field):
    """A day as people type it; written ``2026-11-22`` in the address."""

    def clean(self, typed: str) -> str:
        try:
            return parse_date(typed, today()).isoformat()
        except Refused as refused:
            raise self.no(str(refused.message)) from None

    def day(self, value: str) -> date:
        """The day of a cleaned value."""
        return date.fromisoformat(value)


@dataclass(frozen=True)
class Number(Field):
    """A whole number, from 1 to ``most``."""

    most: int = 365

    def clean(self, typed: str) -> str:
        if not re.fullmatch(r"[0-9]{1,4}", typed) or not 1 <= int(typed) <= self.most:
            raise self.no(_("écrivez un nombre de 1 à %(most)s.") % {"most": self.most})
        return str(int(typed))


YES = {"oui": gettext_lazy("oui")}
YES_NO = {**YES, "non": gettext_lazy("non")}

# In the order of the form and of the address.
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Choice(
            "etat",
            gettext_lazy("État"),
            many=True,
            choices={
                **{code: words for code, (words, _states) in GROUPS.items()},
                **{code: state.label for code, state in STATES.items()},
            },
        ),
        Key("qui", gettext_lazy("Suivie par"), many=True, words=(ME, NOBODY)),
        Choice("retard", gettext_lazy("En retard"), choices=YES),
        Choice(
            "echeance",
            gettext_lazy("Échéance"),
            choices={
                "aujourdhui": gettext_lazy("aujourd’hui ou avant"),
                "semaine": gettext_lazy("dans les sept jours ou avant"),
            },
        ),
        Choice("urgent", gettext_lazy("Urgente"), choices=YES_NO),
        Choice("cote", gettext_lazy("Mise de côté"), choices=YES_NO),
        Number("depuis", gettext_lazy("Dans cet état depuis (jours)")),
        Choice("domaine", gettext_lazy("Domaine"), many=True, choices=dict(Domain.choices)),
        Code("type", gettext_lazy("Type de démarche"), many=True, pattern=r"[a-z0-9-]{1,60}"),
        Choice("niveau", gettext_lazy("Difficulté"), many=True, choices=dict(Grade.choices)),
        Code("portefeuille", gettext_lazy("Portefeuille"), many=True, pattern=r"[0-9]{1,9}"),
        Key("equipe", gettext_lazy("Équipe"), many=True, words=(MINE,)),
        Key("territoire", gettext_lazy("Territoire"), many=True, words=(MINE,)),
        Code("departement", gettext_lazy("Département"), many=True, pattern=r"[0-9]{2,3}|2[AB]"),
        Code("commune", gettext_lazy("Commune"), many=True, pattern=r"[0-9][0-9AB][0-9]{3}"),
        Day("du", gettext_lazy("Ouverte à partir du")),
        Day("au", gettext_lazy("Ouverte jusqu’au")),
        Choice("besoin", gettext_lazy("Besoin de la personne"), many=True, choices=dict(Need.Kind.choices)),
        Choice("protegee", gettext_lazy("Personne protégée"), choices=YES),
        Choice("rouverte", gettext_lazy("Déjà rouverte"), choices=YES),
    )
}
