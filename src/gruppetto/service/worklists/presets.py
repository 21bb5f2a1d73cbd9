"""The lists everybody has, and the one that opens first: mine, oldest due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import SavedView


@dataclass(frozen=True)
class Preset:
    """``code``: in the address (``?vue=``). ``roles``: who has it."""

    code: str
    label: Promise | str
    icon: str
    filters: Filters
    roles: frozenset[str] = frozenset({"correspondent", "supervisor"})


SUPERVISOR = frozenset({"supervisor"})
CORRESPONDENT = frozenset({"correspondent"})
PRESETS: tuple[Preset, ...] = (
    Preset("miennes", gettext_lazy("À moi"), "inbox", Filters.of(qui="moi", cote="non")),
    Preset("portefeuille", gettext_lazy("Mon portefeuille"), "people", Filters(), CORRESPONDENT),
    Preset("equipes", gettext_lazy("Mes équipes"), "people", Filters(), SUPERVISOR),
    Preset(
        "libres", gettext_lazy("Sans correspondant"), "person-dash", Filters.of(qui="personne"), SUPERVISOR
    ),
    Preset("retard", gettext_lazy("En retard"), "alarm", Filters.of(retard=True)),
    Preset("jour", gettext_lazy("À finir aujourd’hui"), "calendar-check", Filters.of(echeance="aujourdhui")),
    Preset(
        "attente",
        gettext_lazy("En attente"),
        "hourglass-split",
        Filters.of(etat="en-attente", tri="immobiles"),
    ),
    Preset("cote", gettext_lazy("Mises de côté"), "pause-circle", Filters.of(cote="oui")),
    Preset(
        "confirmer",
        gettext_lazy("À confirmer"),
        "question-circle",
        Filters.of(etat="a-confirmer", tri="immobiles"),
    ),
    Preset("finies", gettext_lazy("Finies"), "archive", Filters.of(etat="finies")),
)
# Which one opens first for a role, when nobody chose otherwise; all are oldest due first. A supervisor holds no
# portfolio: what is theirs is the work of their teams.
FIRST = {"correspondent": "miennes", "supervisor": "equipes"}


@dataclass(frozen=True)
class View:
    """A list with a name, ours or saved. ``filters``: None when what was saved is no longer possible (``broken``)."""

    code: str
    label: str
    icon: str
    filters: Filters | None
    saved: SavedView | None = None
    broken: str = ""


def saved_views() -> list[SavedView]:
    """The views the current actor sees, own ones first (1 query)."""
    found = SavedView.objects.select_related("team", "territory").order_by("name", "id")
    return sorted(found, key=lambda view: view.audience != SavedView.Audience.ME)


def views(role: str, saved: Sequence[SavedView]) -> list[View]:
    """All the lists of a role: those everybody has, then the saved ones."""
    own = [View(p.code, str(p.label), p.icon, p.filters) for p in PRESETS if role in p.roles]
    return [*own, *map(of_saved, saved)]


def of_saved(saved: SavedView) -> View:
    """A saved view, ready to be read or said to be broken."""
    icon = "bookmark" if saved.audience == SavedView.Audience.ME else "people"
    try:
        return View(str(saved.pk), saved.name, icon, Filters.parse(saved.filters), saved)
    except Refused as refused:
        return View(str(saved.pk), saved.name, icon, None, saved, str(refused.message))


def chosen(code: str, known: Sequence[View]) -> View:
    """The view of the address. Raises ``Unknown`` (view-unknown)."""
    for view in known:
        if view.code == code:
            return view
    raise Unknown(_("Cette vue n’existe pas, ou n’est plus montrée."), code="view-unknown")


def first(role: str, known: Sequence[View]) -> View:
    """The one that opens first: one's own choice, else the team's, the territory's, else the role's."""

    def rank(view: View) -> int:
        saved = view.saved
        if saved is None or view.filters is None:
            return 3 if view.code == FIRST.get(role) else 4
        choices = [("me", "me"), ("team", role), ("territory", role)]
        return choices.index(pair) if (pair := (saved.audience, saved.opens_for)) in choices else 4

    return min(known, key=rank)
