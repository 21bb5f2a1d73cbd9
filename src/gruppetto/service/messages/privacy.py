"""What the messages room keeps about persons."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.messages.models import Code, DeadEnd, Delivery, Message

SAID = _("prouver ce qui a été dit à la personne")
FIVE_YEARS = 5 * 365

declare_rows(
    Message, why=SAID, kept=_("5 ans"), days=FIVE_YEARS, erased="blanked", blank=("title", "text", "short")
)
declare_rows(
    Delivery,
    why=SAID,
    kept=_("5 ans"),
    days=FIVE_YEARS,
    erased="blanked",
    blank=("title", "text", "recipient"),
)
declare_rows(DeadEnd, why=_("ne pas écrire là où rien n’arrive"), kept=_("avec la fiche de la personne"))
declare_rows(Code, why=_("prouver comment la personne a été reconnue"), kept=_("5 ans"), days=FIVE_YEARS)
