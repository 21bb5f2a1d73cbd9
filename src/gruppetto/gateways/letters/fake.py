"""A stand-in for the printer, for the demo and the tests: takes batches, checks every hash, answers in its own file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Collection
from pathlib import Path

from gruppetto.gateways.letters import ANSWERS
from gruppetto.kernel.clock import now


class Spoiled(Exception):
    """A batch whose content is not what its manifest says."""


def print_batches(place: Path, *, returned: Collection[str] = ()) -> list[str]:
    """Take every batch of ``out/``, answer in ``back/``; the SHA-256 of the letters printed.

    ``returned``: those that come back undelivered. Raises ``Spoiled``.
    """
    printed: list[str] = []
    back = place / "back"
    back.mkdir(parents=True, exist_ok=True)
    for path in sorted((place / "out").glob("*.zip")):
        keys = _read(path)
        table = io.StringIO()
        writer = csv.writer(table, delimiter=";")
        writer.writerow(["fichier", "etat", "date"])
        for key in keys:
            writer.writerow([key, "returned" if key in returned else "posted", now().isoformat()])
        (back / f"{path.stem}{ANSWERS}").write_text(table.getvalue(), "utf-8")
        path.unlink()
        printed += keys
    return printed


def _read(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for line in manifest["letters"]:
            if hashlib.sha256(archive.read(line["file"])).hexdigest() != line["sha256"]:
                raise Spoiled(f"{path.name}: {line['file']}")
        if len(manifest["letters"]) != manifest["count"]:
            raise Spoiled(path.name)
    return [line["sha256"] for line in manifest["letters"]]
