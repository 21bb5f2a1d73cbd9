"""escalated-django as its front end asks it: the JSON of its pages (Inertia), the customer's form."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.urls import include, path

from bench.drivers import peer
from bench.tools.driven import fetched, posted, serve

ROWS = [
    """INSERT INTO escalated_departments (id, name, slug, description, is_active, created_at, updated_at)
       SELECT 1, 'Demandes', 'demandes', '', true, now(), now()""",
    """INSERT INTO escalated_departments_agents (department_id, user_id)
       SELECT 1, n FROM generate_series(1, %(agents)s) AS n""",
    """INSERT INTO escalated_tickets (id, reference, subject, description, status, priority, channel, ticket_type,
           requester_content_type_id, requester_object_id, assigned_to_id, department_id, resolution_due_at,
           sla_first_response_breached, sla_resolution_breached, created_at, updated_at)
       SELECT id, 'T-' || id, title, words, CASE WHEN done THEN 'closed' ELSE 'open' END, 'medium', 'web', 'question',
           c.pk, (%(agents)s + person)::text,
           1 + (worker - 1) %% %(agents)s, 1, due_at, false, false, opened_at, opened_at
       FROM request, (SELECT id AS pk FROM django_content_type WHERE app_label = 'auth' AND model = 'user') AS c""",
    """INSERT INTO escalated_replies (ticket_id, author_id, body, is_internal_note, is_pinned, type, is_deleted,
           created_at, updated_at)
       SELECT id, 1 + (worker - 1) %% %(agents)s, left(words, 200), false, false, 'reply', false,
           opened_at + n * interval '1 hour', opened_at + n * interval '1 hour'
       FROM request, generate_series(1, %(followed)s) AS n""",
]
JSON = {"HTTP_X_INERTIA": "true", "HTTP_X_INERTIA_VERSION": "1.0"}
LAYOUT = "{% block inertia %}{% endblock %}"


def main() -> None:
    """Fill the database if need be, then do what is asked."""
    told = peer.asked()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layout.html").write_text(LAYOUT)
        settings.configure(
            **peer.settings(
                told["database"],
                ["inertia", "escalated"],
                template_folders=[folder],
                INERTIA_LAYOUT="layout.html",
                BASE_DIR=Path(folder),
                ESCALATED={"GUEST_RATE_LIMIT": {"ENABLED": False}},
            )
        )
        django.setup()
        settings.ROOT_URLCONF = (path("support/", include("escalated.urls")),)
        _serve(told)


def _serve(told: dict[str, Any]) -> None:
    peer.fill("escalated-django", told, ROWS)
    from django.contrib.auth import get_user_model
    from django.test import Client

    number = peer.count("escalated_tickets")
    agent, person = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    agent.force_login(get_user_model().objects.get(pk=1))
    person.force_login(get_user_model().objects.get(pk=peer.AGENTS + 1))

    def listed(**query: Any) -> Any:
        return lambda turn: fetched(agent, f"/support/agent/tickets/?{urlencode(query)}", **JSON)

    form = {
        "subject": "Carte bancaire perdue",
        "description": "La personne a perdu sa carte au marché ce matin.",
        "priority": "medium",
        "department_id": "1",
    }
    serve(
        {
            "list": listed(),
            "filtered": listed(status="open", assigned="me"),
            "deep": listed(page=max(1, number * 4 // 5 // 25)),
            **{f"search_{name}": listed(search=text) for name, text in told["words"].items()},
            "detail": lambda turn: fetched(
                agent, f"/support/agent/tickets/{1 + turn * 37 % number}/", **JSON
            ),
            "open": lambda turn: posted(person, "/support/tickets/store/", form),
        },
        {"rows": number},
    )


if __name__ == "__main__":
    main()
