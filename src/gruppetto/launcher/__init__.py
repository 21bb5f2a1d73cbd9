"""Our own launcher of PostgreSQL: a server in a folder, for the demo, the tests and small sites.

Standard library only, no Django: it runs before anything else does. ``ensure`` starts (or finds) the
server of a folder, ``prepare`` makes a database in it with the five roles of the platform.
"""

from __future__ import annotations

from gruppetto.launcher.errors import LauncherError
from gruppetto.launcher.roles import roles_sql
from gruppetto.launcher.server import Server, ensure, known, prepare

__all__ = ["LauncherError", "Server", "ensure", "known", "prepare", "roles_sql"]
