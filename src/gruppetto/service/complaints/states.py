"""The life of a complaint, in one table: who handles it moves it on, nobody else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.states import Machine, State, step
from gruppetto.service.complaints.models import Complaint

S = Complaint.State
READER, HANDLER = "reader", "handler"

LIFE = Machine(
    name="complaint",
    states={
        state.value: State(
            label=state.label,
            closed=_("Cette réclamation est close.") if state is S.CLOSED else None,
            final=state is S.CLOSED,
        )
        for state in S
    },
    actors={READER: _("un responsable qu’elle ne concerne pas"), HANDLER: _("qui s’en charge")},
    transitions=(
        step(S.RECEIVED, S.IN_HAND, "take", READER, _("M’en charger")),
        step(S.IN_HAND, S.RECEIVED, "pass_on", HANDLER, _("Transmettre")),
        step(S.IN_HAND, S.ANSWERED, "answer", HANDLER, _("Répondre")),
        step(S.ANSWERED, S.IN_HAND, "reopen", HANDLER, _("Reprendre")),
        step(S.ANSWERED, S.MEDIATION, "refer", HANDLER, _("Orienter vers le médiateur")),
        step(S.IN_HAND, S.CLOSED, "withdraw", HANDLER, _("Noter que la personne y renonce")),
        step(S.ANSWERED, S.CLOSED, "close", HANDLER, _("Clore")),
        step(S.MEDIATION, S.CLOSED, "close", HANDLER, _("Clore")),
    ),
)
