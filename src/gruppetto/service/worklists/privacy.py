"""What the lists keep about persons: which of their requests a bulk act touched, thirty days."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.worklists.models import BulkLine

DAYS = 30

declare_rows(
    BulkLine,
    "intervention__person_id",
    why=_("pouvoir dire ce qui a été fait d’un seul geste, et revenir dessus"),
    kept=_("30 jours après le geste"),
    days=DAYS,
)
