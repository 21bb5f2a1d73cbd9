"""Verbs of the journal for the lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("worklist.exported", _("a enregistré une liste de demandes en fichier"), ("query", "lines"))
declare("view.saved", _("a gardé une vue de la liste"), ("query", "audience"))
declare("view.shared", _("a montré une vue de la liste à d’autres"), ("query", "audience", "target"))
declare("view.removed", _("a retiré une vue de la liste"), ("audience",))
declare("bulk.done", _("a fait un geste groupé"), ("act", "query", "lines", "done", "refused"))
declare("bulk.undone", _("a annulé un geste groupé"), ("act", "lines", "undone", "kept"))
declare(
    "intervention.put_back", _("a remis l’intervention comme avant un geste groupé"), ("source", "target")
)
