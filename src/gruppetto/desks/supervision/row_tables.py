"""The rows behind the figures, as tables; people are named only to who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.looks import CALL_BACK, CHANNEL, CONTACT, INTERVENTION, OUTCOME
from gruppetto.kernel.identifiers.phones import mask
from gruppetto.kernel.search.pages import Page
from gruppetto.registry.people.reads import display_names
from gruppetto.service.contacts.models import CallBack, Contact, ContactReason, LineCall
from gruppetto.service.contacts.reads import reason_labels
from gruppetto.service.interventions.models import Intervention

# Columns, lines, and the cursor of the page after.
Lines = tuple[list[Column], list[list[Any]], str]


def interventions_table(found: Page[Intervention]) -> Lines:
    """Requests: what, whose, asked and answered when, with what issue. One query."""
    names = display_names(row.subject_id for row in found.rows)
    columns = [
        Column(_("Demande")),
        Column(_("Personne")),
        Column(_("Demandée le"), "moment"),
        Column(_("Répondue le"), "moment"),
        Column(_("Échéance"), "moment"),
        Column(_("Issue")),
        Column(_("État")),
    ]
    lines: list[list[Any]] = [
        [
            Cell(f"{row.reference} – {row.title}", reverse("supervision:intervention", args=[row.pk])),
            names.get(row.subject_id, ""),
            row.opened_at,
            row.first_answered_at,
            row.due_at,
            Cell(look=OUTCOME[row.outcome]) if row.outcome else "",
            Cell(look=INTERVENTION[row.state]),
        ]
        for row in found.rows
    ]
    return columns, lines, str(found.cursor or "")


def contacts_table(found: Page[Contact]) -> Lines:
    """Contacts: whose, when, on which channel, why. Three queries."""
    names = display_names(row.subject_id for row in found.rows if row.subject_id)
    labels = reason_labels()
    noted: dict[UUID, list[str]] = {}
    for one in ContactReason.objects.filter(contact_id__in=[row.pk for row in found.rows]).order_by("id"):
        noted.setdefault(one.contact_id, []).append(labels.get(one.reason, one.reason))
    columns = [
        Column(_("Personne")),
        Column(_("Le"), "moment"),
        Column(_("Canal")),
        Column(_("Motifs")),
        Column(_("En une phrase")),
    ]
    lines: list[list[Any]] = [
        [
            Cell(
                names.get(row.subject_id, "") if row.subject_id else "",
                reverse("correspondent:person", args=[row.subject_id]) if row.subject_id else "",
            ),
            row.happened_at,
            Cell(look=CHANNEL[row.channel]),
            ", ".join(dict.fromkeys(noted.get(row.pk, ()))),
            row.summary or _("sans résumé"),
        ]
        for row in found.rows
    ]
    return columns, lines, str(found.cursor or "")


def call_back_table(found: Page[CallBack]) -> Lines:
    """Call backs: whom, why, when, how many tries; numbers masked. One query."""
    names = display_names(row.subject_id for row in found.rows if row.subject_id)
    columns = [
        Column(_("Qui")),
        Column(_("Pourquoi")),
        Column(_("Prévu"), "moment"),
        Column(_("Essais"), "number"),
        Column(_("Dernier essai"), "moment"),
        Column(_("État")),
    ]
    lines: list[list[Any]] = [
        [
            (row.subject_id and names.get(row.subject_id)) or mask(row.number),
            str(row.get_why_display()).capitalize(),
            row.due_at,
            row.attempts,
            row.last_attempt_at or _("pas encore"),
            Cell(look=CALL_BACK[row.state]),
        ]
        for row in found.rows
    ]
    return columns, lines, str(found.cursor or "")


def calls_table(found: Page[LineCall]) -> Lines:
    """Calls, as the whole desk may see them."""
    columns = [
        Column(_("Numéro")),
        Column(_("A sonné le"), "moment"),
        Column(_("Attente, en secondes"), "number"),
        Column(_("Ce qu’il est devenu")),
    ]
    lines: list[list[Any]] = [
        [
            row.masked or _("numéro caché"),
            row.rang_at,
            int((row.taken_at - row.rang_at).total_seconds()) if row.taken_at else None,
            Cell(look=CONTACT[row.state]),
        ]
        for row in found.rows
    ]
    return columns, lines, str(found.cursor or "")
