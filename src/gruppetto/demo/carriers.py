"""Who carries the demo's messages: stand-ins of the operator, the mail server, the provider of calls, the printer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gruppetto.gateways.letters.fake import print_batches
from gruppetto.gateways.mail.fake import fake_mail_server
from gruppetto.gateways.sms.fake import fake_sms
from gruppetto.gateways.voice.fake import fake_voice

PRINTER = "letters"
SENDER = "nepasrepondre@gruppetto.invalid"
BETWEEN_BATCHES = 10.0


@contextmanager
def carriers(folder: Path, url: str) -> Iterator[dict[str, str]]:
    """Serve for the time of the block; what the processes of the demo at ``url`` find in their environment."""
    with ExitStack() as stack:
        sms, mail = stack.enter_context(fake_sms()), stack.enter_context(fake_mail_server())
        voice = stack.enter_context(fake_voice())
        sms.store.reports = True
        place = stack.enter_context(_printer(folder / PRINTER))
        yield {
            "GRUPPETTO_SMS_URL": sms.url,
            "GRUPPETTO_SMS_TOKEN": "demo",
            "GRUPPETTO_SMS_SECRET": sms.store.secret,
            "GRUPPETTO_SMS_CALLBACK": f"{url}/hooks/sms/",
            "GRUPPETTO_SMTP_URL": mail.url,
            "GRUPPETTO_MAIL_FROM": SENDER,
            "GRUPPETTO_VOICE_URL": voice.url,
            "GRUPPETTO_VOICE_SECRET": voice.secret,
            "GRUPPETTO_LETTERS_FOLDER": str(place),
        }


@contextmanager
def _printer(place: Path) -> Iterator[Path]:
    """Takes every batch given to it, now and then."""
    stop = threading.Event()

    def work() -> None:
        while True:
            print_batches(place)
            if stop.wait(BETWEEN_BATCHES):
                return

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        stop.set()
        thread.join()
