"""What this room keeps about persons."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.coordinates.models import Confirmation, Standing

declare_rows(
    Confirmation,
    why=_("savoir depuis quand une adresse ou un numéro est sûr"),
    kept=_("3 ans"),
    days=3 * 365,
)
declare_rows(
    Standing,
    why=_("demander à la personne si ses coordonnées sont toujours bonnes"),
    kept=_("tant que la personne est suivie"),
    days=0,
)
