"""Better positions from the official file of centroids that an operator fetched: GeoJSON-like JSON, or CSV.

Read are what geo.api.gouv.fr gives (``[{"code": "31555", "centre": {"coordinates": [1.43, 43.6]}}, …]``, or
GeoJSON) and a CSV with a code, a latitude and a longitude (``;`` or ``,``, UTF-8 or Windows-1252).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gruppetto.kernel.errors import Refused

CODE = ("code", "code_commune", "code_insee", "insee_com", "code_commune_insee")
LATITUDE = ("latitude", "lat", "latitude_centre", "y")
LONGITUDE = ("longitude", "lon", "lng", "longitude_centre", "x")
# Metropolitan France with Corsica: (south, north), (west, east). Catches the two numbers swapped.
MAINLAND = (41.0, 51.5), (-5.6, 10.0)

STAGING = """
DROP TABLE IF EXISTS pg_temp.staged_centre;
CREATE TEMPORARY TABLE staged_centre (code text, latitude float8, longitude float8) ON COMMIT DROP;
"""
PLACE = """
UPDATE geography_commune c SET latitude = s.latitude, longitude = s.longitude, precision = 'official'
FROM staged_centre s WHERE s.code = c.code
AND (c.latitude, c.longitude, c.precision) IS DISTINCT FROM (s.latitude, s.longitude, 'official')
"""


@dataclass(frozen=True)
class LineError:
    """What is wrong with one line of the file (``line`` counted from 1, the header included)."""

    line: int
    message: str


@dataclass(frozen=True)
class Imported:
    """Positions changed, positions that were already so, and lines that could not be used."""

    changed: int
    same: int
    errors: list[LineError]


@dataclass(frozen=True)
class _Line:
    line: int
    code: str
    latitude: float
    longitude: float


def import_centroids(path: Path) -> Imported:
    """Set the official position of each commune in ``path``; good lines are kept whatever the others are.

    As the owner role; running twice changes nothing more.
    Raises ``Refused`` when the file as a whole cannot be read.
    """
    errors: list[LineError] = []
    lines: dict[str, _Line] = {}
    for found in _lines(path):
        if isinstance(found, LineError):
            errors.append(found)
        elif found.code in lines:
            message = _("Le code %(code)s est déjà à la ligne %(line)d.")
            errors.append(
                LineError(found.line, message % {"code": found.code, "line": lines[found.code].line})
            )
        else:
            lines[found.code] = found
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT code FROM geography_commune WHERE nature = 'current'")
        for code in lines.keys() - {row[0] for row in cursor.fetchall()}:
            message = _("Aucune commune en vigueur n’a le code « %(code)s ».") % {"code": code}
            errors.append(LineError(lines.pop(code).line, message))
        cursor.execute(STAGING)
        with cursor.copy("COPY staged_centre FROM STDIN") as copy:
            for line in lines.values():
                copy.write_row((line.code, line.latitude, line.longitude))
        cursor.execute(PLACE)
        changed = cursor.rowcount
    return Imported(changed, len(lines) - changed, sorted(errors, key=lambda e: e.line))


def _lines(path: Path) -> Iterator[_Line | LineError]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(
            _("Le fichier « %(name)s » ne peut pas être lu.") % {"name": path.name}, code="unreadable-file"
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    records = _json(text) if text.lstrip().startswith(("[", "{")) else _csv(text)
    for line, record in records:
        yield _checked(line, record)


def _json(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Refused(
            _("Ce fichier JSON est incomplet ou abîmé. Téléchargez-le de nouveau."), code="broken-json"
        ) from error
    if isinstance(content, dict):  # a GeoJSON collection
        content = content.get("features")
    if not isinstance(content, list):
        raise Refused(_("Ce fichier JSON n’est pas une liste de communes."), code="not-a-list-of-communes")
    for rank, item in enumerate(content, 1):
        flat = item if isinstance(item, dict) else {}
        centre = flat.get("centre") or flat.get("geometry")
        point = centre.get("coordinates") if isinstance(centre, dict) else None
        properties = flat.get("properties")
        code = (properties if isinstance(properties, dict) else flat).get("code")
        longitude, latitude = point if isinstance(point, list) and len(point) == 2 else ("", "")
        yield rank, {"code": code, "latitude": latitude, "longitude": longitude}


def _csv(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    header = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") >= header.count(",") else ",")
    names = {name.strip().lower(): name for name in rows.fieldnames or ()}
    columns: dict[str, str] = {}
    for wanted, choices in (("code", CODE), ("latitude", LATITUDE), ("longitude", LONGITUDE)):
        column = next((names[choice] for choice in choices if choice in names), None)
        if column is None:
            raise Refused(
                _("Il manque une colonne « %(name)s » dans ce fichier.") % {"name": wanted},
                code="missing-column",
                field=wanted,
            )
        columns[wanted] = column
    for row in rows:
        yield rows.line_num, {wanted: row[column] for wanted, column in columns.items()}


def _checked(line: int, record: Mapping[str, Any]) -> _Line | LineError:
    code = str(record["code"] or "").strip().upper()
    # A spreadsheet drops the first zero of "01004".
    code = code.zfill(5) if code.isdigit() else code
    if len(code) != 5:
        return LineError(line, _("« %(code)s » n’est pas un code Insee.") % {"code": code})
    try:
        latitude, longitude = (
            float(str(record[axis]).strip().replace(",", ".")) for axis in ("latitude", "longitude")
        )
    except ValueError:
        return LineError(line, _("La position de %(code)s n’est pas faite de deux nombres.") % {"code": code})
    mainland = code < "97"
    (south, north), (west, east) = MAINLAND if mainland else ((-90.0, 90.0), (-180.0, 180.0))
    if not (south <= latitude <= north and west <= longitude <= east):
        message = _(
            "La position de %(code)s est hors de France. La latitude et la longitude sont-elles inversées ?"
        )
        return LineError(line, message % {"code": code})
    return _Line(line, code, latitude, longitude)
