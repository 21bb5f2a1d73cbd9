"""Where what we said to a person stands, as every desk shows it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gruppetto.desks.shared.looks import Look
from gruppetto.service.messages.models import Delivery, Message

LOOKS: dict[str, Look] = {
    Delivery.State.QUEUED: Look(_("Va partir"), "info", "hourglass-split"),
    Delivery.State.HELD: Look(_("Retenu : budget dépassé"), "warning", "pause-circle"),
    Delivery.State.SENDING: Look(_("Part"), "info", "send"),
    Delivery.State.UNKNOWN: Look(_("Envoi incertain"), "warning", "question-circle"),
    Delivery.State.SENT: Look(_("Envoyé"), "good", "send-check"),
    Delivery.State.ARRIVED: Look(_("Arrivé"), "good", "check-circle-fill"),
    Delivery.State.FAILED: Look(_("Pas arrivé"), "danger", "x-octagon"),
    Delivery.State.DROPPED: Look(_("Abandonné"), "neutral", "x-circle"),
}
BY_HAND: dict[str, Look] = {
    Message.State.PREPARED: Look(_("À remettre par nous"), "warning", "envelope"),
    Message.State.QUEUED: Look(_("Va partir"), "info", "hourglass-split"),
    Message.State.SENT: Look(_("Remis"), "good", "check-circle-fill"),
    Message.State.DROPPED: Look(_("Abandonné"), "neutral", "x-circle"),
}
CARRIED = (Message.State.QUEUED, Message.State.SENT)


def standing(code: str) -> Look:
    """How a message stands, from "its state/its delivery's" ("sent/arrived", "prepared/failed").

    A human's hand counts more than the carrier that failed before it.
    """
    message, _slash, delivery = code.partition("/")
    return LOOKS[delivery] if delivery and message in CARRIED else BY_HAND[message]
