"""A human vouches for what the catalogue says: until then every screen shows « à vérifier »."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.accounts import acting_account
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.service.catalogue.models import ANOTHER_CHECKS, DistressGuide, HelpLine, KindVersion
from gruppetto.service.catalogue.reads import in_force

journal.declare("catalogue.checked", _("a vérifié une entrée du catalogue"), ("table", "code"))

Row = TypeVar("Row", KindVersion, HelpLine, DistressGuide)


@verb
def check_kind(code: str) -> KindVersion:
    """Vouch for the version of a kind that is in force: its source was read by a human today.

    Raises ``Unknown``; ``NotYours`` (needs-a-human, check-by-the-author); ``Refused`` (already-checked).
    """
    return _check(KindVersion.objects.filter(in_force(now()), kind_id=code, published=True).first(), code)


@verb
def check_help_line(code: str) -> HelpLine:
    """Vouch for a number of the distress panel: somebody dialled it or read it at its owner's. Raises as above."""
    return _check(HelpLine.objects.filter(in_force(now()), code=code).first(), code)


@verb
def check_guide(code: str) -> DistressGuide:
    """Vouch for what to do in a grave situation. Raises as above."""
    return _check(DistressGuide.objects.filter(in_force(now()), code=code).first(), code)


def _check(row: Row | None, code: str) -> Row:
    if row is None:
        raise Unknown(_("Cette entrée du catalogue n’existe pas."), code="unknown-entry")
    account = acting_account()
    if row.checked_on == today():
        raise Refused(_("C’est déjà vérifié aujourd’hui."), code="already-checked")
    if row.created_by_id == account.pk:
        raise NotYours(ANOTHER_CHECKS, code="check-by-the-author")
    row.checked_by, row.checked_on, row.checker = account.name, today(), account
    row.save(update_fields=["checked_by", "checked_on", "checker"])
    journal.act("catalogue.checked", body={"table": row._meta.model_name, "code": code})
    return row
