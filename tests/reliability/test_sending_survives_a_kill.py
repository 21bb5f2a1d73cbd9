"""A worker killed between the carrier's acceptance and our commit: the sending is shown as uncertain, never doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import UUID

from django.db import connection

from gruppetto import launcher
from gruppetto.gateways.mail.fake import FakeMailServer, fake_mail_server
from gruppetto.gateways.mail.server import MailServer
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import at, now
from gruppetto.kernel.jobs.orphans import take_back
from gruppetto.service.messages import ports
from gruppetto.service.messages.leaving import GIVEN_UP
from gruppetto.service.messages.models import Delivery, Message
from gruppetto.service.messages.routing import route
from gruppetto.service.messages.sending import send_what_is_due, settle_what_is_uncertain
from gruppetto.service.messages.verbs import prepare
from gruppetto.settings.databases import from_url
from tests.service.messages.stage import FACTS, consents
from tests.support.database import owning
from tests.support.factories import person, portfolio, team

# The whole worker, when its clock says to send.
SEND = """
import django; django.setup()
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.jobs import worker
from gruppetto.kernel.jobs.queue import enqueue
with acting(Actor.job("clock")):
    enqueue("messages.send", timestamp=0)
worker.main()
"""


def test_killed_after_acceptance_it_is_uncertain_and_leaves_once(
    committed: str, server: launcher.Server
) -> None:
    with fake_mail_server() as mail:
        ports.use_carrier("email", MailServer(mail.url, "nepasrepondre@gruppetto.invalid", timeout=5))
        try:
            with owning(server, committed):
                key = _queued()
            _killed_while_the_carrier_has_it(mail, server.worker_url(committed))
            with owning(server, committed):
                # Its identity was committed before it left.
                kept = Delivery.objects.get(pk=key)
                assert (kept.state, kept.key) == ("sending", mail.box.received[0]["Message-ID"])
                cursor = connection.cursor()
                cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'messages.send'")
                assert ("doing",) in cursor.fetchall()
                cursor.execute(
                    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
                )
            connection.close()
            connection.settings_dict.update(from_url(server.worker_url(committed)))
            # The job that was cut is begun again, with the platform's own clock; what it does is done here.
            assert take_back().again >= 1
            for _round in range(3):
                with at(now() + 2 * GIVEN_UP):
                    send_what_is_due()
                    settle_what_is_uncertain()
                    send_what_is_due()
            with owning(server, committed):
                assert Delivery.objects.get(pk=key).state == "unknown"
                assert Message.objects.get().state == "queued"
            assert len(mail.box.received) == 1
        finally:
            ports.use_carrier("email", None)


def _killed_while_the_carrier_has_it(mail: FakeMailServer, worker_url: str) -> None:
    mail.box.hold = True
    sender = subprocess.Popen(
        [sys.executable, "-c", SEND],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gruppetto.settings",
            "GRUPPETTO_AS": "worker",
            "GRUPPETTO_WORKER_DATABASE_URL": worker_url,
            "GRUPPETTO_SMTP_URL": mail.url,
            "GRUPPETTO_MAIL_FROM": "nepasrepondre@gruppetto.invalid",
            "GRUPPETTO_SECRET_KEY": "x" * 50,
            "GRUPPETTO_SERVICE_KEY": "x" * 50,
        },
    )
    try:
        assert mail.box.holding.wait(60), "the worker sent nothing"
    finally:
        sender.kill()
        sender.wait()
        mail.box.hold = False
        mail.box.let_go.set()


def _queued() -> UUID:
    """A courriel about to leave."""
    lady = person(within=portfolio(team()), preferred_channel="email", email="jeanne.roux@example.test")
    consents(lady, "email")
    with acting(Actor.job("messages.test")):
        message = prepare(lady.pk, kind="acknowledgement", key="one", facts=FACTS)
        delivery = route(message.pk)
    assert delivery
    Delivery.objects.update(due_at=now())
    return delivery.pk
