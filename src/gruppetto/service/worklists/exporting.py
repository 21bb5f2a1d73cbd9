"""The list as a file for a spreadsheet: the rows of the list in its order, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

from django.utils.translation import gettext as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.filters import Filters

# Excel, LibreOffice and Google Sheets run a cell that begins so, also after spaces (OWASP, « CSV injection »).
RUNS = re.compile(r"^\s*[=+\-@\t\r|%]")
# Without it Excel reads UTF-8 as something else; French spreadsheets part cells by semicolons.
MARK, SEPARATOR = "\ufeff", ";"


def export(filters: Filters) -> bytes:
    """All the rows of the list in its order, as UTF-8 CSV; written in the journal with its filters.

    One statement reads them, in the act of who asks: row security holds to the last row (decisions 1).
    Raises ``Refused`` (export-too-big) above 10 000 rows.
    """
    asked = reads.ask(filters)
    if reads.total(asked).capped:
        raise Refused(
            _("Un fichier contient 10 000 demandes au plus : ajoutez un filtre."), code="export-too-big"
        )
    written = io.StringIO()
    written.write(MARK)
    out = csv.writer(written, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL)
    out.writerow(head())
    lines = 0
    for chunk in reads.in_order(asked):
        names = _names(chunk)
        for row in chunk:
            out.writerow([harmless(cell) for cell in cells(row, names.get(row.worker_id, ""), asked.names)])
        lines += len(chunk)
    journal.act("worklist.exported", body={"query": filters.query(), "lines": lines})
    return written.getvalue().encode()


def head() -> list[str]:
    """The names of the columns, those of the list on screen."""
    return [
        _("Référence"),
        _("Personne"),
        _("Demande"),
        _("État"),
        _("Échéance"),
        _("Urgente"),
        _("Suivie par"),
        _("Portefeuille"),
        _("Ouverte le"),
        _("Dans cet état depuis"),
    ]


def cells(row: Intervention, worker: str, portfolios: dict[int, str]) -> list[str]:
    """One line of the file."""
    person = row.person  # type: ignore[attr-defined]  # given by with_names
    return [
        row.reference,
        person.full_name if person else _("Personne hors de votre périmètre"),
        row.title,
        str(row.get_state_display()),
        moment(row.due_at),
        _("oui") if row.urgent else "",
        worker,
        portfolios.get(row.portfolio_id, ""),
        moment(row.opened_at),
        moment(row.state_since),
    ]


def moment(at: datetime) -> str:
    """``2026-11-22 14:30``, Paris time: spreadsheets sort it."""
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


def harmless(cell: str) -> str:
    """The same words, which no spreadsheet takes for a formula."""
    return f"'{cell}" if RUNS.match(cell) else cell


def _names(chunk: list[Intervention]) -> dict[object, str]:
    workers = {row.worker_id for row in chunk if row.worker_id}
    return dict(Account.objects.filter(pk__in=workers).values_list("pk", "name"))
