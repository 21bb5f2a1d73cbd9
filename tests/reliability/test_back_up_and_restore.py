"""What ``docs/operators/back-up.md`` says, played: dumped by the owner, restored elsewhere, nothing missing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gruppetto import launcher
from gruppetto.kernel.actors import acting
from gruppetto.kernel.files.models import File
from gruppetto.kernel.files.verbs import receive
from gruppetto.launcher.ladder import clean_environment
from gruppetto.registry.people.models import Person
from tests.kernel.files.samples import PDF
from tests.service.conftest import on_stage
from tests.support import factories as make
from tests.support.database import PROJECT
from tests.support.races import as_owner_of, connected_to

GUIDE = PROJECT / "docs/operators/back-up.md"
# Every table as the owner sees it: how many rows, and what is in them whatever their order.
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
CONTENT = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM public.\"{}\" t"
HEAD = "SELECT id, verb, recorded_at FROM journal_entry ORDER BY recorded_at DESC, id DESC LIMIT 1"
RIGHTS = """
SELECT coalesce(relacl::text, ''), relrowsecurity, pg_get_userbyid(relowner), relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
UNION ALL SELECT coalesce(proacl::text, ''), prosecdef, pg_get_userbyid(proowner), oid::regprocedure::text FROM pg_proc
WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 4
"""


@pytest.fixture
def elsewhere(server: launcher.Server, committed: str) -> Iterator[str]:
    """An empty database with its roles, as step 1 makes it."""
    name = f"{committed}_restored"
    launcher.prepare(server, name)
    try:
        yield name
    finally:
        with psycopg.connect(server.superuser_url("postgres"), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(server: launcher.Server, program: str, *words: str) -> None:
    """A program of the server's own version, with words that the guide says."""
    said = (
        f"{program} {' '.join(word for word in words if word.startswith('--') and '=' not in word)}".strip()
    )
    guide = GUIDE.read_text()
    assert all(word.split("=")[0] in guide for word in said.split()), f"the guide does not say {said}"
    answer = subprocess.run(
        [server.bindir / program, *words],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert answer.returncode == 0, answer.stderr[-2_000:]


def told(address: str) -> dict[str, Any]:
    """All that the database holds, and who may do what with it."""
    with psycopg.connect(address) as owner:
        tables = [row[0] for row in owner.execute(TABLES)]
        held = {table: owner.execute(CONTENT.format(table)).fetchone() for table in tables}
        return held | {"head": owner.execute(HEAD).fetchone(), "rights": owner.execute(RIGHTS).fetchall()}


def test_what_was_backed_up_comes_back_whole(
    committed: str, elsewhere: str, server: launcher.Server, settings: Any, tmp_path: Path
) -> None:
    if not all((server.bindir / program).exists() for program in ("pg_dump", "pg_restore")):
        pytest.skip(f"{server.bindir} holds a server without pg_dump and pg_restore")
    settings.GRUPPETTO_FILES_FOLDER = tmp_path / "files"
    with as_owner_of(committed, server):
        cast = on_stage()
    with acting(cast.alice.actor):
        paper = receive("carte.pdf", BytesIO(PDF), cast.jeanne.pk, portfolio_id=cast.portfolio.pk)
    make.intervention(cast.jeanne, cast.alice, complete=False)
    dump = tmp_path / "gruppetto.dump"
    run(server, "pg_dump", "--format=custom", "--no-password", f"--file={dump}", server.owner_url(committed))
    shutil.copytree(tmp_path / "files", tmp_path / "back-up")
    run(server, "pg_restore", "--exit-on-error", f"--dbname={server.superuser_url(elsewhere)}", str(dump))

    before, after = told(server.owner_url(committed)), told(server.owner_url(elsewhere))
    assert before["journal_entry"][0] >= 2
    assert before["people_person"][0] == before["interventions_intervention"][0] == 1
    assert {name for name in before if before[name] != after.get(name)} == set()

    settings.GRUPPETTO_FILES_FOLDER = tmp_path / "back-up"
    shutil.rmtree(tmp_path / "files")
    with connected_to(server.web_url(elsewhere)):
        with acting(cast.alice.actor):
            assert File.objects.get(pk=paper.pk).open() == PDF
            assert Person.objects.count() == 1
        with acting(cast.bob.actor):
            assert not Person.objects.exists(), "row security came back too"
