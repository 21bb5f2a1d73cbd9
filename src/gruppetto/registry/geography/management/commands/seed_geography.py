"""``seed_geography [--departments 31,81]``: fill the map from the seed, as the owner role."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gruppetto.registry.geography.seeding import load


class Command(BaseCommand):
    help = "Fill the communes, departments and regions from the seed; may run again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--departments", default="", help="only these, for quick tests: 31,81")

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        wanted = [code.strip().upper() for code in options["departments"].split(",") if code.strip()]
        try:
            loaded = load(wanted, self.stderr.write)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{loaded.communes} communes, {loaded.former} former codes, {loaded.postcodes} postcodes;"
            f" {loaded.written} rows written in {perf_counter() - started:.1f} s"
        )
