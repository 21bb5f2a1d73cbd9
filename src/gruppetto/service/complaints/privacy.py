"""What the complaints room keeps about persons: five years after closing, then the words go."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.complaints.models import Complaint, Step

YEARS = 5 * 365
KEPT = _("5 ans après la clôture de la réclamation")

declare_rows(
    Complaint,
    why=_("répondre à la réclamation, et pouvoir montrer comment"),
    kept=KEPT,
    days=YEARS,
    erased="blanked",
    blank=("words", "wish", "answer", "change"),
)
declare_rows(
    Step,
    "complaint__person_id",
    why=_("savoir ce qui a été fait de la réclamation"),
    kept=KEPT,
    days=YEARS,
    erased="blanked",
    blank=("note",),
)
