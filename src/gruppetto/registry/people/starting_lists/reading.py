"""A CSV file as a town sends it: its encoding and delimiter found, its columns recognised, its rows numbered."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.text import normalise

MOST_BYTES = 10_000_000
MOST_LINES = 20_000
DELIMITERS = ";,"

NEEDED = (
    "nom",
    "prenoms",
    "date_naissance",
    "adresse",
    "code_postal",
    "commune",
    "source_consentement",
    "date_consentement",
)
OPTIONAL = (
    "nom_usage",
    "telephone_fixe",
    "telephone_mobile",
    "courriel",
    "langue",
    "besoins",
    "proche_nom",
    "proche_telephone",
    "observations",
)
COLUMNS = NEEDED + OPTIONAL
# Names of columns seen in real files, beside spaces, accents, plurals and articles that do not count.
OTHER_NAMES = {
    "prenom": "prenoms",
    "nom_naissance": "nom",
    "naissance": "date_naissance",
    "cp": "code_postal",
    "ville": "commune",
    "fixe": "telephone_fixe",
    "mobile": "telephone_mobile",
    "portable": "telephone_mobile",
    "telephone_portable": "telephone_mobile",
    "email": "courriel",
    "mail": "courriel",
    "besoin": "besoins",
    "observation": "observations",
    "source_accord": "source_consentement",
    "date_accord": "date_consentement",
    "tel_proche": "proche_telephone",
    "nom_proche": "proche_nom",
    "telephone_proche": "proche_telephone",
}
ARTICLES = {"de", "du", "des", "d", "la", "le", "les", "l"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: its number as a spreadsheet shows it, what each column says, cells too many."""

    number: int
    typed: dict[str, str]
    cells_too_many: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read. ``ignored``: headings of the columns that we have no place for."""

    encoding: str
    delimiter: str
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes) -> Sheet:
    """Read a starting list: UTF-8 or Windows-1252, ``;`` or ``,``.

    Raises ``Refused`` for the whole file: list-empty, list-too-big, list-not-csv, list-encoding, list-quote,
    list-column-twice, list-columns-missing (all of them named).
    """
    text, encoding = _decode(content)
    delimiter = max(DELIMITERS, key=lambda one: len(_known(_first_row(text, one))))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Refused(
            _(
                "Un guillemet ouvert n’est pas refermé, ou une cellule est démesurée : le fichier ne peut pas être lu."
            ),
            code="list-quote",
            field="file",
        ) from error
    numbered = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row)
    ]
    if len(numbered) < 2:
        raise Refused(_("Ce fichier ne contient aucune ligne."), code="list-empty", field="file")
    if len(numbered) > MOST_LINES:
        raise Refused(
            _("Ce fichier a plus de %(most)d lignes : coupez-le en plusieurs.") % {"most": MOST_LINES},
            code="list-too-big",
            field="file",
        )
    (_number, headings), *body = numbered
    names = _columns(headings)
    return Sheet(
        encoding,
        delimiter,
        tuple(heading[:80] for heading, name in zip(headings, names, strict=True) if heading and not name),
        tuple(_row(number, cells, names) for number, cells in body),
    )


def column(heading: str) -> str | None:
    """Which of ``COLUMNS`` a heading names, however it is written; None when it is none."""
    words = "".join(c if c.isalnum() else " " for c in normalise(heading)).split()
    name = "_".join(word for word in words if word not in ARTICLES)
    name = OTHER_NAMES.get(name, name)
    return name if name in COLUMNS else None


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > MOST_BYTES:
        raise Refused(
            _("Ce fichier dépasse %(most)d Mo : coupez-le en plusieurs.") % {"most": MOST_BYTES // 1_000_000},
            code="list-too-big",
            field="file",
        )
    if b"\x00" in content or content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise Refused(
            _(
                "Ce fichier n’est pas un fichier CSV. Dans votre tableur, choisissez « Enregistrer sous », puis"
                " « CSV (séparateur : point-virgule) »."
            ),
            code="list-not-csv",
            field="file",
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Refused(
        _("Les lettres de ce fichier ne peuvent pas être lues. Enregistrez-le au format « CSV UTF-8 »."),
        code="list-encoding",
        field="file",
    )


def _first_row(text: str, delimiter: str) -> list[str]:
    line = next((line for line in text.splitlines() if line.strip(f'{DELIMITERS} \t"')), "")
    return next(csv.reader([line], delimiter=delimiter), [])


def _known(headings: list[str]) -> set[str]:
    return {name for heading in headings if (name := column(heading))}


def _columns(headings: list[str]) -> list[str | None]:
    names = [column(heading) for heading in headings]
    if missing := [name for name in NEEDED if name not in names]:
        raise Refused(
            _("Il manque ces colonnes : %(missing)s.") % {"missing": ", ".join(missing)},
            code="list-columns-missing",
            field="file",
            facts={"missing": " ".join(missing)},
        )
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise Refused(
            _("Ces colonnes sont en double : %(twice)s.") % {"twice": ", ".join(twice)},
            code="list-column-twice",
            field="file",
        )
    return names


def _row(number: int, cells: list[str], names: list[str | None]) -> Row:
    typed = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
    return Row(number, typed, sum(bool(cell) for cell in cells[len(names) :]))
