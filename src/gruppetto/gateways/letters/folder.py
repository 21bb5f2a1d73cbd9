"""Letters to a printer by a folder that it empties (SFTP, shared disk): one ZIP a batch, PDFs beside their manifest.

``<batch>.zip`` holds ``manifest.json`` and ``manifest.csv`` (one line a letter: file, SHA-256, bytes) and the PDFs.
The file appears whole or not at all; it is given again under the same name after a stop: one batch. The printer
answers with ``<batch>.retours.csv`` (``fichier;etat;date``, state ``posted`` or ``returned``).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gruppetto.gateways.letters import ANSWERS
from gruppetto.kernel.clock import now
from gruppetto.service.messages.models import Report
from gruppetto.service.messages.ports import Printed
from gruppetto.service.messages.returns import Told

# The date of every file inside: the same letters give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
STATES = {"posted": Report.Kind.ARRIVED, "returned": Report.Kind.FAILED}


@dataclass
class Folder:
    """``place``: ``aside/`` holds what is being prepared, ``out/`` is the printer's, ``back/`` its answers."""

    place: Path

    def keep(self, name: str, letters: Sequence[Printed]) -> str:
        """Write the batch aside and make sure that it is on disk; the SHA-256 of its file."""
        content = packed(name, letters)
        aside = self._folder("aside")
        draft = aside / f".{name}.{os.getpid()}"
        descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, aside / f"{name}.zip")
        _sync(aside)
        return hashlib.sha256(content).hexdigest()

    def hand_over(self, name: str, sha256: str) -> bool:
        """Move the kept batch to the printer; True also when it is there, or was taken, already."""
        aside, out = self._folder("aside") / f"{name}.zip", self._folder("out") / f"{name}.zip"
        given = self._folder("given") / f"{name}.{sha256}"
        if given.exists():
            return True
        if not aside.exists() or hashlib.sha256(aside.read_bytes()).hexdigest() != sha256:
            return out.exists()
        os.replace(aside, out)
        _sync(out.parent)
        given.touch(mode=0o600)
        _sync(given.parent)
        return True

    def answers(self) -> Iterator[tuple[Path, list[Told]]]:
        """What the printer answered, file by file; a file read is to be removed once taken up."""
        for path in sorted(self._folder("back").glob(f"*{ANSWERS}")):
            yield path, read_answers(path.read_text("utf-8-sig"), path.name.removesuffix(ANSWERS))

    def _folder(self, name: str) -> Path:
        place = self.place / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place


def packed(name: str, letters: Sequence[Printed]) -> bytes:
    """The batch as one file; the same letters under the same name give the same bytes."""
    lines = [
        {"file": f"{number:04d}.pdf", "sha256": one.key, "bytes": len(one.pdf)}
        for number, one in enumerate(letters, start=1)
    ]
    table = io.StringIO()
    writer = csv.DictWriter(table, ["file", "sha256", "bytes"], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    manifest = json.dumps({"batch": name, "count": len(lines), "letters": lines}, indent=1)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("manifest.json", EPOCH), manifest)
        archive.writestr(zipfile.ZipInfo("manifest.csv", EPOCH), table.getvalue())
        for line, one in zip(lines, letters, strict=True):
            archive.writestr(zipfile.ZipInfo(str(line["file"]), EPOCH), one.pdf)
    return whole.getvalue()


def read_answers(text: str, batch: str) -> list[Told]:
    """The lines of an answer that say something we know; ``fichier`` is the SHA-256 of the letter."""
    told = []
    for line in csv.DictReader(io.StringIO(text), delimiter=";"):
        key, state = str(line.get("fichier") or "").strip().lower(), str(line.get("etat") or "").strip()
        if state in STATES and key:
            failed = STATES[state] == Report.Kind.FAILED
            told.append(
                Told(
                    channel="letter",
                    key=f"{batch} {key} {state}",
                    kind=STATES[state],
                    at=_day(str(line.get("date") or "")),
                    about=key,
                    why="returned" if failed else "",
                    for_ever=failed,
                )
            )
    return told


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return now()


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
