"""Verbs of the journal and topics of the outbox for messages."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

PREPARED = "message.prepared"
SENT = "message.sent"
# Where a delivery or a message stands has changed: pages read again.
MOVED = "message.moved"
# The same, of a message about a request: the subject is the request, whose open pages tell its story again.
TOLD = "intervention.told"
# A carrier told something (``Report``).
REPORTED = "message.reported"
# A code of identity is asked for (``Code``), and where it stands.
CODE_ASKED = "message.code_asked"
CODE_MOVED = "message.code_moved"
TEXT_ASKED = "text.change_asked"
TEXT_ANSWERED = "text.change_answered"

declare("message.prepared", _("a préparé un message"), ("kind", "channel"))
declare("message.sent", _("a remis un message"), ("kind", "channel"))
declare("message.read", _("a ouvert un message préparé"))
declare("delivery.failed", _("a noté qu’un envoi n’est pas arrivé"), ("channel", "why"))
declare("delivery.uncertain", _("a noté un envoi incertain"), ("channel", "why"))
declare("delivery.arrived", _("a noté qu’un envoi est arrivé"), ("channel",))
declare("delivery.decided", _("a décidé d’un envoi"), ("channel", "choice", "before"))
declare("dead_end.noted", _("a noté une coordonnée qui ne répond plus"), ("channel", "why"))
declare("dead_end.ended", _("a vérifié une coordonnée"), ("channel",))
declare("identity.code_asked", _("a demandé un code d’identité"), ("how",))
declare("identity.code_sent", _("a envoyé un code d’identité"), ("how", "state"))
declare("identity.code_tried", _("a essayé un code d’identité"), ("result", "tries"))
declare("text.written", _("a écrit une version d’un texte type"), ("kind", "version", "why"))
declare("text.change_asked", _("a demandé de changer un texte type"), ("kind",))
declare("text.change_answered", _("a répondu à une demande sur un texte type"), ("kind", "answer"))
declare("price.set", _("a fixé le prix d’un envoi"), ("channel", "mills", "valid_from"))
declare("budget.set", _("a fixé un budget de messages"), ("team", "department", "mills", "from_month"))
