"""Verbs of the journal and topics of the outbox of this room."""

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

# For every desk's line pane; subject: the contact.
LINE_CHANGED = "line.changed"
TAKEN = "contact.taken"
CONCLUDED = "contact.concluded"
# For who sees the person's portfolio.
PERSON_CHOSEN = "contact.person_chosen"
FAILURES_SEEN = "contact.failures_seen"
JOIN_ASKED = "contact.join_asked"
JOINED = "contact.joined"
PROTECTED = "protected.written"
CALL_BACK_DUE = "call_back.due"
CALL_BACK_CHANGED = "call_back.changed"
CALL_BACK_GIVEN_UP = "call_back.given_up"
# For the telephone, when a provider places our calls.
TO_PLACE = "call.to_place"
TO_CONNECT = "call.to_connect"

declare("call.received", _("a signalé un appel"), ("line", "state"))
declare("call.lifted", _("a signalé un appel décroché"))
declare("call.missed", _("a signalé un appel manqué"))
declare("call.ended", _("a signalé la fin d’un appel"))
declare("contact.taken", _("a pris l’appel"))
declare("contact.written_up", _("a repris un appel déjà fini"))
declare("contact.opened", _("a noté un contact"), ("channel", "direction"))
declare("contact.passed_on", _("a transféré l’appel"), ("to",))
declare("contact.join_asked", _("a demandé au correspondant de rejoindre l’appel"), ("asked",))
declare("contact.joined", _("a rejoint l’appel"))
declare("contact.hung_up", _("a raccroché"))
declare("contact.concluded", _("a conclu le contact"))
declare("contact.left", _("a laissé un contact sans conclusion"))
declare("contact.person_chosen", _("a rattaché le contact à la personne"), ("caller", "link", "before"))
declare("contact.reasons_noted", _("a noté les motifs du contact"), ("reasons",))
declare("reasons.settled", _("a traité un motif dit autrement"), ("times",))
declare("contact.asked_by_us", _("a noté que nous avions demandé ce contact"))
declare("contact.read_back", _("a relu la demande, la personne est d’accord"))
declare("identity.level", _("a fait changer le niveau d’identité"), ("before", "level"))
declare("identity.vouched", _("a reconnu la personne"), ("how",))
declare("identity.failures_seen", _("a lu qu’une identité n’était pas confirmée"))
declare("call_back.owed", _("a prévu un rappel"), ("why", "due_at"))
declare("call_back.started", _("a commencé un rappel"))
declare("call_back.attempted", _("a essayé de rappeler"), ("reached", "attempts"))
declare("call_back.written", _("a préparé un message après deux essais de rappel"))
declare("call_back.settled", _("a réglé un rappel abandonné"), ("again",))
declare("call_back.moot", _("a retiré un rappel sans objet"))
# No person and no portfolio in these: whoever the record is about must not learn of it by its trace (G23, G24).
declare("protected.written", _("a écrit une fiche protégée"))
declare("protected.read", _("a lu une fiche protégée"))
