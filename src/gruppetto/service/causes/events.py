"""Verbs of the journal about causes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("cause.found", _("a noté la cause d’un contact"), ("cause", "before"))
declare("cause.added", _("a ajouté une cause à la liste"), ("cause",))
declare("cause.retired", _("a retiré une cause de la liste"), ("cause",))
