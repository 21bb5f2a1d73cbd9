"""``load_knowledge``: bring the articles of the content folder into force, as published versions where they changed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.files import read_catalogue
from gruppetto.service.catalogue.management.commands.load_catalogue import moment
from gruppetto.service.knowledge.files import CONTENT, read_library
from gruppetto.service.knowledge.verbs import load


class Command(BaseCommand):
    help = "Load the articles of knowledge, after the catalogue; nothing happens when nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT, help="the content folder")
        parser.add_argument(
            "--valid-from", type=moment, default=None, help="ISO day or moment; now by default"
        )
        parser.add_argument("--check", action="store_true", help="read the files and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                kinds = {kind.code for kind in read_catalogue().kinds}
                self.stdout.write(
                    f"{len(read_library(kinds, options['folder']).articles)} articles, no error"
                )
                return
            with acting(Actor.command("load_knowledge")):
                written, kept = load(options["valid_from"] or now(), options["folder"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"written: {written}, kept: {kept}")
