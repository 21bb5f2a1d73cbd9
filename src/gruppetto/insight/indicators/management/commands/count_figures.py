"""Count all figures again from the rows, from a day on: after a restore, an import or a change of definition."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gruppetto.insight.indicators.busy import refresh_calls
from gruppetto.insight.indicators.counting import count_all
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import today


class Command(BaseCommand):
    """``manage count_figures --since 2026-01-01``."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        usual = today() - timedelta(days=400)
        parser.add_argument("--since", type=date.fromisoformat, default=usual, help="first day (YYYY-MM-DD)")

    def handle(self, *args: Any, since: date, **options: Any) -> None:
        with acting(Actor.command("count_figures")):
            refresh_calls(since, today())
            for period, count in count_all(since):
                self.stdout.write(f"{period.length} {period.first}: {count}")
