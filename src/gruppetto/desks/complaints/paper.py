"""The letter about a complaint: it never goes by the messages of the person, which their correspondent reads."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.documents import render
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.people.reads import PersonCard
from gruppetto.service.complaints.models import Complaint, Terms
from gruppetto.service.complaints.reads import Told


def written(told: Told, known: PersonCard, terms: Terms, *, large_print: bool) -> bytes:
    """The PDF: the answer with the mediator's name, or that we have it and by when we answer.

    Raises ``Refused`` (address-missing).
    """
    where = known.mail or known.home
    if where is None:
        raise Refused(
            _("Il manque l’adresse de la personne : notez-la dans sa fiche, puis imprimez la lettre."),
            code="address-missing",
        )
    complaint = told.complaint
    paragraphs = _answered(complaint, terms) if complaint.answer else _received(complaint)
    return render(
        "letter",
        {
            "title": _("Votre réclamation %(reference)s") % {"reference": complaint.reference},
            "recipient": [known.name, *where.lines.splitlines()[:4], f"{where.postcode} {where.commune}"],
            "place_and_date": _("Le %(day)s") % {"day": _day(now())},
            "greeting": _("%(name)s,") % {"name": known.name},
            "paragraphs": paragraphs,
            "closing": _("Avec nos salutations."),
            "signature": {"name": settings.GRUPPETTO_NAME},
            "to_do": None,
        },
        large_print=large_print,
    )


def _received(complaint: Complaint) -> list[str]:
    return [
        _("Nous avons bien reçu votre réclamation le %(day)s.") % {"day": _day(complaint.received_at)},
        _("Une personne qu’elle ne concerne pas s’en occupe."),
        _("Nous vous répondons au plus tard le %(day)s.") % {"day": _day(complaint.due_at)},
    ]


def _answered(complaint: Complaint, terms: Terms) -> list[str]:
    paragraphs = [part.strip() for part in complaint.answer.split("\n") if part.strip()]
    if terms.mediator:
        paragraphs.append(
            _(
                "Si cette réponse ne vous convient pas, vous pouvez demander l’aide du médiateur. C’est gratuit."
            )
        )
        paragraphs.append(", ".join([terms.mediator, *terms.mediator_address.splitlines()]))
    return paragraphs


def _day(at: datetime) -> str:
    return day_text(at.astimezone(PARIS).date(), year=True, weekday=False)
