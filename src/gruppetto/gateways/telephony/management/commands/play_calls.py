"""``gruppetto manage play_calls``: calls through the real signed webhook, as a provider would tell them."""

from __future__ import annotations

import itertools
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gruppetto.gateways.telephony.sending import Line, new_call_id

# Kept for fiction by the French regulator (ARCEP decision 2018-0881).
INVENTED = "+33639980001"


class Command(BaseCommand):
    help = "Play calls through the signed webhook: ringing, answered (or missed), ended."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the platform answers")
        parser.add_argument("--line", default="main", help="name of the line (GRUPPETTO_LINES)")
        parser.add_argument("--secret", default="", help="its secret; else the one of GRUPPETTO_LINES")
        parser.add_argument(
            "--number",
            action="append",
            help="caller's number, several in turn; « anonymous » for a withheld one",
        )
        parser.add_argument("--calls", type=int, default=1, help="how many calls")
        parser.add_argument("--rings", type=float, default=3.0, help="seconds of ringing")
        parser.add_argument("--talks", type=float, default=5.0, help="seconds of conversation")
        parser.add_argument("--missed", action="store_true", help="nobody answers")
        parser.add_argument("--ringing", action="store_true", help="only let it ring: an agent does the rest")

    def handle(self, *args: Any, **options: Any) -> None:
        secret = options["secret"] or settings.GRUPPETTO_LINES.get(options["line"], "")
        if not secret:
            raise CommandError(f"line {options['line']} has no secret: give --secret or set GRUPPETTO_LINES")
        numbers = itertools.cycle(options["number"] or [INVENTED])
        with Line(options["url"], options["line"], secret) as line:
            for _number in range(options["calls"]):
                self._play(line, next(numbers), options)

    def _play(self, line: Line, number: str, options: dict[str, Any]) -> None:
        call_id, caller = new_call_id(), None if number == "anonymous" else number
        self._send(line, "ringing", call_id, caller)
        if options["ringing"]:
            return
        time.sleep(options["rings"])
        if options["missed"]:
            self._send(line, "missed", call_id, caller)
            return
        self._send(line, "answered", call_id, caller)
        time.sleep(options["talks"])
        self._send(line, "ended", call_id, caller)

    def _send(self, line: Line, state: str, call_id: str, caller: str | None) -> None:
        try:
            status, answer = line.send(state, call_id, caller)
        except OSError as error:
            raise CommandError(f"{line.url} does not answer: {error}") from error
        self.stdout.write(f"{call_id[:8]} {state}: {status} {answer.get('code') or answer.get('state', '')}")
        if status >= 400:
            raise CommandError(f"the event was refused: {answer}")
