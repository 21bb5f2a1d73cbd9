"""``gruppetto bench journal``: an export verified offline by the stranger's verifier, one proof made and verified.

Entries are written by one statement (their bodies too), sealed by the sealer itself in batches that make about so many
heads, exported, and then verified in a process of its own that asks no database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg

from bench.tools.measure import Report, arguments, progress
from gruppetto import launcher
from gruppetto.cli.database import environment
from gruppetto.cli.places import PACKAGE
from gruppetto.launcher.sealing import seal_key

DATABASE = "journal"
MOST_HEADS = 20_000
# As an act of the platform has them: identifiers, a person, a body of a hundred signs.
WRITE = """
WITH made AS (
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS person, substr(sha256(n::text::bytea), 1, 16) AS salt,
           '{"reference":"D-' || n || '","kind":"document","channel":"phone","note":"un fait de plus, noté"}' AS data
    FROM generate_series(1, %s) AS n),
bodies AS (INSERT INTO journal_body (entry_id, salt, data) SELECT id, salt, data FROM made),
waiting AS (INSERT INTO journal_pending (entry_id) SELECT id FROM made)
INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, account_id, request, subject, subject_id,
                           person_id, portfolio_id, commitment)
SELECT id, now(), now(), 'act', 'intervention.answered', 'account:' || person, person, person,
       'interventions.intervention', id, person, 12, sha256(salt || convert_to(data, 'UTF8')) FROM made
"""


def main(argv: Sequence[str]) -> int:
    """Run the bench; 0 when every bar is reached."""
    parser = arguments("journal", __doc__ or "")
    parser.add_argument("--scale", type=int, default=100_000, help="entries (default 100 000)")
    parser.add_argument("--heads", type=int, help="heads (default: one for 50 entries, at most 20 000)")
    parser.add_argument("--proofs", type=int, default=200, help="proofs made and verified (default 200)")
    asked = parser.parse_args(argv)
    heads = asked.heads or min(MOST_HEADS, max(1, asked.scale // 50))
    report = Report("journal", {"entries": asked.scale, "heads": heads, "proofs": asked.proofs})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gruppetto-bench-")))
        server = stack.enter_context(platform(folder))
        from gruppetto.kernel.journal import keys
        from gruppetto.kernel.journal.sealing import sealer

        seal_key(folder / "journal.key")
        key = keys.read(folder / "journal.key")
        with psycopg.connect(server.superuser_url(DATABASE), autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(WRITE, [asked.scale])
            admin.execute("VACUUM ANALYZE")
        with sealer(server.sealer_url(DATABASE)) as connection:
            sealing(report, connection, key, asked.scale, heads)
            proving(report, connection, asked.proofs)
            exporting(report, connection, folder / "export")
        server.stop()
        verifying(report, folder / "export", key.name.hex())
    return report.say(asked.json)


@contextmanager
def platform(folder: Path) -> Iterator[launcher.Server]:
    """A server with the platform's tables and nobody in them."""
    server = launcher.ensure(folder / "postgres", die_with_parent=True)
    try:
        launcher.prepare(server, DATABASE)
        os.environ.update(environment(server, DATABASE), GRUPPETTO_AS="owner", GRUPPETTO_FOLDER=str(folder))
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        connection.close()
        yield server
    finally:
        server.destroy()


def sealing(report: Report, connection: psycopg.Connection, key: object, entries: int, heads: int) -> None:
    """Seal them all, a head a batch."""
    from gruppetto.kernel.journal.keys import SealKey
    from gruppetto.kernel.journal.sealing import seal

    assert isinstance(key, SealKey)
    most, done, spent = -(-entries // heads), 0, []
    with progress("sealing", entries) as show:
        while True:
            begun = time.perf_counter()
            sealed = seal(connection, key, most)
            if not sealed:
                break
            spent.append((time.perf_counter() - begun) * 1000)
            done += sealed
            if len(spent) % 100 == 0:
                show(done)
    assert done == entries
    report.figure("heads", len(spent))
    report.spread(f"seal_{most}_ms", spent)
    report.figure("sealed_per_s", 1000 * done / sum(spent))
    [[size]] = connection.execute("SELECT pg_total_relation_size('journal_leaf')").fetchall()
    report.figure("leaf_bytes", size / done)


def proving(report: Report, connection: psycopg.Connection, times: int) -> None:
    """Proofs of entries all along the tree, made from the database, then verified as a stranger does."""
    from gruppetto.kernel.journal.exporting import prove
    from gruppetto.kernel.journal.verifier import Report as Verdict
    from gruppetto.kernel.journal.verifier import check_proof

    [[size]] = connection.execute("SELECT count(*) FROM journal_leaf").fetchall()
    some = "SELECT entry_id FROM journal_leaf WHERE position = ANY (%s)"
    places = list(range(0, size, max(1, size // times)))
    entries: list[UUID] = [one for (one,) in connection.execute(some, [places]).fetchall()]
    made, verified, sizes = [], [], []
    for entry in entries[:times]:
        begun = time.perf_counter()
        proof = prove(connection, entry)
        made.append((time.perf_counter() - begun) * 1000)
        text = json.dumps(proof)
        begun, verdict = time.perf_counter(), Verdict()
        check_proof(json.loads(text), verdict)
        verified.append((time.perf_counter() - begun) * 1000)
        assert not verdict.wrong
        sizes.append(len(text))
    report.spread("proof_made_ms", made, p95=5)
    report.spread("proof_verified_ms", verified, p95=5)
    report.figure("proof_bytes", sum(sizes) / len(sizes))


def exporting(report: Report, connection: psycopg.Connection, folder: Path) -> None:
    """The export, with its bodies."""
    from gruppetto.kernel.journal.exporting import export

    begun = time.perf_counter()
    export(connection, folder, bodies=True)
    report.figure("export_s", time.perf_counter() - begun)
    report.figure("export_mb", sum(file.stat().st_size for file in folder.iterdir()) / 1e6)


def verifying(report: Report, folder: Path, key: str) -> None:
    """The verifier as a plain script, in a Python that knows nothing of the platform; the server is stopped."""
    script = PACKAGE / "kernel/journal/verifier.py"
    # The most memory it had, in kB: Linux begins to count anew with each program.
    call = (
        "import runpy, sys\n"
        "sys.argv[:] = sys.argv[1:]\n"
        "try: runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "finally: print(*[x for x in open('/proc/self/status') if x.startswith('VmHWM')], file=sys.stderr)"
    )
    begun = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-I", "-c", call, script, folder, "--key", key],
        capture_output=True,
        text=True,
        check=False,
    )
    report.figure("verify_s", time.perf_counter() - begun, bar=40)
    report.figure("verify_memory_mb", int(answer.stderr.split()[-2]) / 1000)
    assert answer.returncode == 0, answer.stdout + answer.stderr
