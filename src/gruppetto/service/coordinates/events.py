"""What happens in this room."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("coordinate.confirmed", _("a confirmé une coordonnée avec la personne"), ("what",))
declare("coordinate.returned", _("a noté un courrier ou un message revenu"), ("what",))
