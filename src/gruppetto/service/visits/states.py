"""The life of a visit and of its alarm, in one table: only a colleague who has answered closes an alarm."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.states import Machine, State, step
from gruppetto.service.visits.models import Visit

S = Visit.State
VISITOR, PLATFORM, ALERTED, TAKER = "visitor", "platform", "alerted", "taker"
CLOSED = {
    S.ENDED: _("Cette visite est finie."),
    S.CLOSED: _("Cette alarme est close."),
}

LIFE = Machine(
    name="visit",
    states={
        state.value: State(label=state.label, closed=CLOSED.get(state), final=state in CLOSED) for state in S
    },
    actors={
        VISITOR: _("qui fait la visite"),
        PLATFORM: _("la plate-forme"),
        ALERTED: _("qui reçoit l’alarme"),
        TAKER: _("qui s’en occupe"),
    },
    transitions=(
        step(S.UNDER_WAY, S.ENDED, "out", VISITOR, _("Tout va bien, je suis sorti")),
        step(S.UNDER_WAY, S.RAISED, "raise", f"{VISITOR} {PLATFORM}", _("J’ai besoin d’aide")),
        step(S.RAISED, S.TAKEN, "take", ALERTED, _("Je m’en occupe")),
        step(S.TAKEN, S.TAKEN, "take_over", ALERTED, _("M’en occuper à sa place")),
        step(S.TAKEN, S.CLOSED, "close", TAKER, _("Clore l’alarme")),
    ),
)
