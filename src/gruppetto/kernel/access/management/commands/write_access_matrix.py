"""``gruppetto manage write_access_matrix``: write docs/access.md from the rights in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from gruppetto.kernel.access import matrix


class Command(BaseCommand):
    help = "Write docs/access.md: roles, abilities, tables, rows and functions as they are in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.PROJECT / "docs" / "access.md")

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        """Replace the page; says where it is."""
        output.write_text(matrix.document(), encoding="utf-8")
        self.stdout.write(str(output))
