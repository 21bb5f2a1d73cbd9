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
}

declare("intervention.opened", _("a ouvert une intervention"), ("kind", "reference"))
for verb, said in STEPS.items():
    declare(f"intervention.{verb}", said, ("source", "target", "why", "outcome"))
declare("intervention.looked_at", _("a consulté une intervention"))
declare("intervention.noted", _("a écrit une note"), ("whom",))
declare("intervention.paper_changed", _("a mis à jour un papier"), ("paper", "state"))
declare("intervention.attached", _("a joint un document"))
declare("intervention.attempted", _("a essayé d’avoir l’accord de la personne"), ("how",))
