"""What this room keeps about persons: the words of their requests, to find them again; nothing that is not elsewhere.

The list of known words (``Word``) names nobody: a word that no story holds any more leaves it within a week.
"""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.finding.models import Story

declare_rows(
    Story,
    why=_("retrouver une demande ou un échange par ses mots"),
    kept=_("aussi longtemps que la demande ou l’échange"),
)
