"""``load_catalogue``: bring the files of the catalogue into force, as new dated rows where they changed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.files import CONTENT, read_catalogue
from gruppetto.service.catalogue.verbs import load


def moment(text: str) -> datetime:
    """A day or a moment, in Paris unless it says otherwise."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=PARIS)


class Command(BaseCommand):
    help = "Load reasons, help lines, distress guides and kinds of request; nothing happens when nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT, help="the content folder")
        parser.add_argument(
            "--valid-from", type=moment, default=None, help="ISO day or moment; now by default"
        )
        parser.add_argument("--check", action="store_true", help="read the files and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                kinds = read_catalogue(options["folder"]).kinds
                self.stdout.write(f"{len(kinds)} kinds, no error")
                return
            with acting(Actor.command("load_catalogue")):
                loaded = load(options["valid_from"] or now(), options["folder"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for name in ("added", "replaced", "kept"):
            counts = ", ".join(f"{count} {table}" for table, count in sorted(getattr(loaded, name).items()))
            self.stdout.write(f"{name}: {counts or 'nothing'}")
