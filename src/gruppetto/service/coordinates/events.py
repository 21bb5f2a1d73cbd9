"""What happens in this room."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

CONFIRMED, RETURNED = "coordinate.confirmed", "coordinate.returned"

declare(CONFIRMED, _("a confirmé une coordonnée avec la personne"), ("what",))
declare(RETURNED, _("a noté un courrier ou un message revenu"), ("what",))
