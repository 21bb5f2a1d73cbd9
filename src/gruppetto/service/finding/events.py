"""What this room writes to the journal: that somebody searched, never for what."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("search.made", _("a fait une recherche"))
