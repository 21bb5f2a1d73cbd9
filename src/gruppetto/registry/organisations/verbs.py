"""What can happen to an organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.geography.names import name_key
from gruppetto.registry.organisations.facts import clean_phone, clean_siren, clean_siret
from gruppetto.registry.organisations.models import Organisation

journal.declare("organisation.added", _("a ajouté un organisme"))
journal.declare("organisation.changed", _("a modifié un organisme"), ("fields",))
journal.declare("organisation.retired", _("a marqué un organisme comme fermé"))
journal.declare("organisation.checked", _("a vérifié un organisme"))

CLEANERS: Mapping[str, Callable[[str], str]] = {
    "siren": clean_siren,
    "siret": clean_siret,
    "phone": clean_phone,
    "name": lambda typed: " ".join(typed.split()),
    "website": str.strip,
    "notes": str.strip,
    "source_url": str.strip,
}
EDITABLE = frozenset({*CLEANERS, "commune", "parent", "active_from", "seen_on"})


@verb
def add(kind: str, name: str, *, key: str = "", **facts: Any) -> Organisation:
    """Add an organisation. ``facts``: fields of ``EDITABLE``, as typed (a SIRET alone gives its SIREN).

    Raises ``Refused`` (``wrong-siren``, ``wrong-siret``, ``wrong-phone``, or the broken rule's own code).
    """
    organisation = Organisation(kind=kind, key=key)
    _set(organisation, {"name": name, **facts})
    organisation.save(force_insert=True)
    journal.act("organisation.added", subject=_subject(organisation))
    return organisation


@verb
def change(organisation_id: UUID, **facts: Any) -> Organisation:
    """Change fields of ``EDITABLE``; what was vouched for before is to be checked again."""
    organisation = _locked(organisation_id)
    changed = _set(organisation, facts)
    if changed:
        organisation.checked_by_id = organisation.checked_on = None
        organisation.save()
        journal.act("organisation.changed", subject=_subject(organisation), body={"fields": changed})
    return organisation


@verb
def retire(organisation_id: UUID, on: date) -> Organisation:
    """Mark the organisation as closed from the day ``on``; it stays readable where it was used."""
    organisation = _locked(organisation_id)
    organisation.active_until = on
    organisation.save(update_fields=["active_until"])
    journal.act("organisation.retired", subject=_subject(organisation))
    return organisation


@verb
def check(organisation_id: UUID) -> Organisation:
    """Vouch for the facts as they are today: by a signed-in human, never by a job or a command."""
    account_id = current_actor().account_id
    if account_id is None:
        raise Refused(
            _("Seule une personne connectée peut vérifier un organisme."), code="check-needs-a-human"
        )
    organisation = _locked(organisation_id)
    organisation.checked_by_id = account_id
    organisation.checked_on = now().astimezone(PARIS).date()
    organisation.save(update_fields=["checked_by", "checked_on"])
    journal.act("organisation.checked", subject=_subject(organisation))
    return organisation


def _set(organisation: Organisation, facts: Mapping[str, Any]) -> list[str]:
    """Put cleaned facts on the organisation; the names of the fields that changed."""
    if stray := facts.keys() - EDITABLE:
        raise ValueError(f"not a fact of an organisation: {', '.join(sorted(stray))}")
    changed = []
    for field, typed in facts.items():
        value = CLEANERS[field](typed) if field in CLEANERS else typed
        if getattr(organisation, field) != value:
            setattr(organisation, field, value)
            changed.append(field)
    organisation.name_key = name_key(organisation.name)
    if organisation.siret and not organisation.siren:
        organisation.siren = organisation.siret[:9]
    if organisation.parent and organisation.parent.kind != Organisation.Kind.OWN:
        raise Refused(
            _("Une de nos sociétés ne peut être rattachée qu’à une autre de nos sociétés."),
            code="parent-is-not-ours",
            field="parent",
        )
    return sorted(changed)


def _locked(organisation_id: UUID) -> Organisation:
    organisation = Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
    if organisation is None:
        raise Unknown(_("Cet organisme n’existe pas."), code="unknown-organisation")
    return organisation


def _subject(organisation: Organisation) -> tuple[str, UUID]:
    return "organisation", organisation.pk
