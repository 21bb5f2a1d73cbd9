"""``gruppetto manage receive_bounce``: a mail server's report on standard input, as a pipe of its aliases gives it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from gruppetto.gateways.mail.bounces import read
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.service.messages.returns import receive

LARGEST = 1_000_000


class Command(BaseCommand):
    help = "Take up a report (RFC 3464) of a courriel that did not arrive. As the worker."

    def handle(self, *args: Any, **options: Any) -> None:
        told = read(sys.stdin.buffer.read(LARGEST), now())
        if told is None:
            return
        with acting(Actor.command("receive_bounce")):
            receive(told)
