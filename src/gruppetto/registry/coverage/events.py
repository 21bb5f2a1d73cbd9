"""Verbs of the journal and topics of the outbox for coverage."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

PLACED = "person.placed"

declare("person.placed", _("a affecté la personne à un portefeuille"), ("portfolio", "before", "reason"))
declare("portfolio.handed_over", _("a transmis un portefeuille"), ("portfolio", "from", "to", "on", "why"))
declare("staff.absence_declared", _("a noté une absence"), ("staff", "first", "last", "reason"))
declare("zone.defined", _("a défini une zone"), ("zone", "parts", "on"))
declare("zone.covered", _("a confié une zone à une équipe"), ("zone", "team", "on"))
