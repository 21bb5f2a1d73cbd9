"""``seed_organisations``: the national providers that the catalogue needs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.organisations.seeding import load


class Command(BaseCommand):
    help = "Add the national organisations; fill what is empty, overwrite nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(Actor.command("seed_organisations")):
            loaded = load()
        self.stdout.write(f"{loaded.added} added, {loaded.filled} completed, {loaded.left} left as they are")
