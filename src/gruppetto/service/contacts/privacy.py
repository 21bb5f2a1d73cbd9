"""What this room keeps about persons: why, how long, what erasure does."""

from django.utils.translation import gettext_lazy as _

from gruppetto.registry.people.holders import declare_rows
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, ProtectedRecord

YEAR = 365
# Kept in clear words and as sealed bodies of telephony; jobs.py removes them.
DRAFT_DAYS = EVENT_DAYS = 30

declare_rows(
    Contact,
    why=_("retrouver vos échanges avec nous"),
    kept=_("3 ans après l’échange"),
    days=3 * YEAR,
    erased="blanked",
    blank=("person_id", "person_shelf", "caller_id", "caller_link", "number", "summary", "read_back"),
)
declare_rows(
    ContactReason,
    why=_("savoir pourquoi vous nous avez contactés, et si vous avez dû recommencer"),
    kept=_("3 ans après l’échange"),
    days=3 * YEAR,
    erased="blanked",
    blank=("person_id", "other"),
)
declare_rows(
    CallBack,
    why=_("vous rappeler comme promis"),
    kept=_("3 ans après le rappel"),
    days=3 * YEAR,
)
declare_rows(
    ProtectedRecord,
    why=_("vous protéger d’un danger, d’une arnaque ou de mauvais traitements"),
    kept=_("5 ans après le signalement"),
    days=5 * YEAR,
    erased="kept",
)
