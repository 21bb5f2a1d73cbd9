"""Questions about organisations; one query each."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Unknown
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.organisations.models import Organisation


def active(on: date, kind: str = "") -> QuerySet[Organisation]:
    """Those open on the day ``on``, of one kind or of all, by name."""
    begun = Q(active_from=None) | Q(active_from__lte=on)
    going = Q(active_until=None) | Q(active_until__gt=on)
    found = Organisation.objects.filter(begun, going).order_by("name_key", "id")
    return found.filter(kind=kind) if kind else found


def by_key(key: str) -> Organisation:
    """The organisation that the catalogue calls ``key`` ("caf"); ``Unknown`` when there is none."""
    found = Organisation.objects.filter(key=key).first() if key else None
    if found is None:
        raise Unknown(_("Cet organisme n’existe pas."), code="unknown-organisation")
    return found


def propose(text: str, on: date, kind: str = "", limit: int = 8) -> list[Organisation]:
    """Those open on ``on`` with a word of the name beginning as ``text`` does; nothing for an empty text."""
    typed = name_key(text)
    if not typed:
        return []
    return list(
        active(on, kind).filter(Q(name_key__startswith=typed) | Q(name_key__contains=f" {typed}"))[:limit]
    )


def unchecked(on: date) -> QuerySet[Organisation]:
    """Those that no human vouched for yet ("à vérifier")."""
    return active(on).filter(checked_on=None)
