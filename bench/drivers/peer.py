"""What both peers need: their settings, their rows from our requests, a marker that says which rows they have."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

AGENTS, FOLLOWED = 20, 3
REQUESTS = """
CREATE TEMPORARY TABLE request (
    id bigint, reference text, title text, words text, answer text, person int, opened_at timestamptz,
    due_at timestamptz, done boolean, worker int
)
"""
PEOPLE = """
INSERT INTO auth_user (id, username, email, password, first_name, last_name, is_superuser, is_staff, is_active,
    date_joined)
SELECT n, kind || n, kind || n || '@example.test', '!', kind, n::text, false, kind = 'agent', true, now()
FROM (SELECT n, 'agent' AS kind FROM generate_series(1, %(agents)s) AS n
      UNION ALL SELECT DISTINCT %(agents)s + person, 'person' FROM request) AS one
"""


def asked() -> dict[str, Any]:
    """What the bench said: ``database``, ``rows`` (file), ``stamp`` (of the rows), ``words``."""
    told: dict[str, Any] = json.loads(os.environ["GRUPPETTO_BENCH"])
    return told


def settings(address: str, apps: list[str], **more: Any) -> dict[str, Any]:
    """Those of research §4: no debugging, mail rendered and not sent, sessions in the database."""
    parts = urlsplit(address)
    return {
        "SECRET_KEY": "bench-bench-bench-bench-bench-bench-bench-bench-bench",
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost"],
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "",
                "PORT": str(parts.port or ""),
            }
        },
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.contrib.humanize",
            "django.contrib.sites",
            "django.contrib.admin",
            *apps,
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "DIRS": more.pop("template_folders", []),
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "SITE_ID": 1,
        "STATIC_URL": "/static/",
        "LOGIN_URL": "/login/",
        "USE_TZ": True,
        **more,
    }


def fill(name: str, told: dict[str, Any], statements: list[str]) -> None:
    """Migrate, and give the peer our requests unless it has just these; ``statements`` make its own rows."""
    from django.core.management import call_command
    from django.db import connection

    # Of the requests, and of how they are made the peer's own.
    stamp = hashlib.sha256(json.dumps([told["stamp"], PEOPLE, *statements]).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_rows (stamp text)")
        cursor.execute("SELECT stamp FROM bench_rows")
        if cursor.fetchone() == (stamp,):
            return
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0, stdout=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute(REQUESTS)
        with open(told["rows"], "rb") as file, cursor.copy("COPY request FROM STDIN (FORMAT csv)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        known = {"agents": AGENTS, "followed": FOLLOWED}
        steps = [PEOPLE, *statements]
        for number, statement in enumerate(steps, 1):
            print(f"\r{name}: rows, step {number} of {len(steps)} ", end="", file=sys.stderr, flush=True)
            cursor.execute(statement, known)
        print(file=sys.stderr)
        tables = (
            "SELECT format('%I', c.table_name), format('%I', c.column_name) FROM information_schema.columns c"
        )
        cursor.execute(f"{tables} WHERE c.table_schema = 'public' AND c.is_identity = 'YES'")
        for table, column in cursor.fetchall():
            sequence = f"pg_get_serial_sequence('{table}', '{column}')"
            cursor.execute(f"SELECT setval({sequence}, coalesce(max({column}), 0) + 1, false) FROM {table}")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CREATE TABLE bench_rows (stamp text)")
        cursor.execute("INSERT INTO bench_rows VALUES (%s)", [stamp])


def count(table: str) -> int:
    """How many rows of theirs there are: as many as of ours."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
