"""A prepared message as a letter to post."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.documents import render
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.people.reads import PersonCard
from gruppetto.service.messages.models import Message


def letter(message: Message, known: PersonCard, *, large_print: bool) -> bytes:
    """The PDF of ``message`` to the person of ``known``. Raises ``Refused`` (address-missing) without an address."""
    where = known.mail or known.home
    if where is None:
        raise Refused(
            _("Il manque l’adresse de la personne : notez-la dans sa fiche, puis imprimez la lettre."),
            code="address-missing",
        )
    day = day_text(message.prepared_at.astimezone(PARIS).date(), year=True, weekday=False)
    greeting, *paragraphs = [part.strip() for part in message.text.split("\n") if part.strip()]
    return render(
        "letter",
        {
            "title": message.title,
            "recipient": [known.name, *where.lines.splitlines()[:4], f"{where.postcode} {where.commune}"],
            "place_and_date": _("Le %(day)s") % {"day": day},
            "greeting": greeting,
            "paragraphs": paragraphs,
            "closing": _("Avec nos salutations."),
            "signature": {"name": settings.GRUPPETTO_NAME},
            "to_do": None,
        },
        large_print=large_print,
    )
