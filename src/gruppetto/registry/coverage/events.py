"""Verbs of the journal and topics of the outbox for coverage."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

PLACED = "person.placed"
MAP_CHANGED = "coverage.map_changed"

declare("person.placed", _("a affecté la personne à un portefeuille"), ("portfolio", "before", "reason"))
declare("portfolio.handed_over", _("a transmis un portefeuille"), ("portfolio", "from", "to", "on", "why"))
declare("staff.absence_declared", _("a noté une absence"), ("staff", "first", "last", "reason"))
declare("zone.defined", _("a défini une zone"), ("zone", "parts", "on"))
declare("zone.covered", _("a confié une zone à une équipe"), ("zone", "team", "on"))
declare("territory.opened", _("a ouvert un territoire"), ("territory",))
declare("zone.renamed", _("a renommé une zone"), ("zone",))
declare("zone.parts_added", _("a ajouté des communes à une zone"), ("zone", "parts", "on"))
declare("zone.part_removed", _("a retiré une commune d’une zone"), ("zone", "part", "on"))
declare("team.opened", _("a ouvert une équipe"), ("team",))
declare("team.renamed", _("a renommé une équipe"), ("team",))
declare("team.joined", _("a fait entrer quelqu’un dans une équipe"), ("team", "staff", "leads", "on"))
declare("team.left", _("a noté un départ d’une équipe"), ("team", "staff", "on"))
declare("portfolio.opened", _("a ouvert un portefeuille"), ("portfolio",))
declare("portfolio.changed", _("a modifié un portefeuille"), ("portfolio", "fields", "substitute"))
declare("portfolio.closed", _("a fermé un portefeuille"), ("portfolio", "on"))
