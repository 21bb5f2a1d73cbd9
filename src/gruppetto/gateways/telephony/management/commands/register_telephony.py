"""``gruppetto manage register_telephony``: tell the database the key of the telephony service, once for each key."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gruppetto.kernel.access.sessions import register_service
from gruppetto.kernel.actors import Actor, acting

EMAIL = "telephony@gruppetto.invalid"


class Command(BaseCommand):
    help = (
        "Let the holder of GRUPPETTO_SERVICE_KEY write calls; the database keeps only its hash. As the owner."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if len(os.environ.get("GRUPPETTO_SERVICE_KEY", "")) < 32:
            raise CommandError("set GRUPPETTO_SERVICE_KEY to 32 random characters or more")
        with acting(Actor.command("register_telephony")):
            register_service(EMAIL, "Téléphonie", settings.GRUPPETTO_SERVICE_KEY)
        self.stdout.write("the telephony service may write calls")
