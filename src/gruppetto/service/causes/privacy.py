"""What the room keeps about persons: the cause of a contact, as long as its reason."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.causes.models import Finding

declare_rows(
    Finding,
    why=_("savoir pourquoi les personnes doivent nous contacter, pour y remédier"),
    kept=_("comme le motif du contact"),
)
