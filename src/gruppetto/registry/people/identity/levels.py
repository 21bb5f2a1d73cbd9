"""How sure we are of who speaks, and what follows: pure rules (the lists of the issue, "Identity levels")."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

WRONG_ANSWERS = 3
"""So many in one contact, and it stays at level 0: we propose to call back, the supervisor sees it."""
FACTS_NEEDED = 2
UNKNOWN, NUMBER_KNOWN, MATCHED, CONFIRMED = 0, 1, 2, 3
CEILING_BEFORE_VISIT = MATCHED


class Hearing(StrEnum):
    """What may be told to who speaks."""

    GENERAL = "general"
    KNOWN = "known"
    OWN_REQUESTS = "own_requests"
    EVERYTHING = "everything"


class Order(StrEnum):
    """What who speaks may ask us to do."""

    CALL_BACK = "call_back"
    HELP_ON_LINE = "help_on_line"
    CALL_BACK_VERIFIED = "call_back_verified"
    GENERAL_REQUEST = "general_request"
    NEW_REQUEST = "new_request"
    APPOINTMENT = "appointment"
    CHANGE_APPOINTMENT = "change_appointment"
    PAYMENT = "payment"
    MANDATE = "mandate"
    CHANGE_DETAILS = "change_details"
    RELATIVE_RIGHTS = "relative_rights"


@dataclass(frozen=True, slots=True)
class Level:
    """A level: its name, how one comes to it, what may be heard and ordered there (and at those above)."""

    number: int
    name: object
    how: object
    hears: object
    orders: object
    hearings: frozenset[Hearing]
    allowed: frozenset[Order]


LEVELS = (
    Level(
        UNKNOWN,
        _("inconnu"),
        _("On ne sait pas encore qui parle."),
        _("des informations générales"),
        _("un rappel ; une aide, avec la personne en ligne, sur ce qu’elle dit elle-même"),
        frozenset({Hearing.GENERAL}),
        frozenset({Order.CALL_BACK, Order.HELP_ON_LINE}),
    ),
    Level(
        NUMBER_KNOWN,
        _("numéro connu"),
        _("Le numéro est dans un dossier. Un numéro seul ne prouve rien."),
        _("que nous la connaissons, et rien de personnel"),
        _("un rappel sur un numéro vérifié, une demande générale"),
        frozenset({Hearing.KNOWN}),
        frozenset({Order.CALL_BACK_VERIFIED, Order.GENERAL_REQUEST}),
    ),
    Level(
        MATCHED,
        _("reconnu"),
        _("Deux réponses justes aux questions tirées par la plate-forme."),
        _("où en sont ses demandes et ses rendez-vous"),
        _("une nouvelle demande, un rendez-vous, un changement de rendez-vous"),
        frozenset({Hearing.OWN_REQUESTS}),
        frozenset({Order.NEW_REQUEST, Order.APPOINTMENT, Order.CHANGE_APPOINTMENT}),
    ),
    Level(
        CONFIRMED,
        _("confirmé"),
        _(
            "Un code reçu sur un numéro vérifié et redit, ou son propre correspondant qui le reconnaît, et qui le note."
        ),
        _("tout ce qui la concerne"),
        _("un paiement, un mandat, un changement de coordonnées, les droits d’un proche"),
        frozenset({Hearing.EVERYTHING}),
        frozenset({Order.PAYMENT, Order.MANDATE, Order.CHANGE_DETAILS, Order.RELATIVE_RIGHTS}),
    ),
)


def allows(level: int, order: str) -> bool:
    """May who is at ``level`` order that? Raises ``ValueError`` for an unknown order."""
    wanted = Order(order)
    return any(wanted in known.allowed for known in LEVELS[: level + 1])


def may_hear(level: int, what: str) -> bool:
    """May who is at ``level`` hear that? Raises ``ValueError`` for an unknown subject."""
    wanted = Hearing(what)
    return any(wanted in known.hearings for known in LEVELS[: level + 1])


def level_of(
    *,
    number_known: bool = False,
    matched: Collection[str] = (),
    wanted: Collection[str] = (),
    wrong: int = 0,
    confirmed: bool = False,
    highest: int = CONFIRMED,
) -> int:
    """The level of a contact.

    ``matched``: facts answered rightly; ``wanted``: those that must all be (before the first visit: birth date and
    address beside one fact); ``wrong``: wrong answers in this contact; ``confirmed``: a code, or the person's own
    correspondent; ``highest``: the person's ceiling.
    """
    if wrong >= WRONG_ANSWERS:
        return UNKNOWN
    facts = set(matched) - set(wanted)
    enough = set(wanted) <= set(matched) and len(facts) >= (1 if wanted else FACTS_NEEDED)
    reached = CONFIRMED if confirmed else MATCHED if enough else NUMBER_KNOWN if number_known else UNKNOWN
    return min(reached, highest)
