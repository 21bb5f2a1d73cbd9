"""What the coverage room keeps about persons."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.coverage.models import Placement
from gruppetto.registry.people.holders import declare_rows

declare_rows(
    Placement,
    why=_("savoir qui suivait la personne, et pourquoi cela a changé"),
    kept=_("5 ans après la fin de l’abonnement"),
    days=5 * 365,
    erased="blanked",
    blank=("reason", "weighed"),
)
