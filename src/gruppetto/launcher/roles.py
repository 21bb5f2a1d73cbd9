"""The five roles of the platform, and the script an administrator runs once to make them (decisions 2).

``gruppetto_owner`` owns the tables and runs migrations; ``gruppetto_web``, ``gruppetto_worker`` and
``gruppetto_sealer`` sign in with the least rights; ``gruppetto_enforcer`` never signs in and owns the
SECURITY DEFINER functions that check what its callers may not see.

No right on a table or a function comes by default: each migration grants what its tables need, even
EXECUTE (a SECURITY DEFINER function open to PUBLIC would be the classic hole).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Mapping

OWNER = "gruppetto_owner"
WEB = "gruppetto_web"
WORKER = "gruppetto_worker"
SEALER = "gruppetto_sealer"
ENFORCER = "gruppetto_enforcer"
LOGINS = (OWNER, WEB, WORKER, SEALER)
# Where a process reads its address. Here, and not in the settings: reading those already chooses one.
VARIABLES = {
    "web": "GRUPPETTO_DATABASE_URL",
    "owner": "GRUPPETTO_OWNER_DATABASE_URL",
    "worker": "GRUPPETTO_WORKER_DATABASE_URL",
    "sealer": "GRUPPETTO_SEALER_DATABASE_URL",
}

# pg_temp last: nobody puts a table of their own before ours.
SEARCH_PATH = "public, pg_temp"
TIMEOUTS = {
    WEB: {"statement_timeout": "10s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
    WORKER: {"statement_timeout": "10min", "lock_timeout": "10s"},
    SEALER: {
        "statement_timeout": "1min",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "30s",
    },
}


def roles_sql(database: str, passwords: Mapping[str, str] | None = None) -> str:
    """The psql script that makes the roles, the database and their rights; may be run again at any time.

    ``database``: its name (lower-case letters, digits, underscores). ``passwords``: role → password,
    written as SCRAM verifiers so that no log of the server shows them; None leaves them to the
    administrator (``\\password gruppetto_web``). To be run by a superuser, or by a role with CREATEROLE and
    CREATEDB as hosted servers give, connected to any database. Raises ValueError on another kind of name.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", database):
        raise ValueError(f"Not a plain database name: {database!r}")
    parts = [_START, *(_role(role, login=role in LOGINS) for role in (*LOGINS, ENFORCER))]
    parts += [f"GRANT {role} TO {OWNER};" for role in (ENFORCER, WEB, WORKER, SEALER)]
    parts += [f"ALTER ROLE {role} SET search_path = {SEARCH_PATH};" for role in LOGINS]
    parts += [
        f"ALTER ROLE {role} SET {name} = '{value}';"
        for role, settings in TIMEOUTS.items()
        for name, value in settings.items()
    ]
    parts += [
        f"ALTER ROLE {role} PASSWORD '{scram_verifier(passwords[role])}';" for role in LOGINS if passwords
    ]
    parts += [_BORROW_OWNER, _DATABASE.format(database=database), _GIVE_BACK_OWNER]
    return "\n".join(parts)


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores for a password (RFC 5803, 4096 rounds as its own default)."""
    salt, rounds = os.urandom(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored, server = hashlib.sha256(client).digest(), hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${rounds}:{salt64}${stored64}:{server64}"


def _role(role: str, *, login: bool) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role}; END IF; END $$;\n"
        f"ALTER ROLE {role} {'LOGIN' if login else 'NOLOGIN'} INHERIT NOCREATEDB NOCREATEROLE;"
    )


_START = r"""-- The roles, the database and the rights of Gruppetto. Run with psql; may be run again.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
"""

# A superuser needs no membership; the administrator of a hosted server must be able to become the owner
# to give it a database and set its default privileges.
_BORROW_OWNER = f"""
DO $$ BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT {OWNER} TO %I', current_user);
    END IF;
END $$;
"""
_GIVE_BACK_OWNER = f"""
DO $$ BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('REVOKE {OWNER} FROM %I', current_user);
    END IF;
END $$;
"""

# ALTER FUNCTION … OWNER TO the enforcer, run by the owner, asks that the owner be a member of the enforcer
# and that the enforcer have CREATE on the function's schema (PostgreSQL 15 and 18 alike). Other
# schemas: the migration that makes one grants USAGE and CREATE there to the enforcer.
_DATABASE = rf"""
SELECT 'CREATE DATABASE {{database}} OWNER {OWNER} ENCODING ''UTF8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{{database}}') \gexec
ALTER DATABASE {{database}} OWNER TO {OWNER};
\connect {{database}}
SET client_min_messages = warning;
SET ROLE {OWNER};
REVOKE ALL ON DATABASE {{database}} FROM PUBLIC;
GRANT CONNECT ON DATABASE {{database}} TO {WEB}, {WORKER}, {SEALER};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {WEB}, {WORKER}, {SEALER};
GRANT USAGE, CREATE ON SCHEMA public TO {ENFORCER};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
RESET ROLE;
"""
