"""What interventions know that confirms an identity: the subject of the last answered request (tables.md)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.identity import declare_fact
from gruppetto.registry.people.models import Person
from gruppetto.service.catalogue.reads import kind_version
from gruppetto.service.interventions.models import Intervention


def last_answered(person: Person) -> str | None:
    """The kind's label of the last answered request; None when there is none."""
    found = (
        Intervention.objects.filter(subject_id=person.pk, answered_at__isnull=False)
        .order_by("-answered_at")
        .values_list("kind", "kind_version")
        .first()
    )
    return kind_version(*found).label if found else None


declare_fact(
    "last_request",
    _("Sur quoi portait votre dernière demande à laquelle nous avons répondu ?"),
    last_answered,
    kind="words",
)
