"""What the messages room keeps about persons."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.messages.models import Message

declare_rows(
    Message,
    why=_("prouver ce qui a été dit à la personne"),
    kept=_("5 ans"),
    days=5 * 365,
    erased="blanked",
    blank=("title", "text"),
)
