"""What this desk itself writes to the journal: looks of its own."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("day_sheet.printed", _("a imprimé la feuille du jour, avec cette personne"))
