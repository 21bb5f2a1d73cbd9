"""Verbs of the journal of this desk."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

# Who reads the journal is in the journal.
declare("journal.read", _("a consulté le journal"))
