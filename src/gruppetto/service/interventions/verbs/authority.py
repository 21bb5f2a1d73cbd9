"""On whose word: one's own authority as the one who works it, or the person's, in a contact in one's hands."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import NotYours, Unknown
from gruppetto.service.contacts.standing import standing
from gruppetto.service.interventions import states
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs.steps import who_am_i

# What the person decides of their own requests needs an identity as sure as hearing of them does.
LEVEL = 2


def check_word(intervention: Intervention, contact_id: UUID | None, *, order: bool = False) -> None:
    """The actor may record what the person says: they work it or lead the team, or hear it in ``contact_id``.

    ``order``: the person asks for something (a relative then needs the right to). Raises ``NotYours`` (contact-missing,
    contact-not-yours), ``Unknown`` (contact-other-person), ``Refused`` (identity-too-low, relative-may-not-ask).
    """
    if contact_id is None:
        if who_am_i(intervention) & {states.WORKER, states.SUPERVISOR, states.PLATFORM}:
            return
        raise NotYours(
            _("Dites dans quel appel la personne le demande : vous ne suivez pas cette demande."),
            code="contact-missing",
        )
    stands = standing(contact_id)
    if stands.contact.subject_id != intervention.subject_id:
        raise Unknown(_("Ce contact ne concerne pas cette personne."), code="contact-other-person")
    stands.check_hearing()
    if order:
        stands.check_order(LEVEL)
