"""``import_centroids FILE``: better positions, from the official file that the operator fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gruppetto.kernel.errors import Refused
from gruppetto.registry.geography.centroids import import_centroids


class Command(BaseCommand):
    help = "Set the official position of the communes in FILE (JSON or CSV of geo.api.gouv.fr)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_centroids(options["file"])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for error in done.errors:
            self.stderr.write(f"ligne {error.line} : {error.message}")
        self.stdout.write(
            f"{done.changed} positions changed, {done.same} already so, {len(done.errors)} refused"
        )
