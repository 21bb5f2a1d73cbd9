"""Verbs of the journal and topics of the outbox for interventions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.journal import declare

# Topics. Each is about one intervention and heard by who sees its portfolio.
OPENED = "intervention.opened"
MOVED = "intervention.moved"
ANSWERED = "intervention.answered"
# The person said yes or no to the answer: no call is owed any more.
HEARD = "intervention.heard"
NOTED = "intervention.noted"
# Something waits to be read by one colleague.
NOTICE = "notice.given"

STEPS = {
    "assign": _("a confié l’intervention"),
    "start": _("a commencé"),
    "wait_person": _("attend la personne"),
    "wait_provider": _("attend l’organisme"),
    "wait_paper": _("attend un papier"),
    "resume": _("a repris"),
    "answer": _("a répondu"),
    "confirm": _("a noté l’accord de la personne"),
    "give_up_confirming": _("a classé la réponse sans confirmation"),
    "close": _("a clos"),
    "reopen": _("a rouvert"),
    "reopen_to_queue": _("a rouvert et passé au responsable"),
    "cancel": _("a annulé"),
    "change_kind": _("a changé la démarche"),
    "change_urgency": _("a changé l’urgence"),
    "recompute": _("a recalculé le délai promis"),
    "merge": _("a réuni cette demande à une autre"),
    "unmerge": _("a séparé de nouveau deux demandes réunies"),
    "unmerge_to_queue": _("a séparé deux demandes réunies et passé l’une au responsable"),
}

declare("intervention.opened", _("a ouvert une intervention"), ("kind", "reference"))
for verb, said in STEPS.items():
    declare(f"intervention.{verb}", said, ("source", "target", "why", "outcome"))
declare("intervention.looked_at", _("a consulté une intervention"))
declare("intervention.noted", _("a écrit une note"), ("whom",))
declare("intervention.paper_changed", _("a mis à jour un papier"), ("paper", "state"))
declare("intervention.attached", _("a joint un document"))
declare("intervention.attempted", _("a essayé d’avoir l’accord de la personne"), ("how",))
declare("intervention.corrected", _("a corrigé ce qui est demandé"), ("fields",))
declare("intervention.snoozed", _("a mis de côté jusqu’à une date"), ("until", "why"))
declare("intervention.woken", _("a repris ce qui était mis de côté"), ("by_date",))
declare("intervention.absorbed", _("a gardé cette demande pour deux"), ("other",))
declare("intervention.split", _("a séparé une demande en deux"), ("other", "papers", "documents", "notes"))
declare("intervention.linked", _("a lié deux demandes"), ("other", "kind"))
declare("intervention.unlinked", _("a délié deux demandes"), ("other", "kind"))
declare("intervention.offered", _("a proposé à un collègue de prendre la suite"), ("to",))
declare("intervention.accepted", _("a pris la suite d’un collègue"), ("giver",))
declare("intervention.declined", _("n’a pas pris la suite d’un collègue"), ("giver", "why"))
declare("intervention.withdrawn", _("a retiré la suite proposée à un collègue"), ("to",))
declare("intervention.mentioned", _("a cité un collègue dans une note"), ("account",))
declare("intervention.followed", _("suit une intervention"))
declare("intervention.unfollowed", _("ne suit plus une intervention"))
