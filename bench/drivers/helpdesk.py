"""django-helpdesk as its own users have it: the list's own JSON, the page of a ticket, the public form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from bench.drivers import peer
from bench.tools.driven import fetched, posted, serve

ROWS = [
    """INSERT INTO helpdesk_queue (id, title, slug, allow_public_submission, allow_email_submission, escalate_days,
           locale, email_address, new_ticket_cc, updated_ticket_cc, enable_notifications_on_email_events,
           email_box_type, email_box_ssl, permission_name, logging_type, dedicated_time)
       SELECT 1, 'Demandes', 'demandes', true, false, 0, 'en', 'bench@example.test', '', '', false, '', false, '', '',
           interval '0'""",
    """INSERT INTO helpdesk_ticket (id, title, queue_id, created, modified, submitter_email, assigned_to_id, status,
           on_hold, description, resolution, priority, due_date, secret_key)
       SELECT id, left(title, 200), 1, opened_at, opened_at, 'person' || %(agents)s + person || '@example.test',
           1 + (worker - 1) %% %(agents)s,
           CASE WHEN done THEN 4 ELSE 1 END, false, words, answer, 3, due_at, md5(id::text)
       FROM request""",
    """INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id, message_id, email_recipients)
       SELECT id, opened_at + n * interval '1 hour', 'Suite ' || n, left(words, 200), true,
           1 + (worker - 1) %% %(agents)s, '', '[]'
       FROM request, generate_series(1, %(followed)s) AS n""",
]
OPEN = [1, 2]


def main() -> None:
    """Fill the database if need be, then do what is asked."""
    told = peer.asked()
    settings.configure(
        **peer.settings(
            told["database"],
            ["rest_framework", "helpdesk"],
            HELPDESK_TEAMS_MODE_ENABLED=False,
            HELPDESK_PUBLIC_TICKET_QUEUE="demandes",
        )
    )
    django.setup()
    # The page of a ticket leads to the admin.
    settings.ROOT_URLCONF = (
        path("admin/", admin.site.urls),
        path("", include("helpdesk.urls", namespace="helpdesk")),
    )
    peer.fill("django-helpdesk", told, ROWS)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from helpdesk.models import EmailTemplate, UserSettings

    if not EmailTemplate.objects.exists():
        call_command("loaddata", "emailtemplate.json", verbosity=0)
    if not UserSettings.objects.exists():
        # A signal makes them when an account is saved, not when it is copied.
        UserSettings.objects.bulk_create(UserSettings(user_id=one + 1) for one in range(peer.AGENTS))
    number = peer.count("helpdesk_ticket")
    staff, anybody = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    staff.force_login(get_user_model().objects.get(pk=1))

    def listed(start: int = 0, search: str = "", **filtering: Any) -> Callable[[int], Any]:
        query = {"filtering": filtering, "sorting": "created", "sortreverse": True, "search_string": search}
        packed = base64.b64encode(json.dumps(query).encode()).decode()
        return lambda turn: fetched(staff, f"/datatables_ticket_list/{packed}?start={start}&length=25&draw=1")

    def opened(turn: int) -> None:
        form = {
            "queue": 1,
            "title": "Carte bancaire perdue",
            "body": "La personne a perdu sa carte au marché ce matin.",
            "priority": 3,
            "submitter_email": f"person{peer.AGENTS + 1}@example.test",
        }
        posted(anybody, "/tickets/submit/", form)

    words = told["words"]
    serve(
        {
            "list": listed(),
            "filtered": listed(status__in=OPEN, assigned_to__id__in=[1]),
            "deep": listed(start=number * 4 // 5),
            **{f"search_{name}": listed(search=text) for name, text in words.items()},
            "detail": lambda turn: fetched(staff, f"/tickets/{1 + turn * 37 % number}/"),
            "open": opened,
        },
        {"rows": number},
    )


if __name__ == "__main__":
    main()
