"""Keeping a list under a name, showing it to others, taking it away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import SavedView

# A rail of more helps nobody.
MOST = 40


@verb
def save_view(
    name: str,
    filters: Filters,
    *,
    team: UUID | None = None,
    territory: UUID | None = None,
    pinned: bool = True,
    opens_for: str = "",
) -> SavedView:
    """Keep ``filters`` under ``name``, for oneself or shown to a team or a territory that one leads.

    ``pinned``: in the rail with its count. ``opens_for``: "me", or for a shared view the role whose list opens on
    it. Raises ``Refused`` (view-name-missing, views-too-many, a_view_has_its_own_name), ``NotYours`` (view-not-led).
    """
    owner = human()
    if SavedView.objects.filter(owner_id=owner).count() >= MOST:
        raise Refused(
            _("Vous avez déjà %(most)s vues : retirez-en une d’abord.") % {"most": MOST},
            code="views-too-many",
            field="name",
        )
    view = SavedView(owner_id=owner, filters=filters.to_json())
    return _keep(view, name, team, territory, pinned, opens_for)


@verb
def change_view(
    view_id: UUID,
    *,
    name: str,
    filters: Filters | None = None,
    team: UUID | None = None,
    territory: UUID | None = None,
    pinned: bool = True,
    opens_for: str = "",
) -> SavedView:
    """Change one's own view; ``filters`` None keeps what it shows. Raises as ``save_view``, and ``Unknown``."""
    view = _get(view_id)
    if view.owner_id != human():
        raise NotYours(
            _("Seul son auteur change une vue : copiez-la sous un autre nom."), code="view-not-yours"
        )
    if filters is not None:
        view.filters = filters.to_json()
    return _keep(view, name, team, territory, pinned, opens_for)


@verb
def remove_view(view_id: UUID) -> None:
    """Take a view away, for all those it was shown to. Raises ``Unknown``, ``NotYours`` (view-not-yours)."""
    view = _get(view_id)
    removed, _each = SavedView.objects.filter(pk=view.pk).delete()
    if not removed:
        raise NotYours(_("Seul son auteur, ou qui mène l’équipe, retire une vue."), code="view-not-yours")
    journal.act("view.removed", subject=("worklists.savedview", view_id), body={"audience": view.audience})


def _get(view_id: UUID) -> SavedView:
    view = SavedView.objects.filter(pk=view_id).first()
    if view is None:
        raise Unknown(_("Cette vue n’existe pas, ou n’est plus montrée."), code="view-unknown")
    return view


def _keep(
    view: SavedView, name: str, team: UUID | None, territory: UUID | None, pinned: bool, opens_for: str
) -> SavedView:
    if not name.strip():
        raise Refused(_("Donnez un nom à cette vue."), code="view-name-missing", field="name")
    view.name, view.pinned, view.opens_for = name.strip()[:60], pinned, opens_for
    view.team_id, view.territory_id = team, None if team else territory
    audiences = SavedView.Audience
    view.audience = audiences.TEAM if team else audiences.TERRITORY if territory else audiences.ME
    target = view.team_id or view.territory_id
    if target is not None and target not in led():
        raise NotYours(
            _("On montre une vue à une équipe que l’on mène, ou à son territoire."),
            code="view-not-led",
            field="audience",
        )
    _make_room(view)
    view.save(force_insert=view._state.adding)
    body: dict[str, Any] = {"query": Filters.parse(view.filters).query(), "audience": view.audience}
    journal.act(
        "view.shared" if target else "view.saved",
        subject=("worklists.savedview", view.pk),
        body={**body, "target": str(target)} if target else body,
    )
    return view


def _make_room(view: SavedView) -> None:
    """One's own list opens on one view: the one chosen last."""
    if view.opens_for == SavedView.Opens.ME:
        others = SavedView.objects.filter(owner_id=view.owner_id, opens_for=SavedView.Opens.ME)
        others.exclude(pk=view.pk).update(opens_for="")


def led() -> list[UUID]:
    """The teams the current actor leads today, and their territories (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT worklists.led()")
        return list(cursor.fetchone()[0])
