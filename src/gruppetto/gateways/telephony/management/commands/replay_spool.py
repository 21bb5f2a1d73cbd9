"""``gruppetto manage replay_spool``: take up the events received while the database was away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gruppetto.gateways.telephony import spool


class Command(BaseCommand):
    help = "Take up the telephony events kept on this machine while the database was away."

    def handle(self, *args: Any, **options: Any) -> None:
        done = spool.replay_spool()
        self.stdout.write(
            f"{done.kept} taken up, {done.refused} refused, {done.aside} set aside, {done.left} left"
        )
