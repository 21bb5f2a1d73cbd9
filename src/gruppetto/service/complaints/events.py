"""Verbs of the journal about complaints: their traces name neither the person nor a portfolio.

No live notice is published: it would reach those whom the complaint is about.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

declare("complaint.filed", _("a noté une réclamation"), ("reference", "about"))
declare("complaint.read", _("a lu une réclamation"))
declare("complaint.take", _("s’est chargé d’une réclamation"))
declare("complaint.pass_on", _("a transmis une réclamation"))
declare("complaint.concern", _("a ajouté quelqu’un que concerne une réclamation"))
declare("complaint.note", _("a noté ce qui est fait d’une réclamation"))
declare("complaint.answer", _("a répondu à une réclamation"), ("finding",))
declare("complaint.reopen", _("a repris une réclamation"))
declare("complaint.refer", _("a orienté une réclamation vers le médiateur"))
declare("complaint.withdraw", _("a noté qu’une personne renonce à sa réclamation"))
declare("complaint.close", _("a clos une réclamation"), ("ending",))
declare("complaint.terms_set", _("a changé le délai des réclamations ou le médiateur"), ("days",))
