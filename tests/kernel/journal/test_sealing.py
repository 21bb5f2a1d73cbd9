"""The sealer on a real PostgreSQL: none missed, none doubled, whatever happens to it (decisions 14)."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import errors

from gruppetto.kernel.journal import keys, sealing
from gruppetto.kernel.journal.keys import KeyUnfit, SealKey
from gruppetto.kernel.journal.sealing import AnotherKey, Unsound, change_key, hold, seal, sealer
from gruppetto.kernel.journal.verifier import Frontier
from gruppetto.launcher.sealing import seal_key
from tests.kernel.journal.staging import Stage, new_key, words
from tests.support.races import at_once


def covered(stage: Stage, expected: int) -> None:
    """Each entry has one leaf, positions have no hole, heads follow each other, and the verifier agrees."""
    assert stage.ask("SELECT count(*) FROM journal_pending") == [0]
    [counted] = stage.ask("SELECT count(*), count(DISTINCT entry_id), max(position) + 1 FROM journal_leaf")
    assert counted == (expected, expected, expected)
    report = stage.verify()
    assert (words(report), report.faults) == ({"valide": expected}, [])


def test_what_waits_is_sealed_in_bounded_batches_and_the_tree_grows(stage: Stage) -> None:
    stage.write(7)
    assert stage.seal(most=3) == [3, 3, 1]
    stage.write(2)
    assert stage.seal() == [2]
    assert stage.ask("SELECT size, previous FROM journal_head ORDER BY size") == [
        (3, 0),
        (6, 3),
        (7, 6),
        (9, 7),
    ]
    growing = Frontier()
    for leaf, completed in stage.ask("SELECT hash, completed FROM journal_leaf ORDER BY position"):
        assert growing.add(bytes(leaf)) == bytes(completed)
    assert growing.root == bytes(stage.ask("SELECT root FROM journal_head WHERE size = 9")[0])
    assert stage.seal() == []
    covered(stage, 9)


def test_two_rivals_miss_none_and_double_none(stage: Stage) -> None:
    stop = threading.Event()

    def sealing() -> int:
        total = 0
        with sealer(stage.address) as connection:
            while True:
                last = stop.is_set()
                try:
                    done = seal(connection, stage.key, 4)
                except (errors.UniqueViolation, errors.DeadlockDetected):
                    # The rival made the first head at the same moment: again.
                    continue
                total += done
                if last and not done:
                    return total

    def writing() -> int:
        return len(stage.write(20))

    def ending() -> list[object]:
        try:
            return at_once(writing, writing)
        finally:
            stop.set()

    first, second, written = at_once(sealing, sealing, ending)
    assert written == [20, 20]
    assert first + second == 40
    covered(stage, 40)


def test_who_waited_for_a_rival_goes_on_from_that_one_s_head(stage: Stage) -> None:
    stage.write(1)
    stage.seal()
    stage.write(2)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with sealer(stage.address) as rival, sealer(stage.address) as late:
        with rival.transaction():
            assert hold(rival) is not None
            answers: list[object] = []
            thread = threading.Thread(target=lambda: answers.append(seal(late, stage.key, 1)))
            thread.start()
            while stage.ask(waiting) == [0]:
                assert thread.is_alive()
            assert seal(rival, stage.key, 1) == 1
        thread.join(60)
    assert answers == [1]
    covered(stage, 3)


def test_writers_wait_for_no_sealer(stage: Stage) -> None:
    stage.write(3)
    with sealer(stage.address) as connection, connection.transaction():
        assert seal(connection, stage.key) == 3
        # Its transaction is still open: entries are written, and would have waited for ever.
        assert len(stage.write(2)) == 2
    assert stage.seal() == [2]
    covered(stage, 5)


KILLED = """
import sys
from pathlib import Path
from gruppetto.kernel.journal import keys, sealing
key = keys.read(Path(sys.argv[2]))
with sealing.sealer(sys.argv[1]) as connection, connection.transaction():
    print(sealing.seal(connection, key), flush=True)
    sys.stdin.read()
"""


def started(stage: Stage, program: str) -> subprocess.Popen[bytes]:
    """That program in a process of its own, told where the sealer signs in and where its key is."""
    words = [sys.executable, "-W", "ignore", "-c", program, stage.address, str(stage.folder / "journal.key")]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "gruppetto.settings"}
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def test_killed_in_the_middle_nothing_is_lost(stage: Stage) -> None:
    stage.write(5)
    child = started(stage, KILLED)
    assert child.stdout is not None
    # Leaves and head are written, nothing is committed.
    assert child.stdout.readline() == b"5\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert stage.seal() == [5]
    covered(stage, 5)


SEALING = """
import sys
from pathlib import Path
from gruppetto.kernel.journal import keys, sealing
key = keys.read(Path(sys.argv[2]))
with sealing.sealer(sys.argv[1]) as connection:
    while True:
        sealing.seal(connection, key, 5)
        print(flush=True)
"""


@pytest.mark.soak
def test_killed_a_hundred_times_at_any_instant_nothing_is_lost(stage: Stage) -> None:
    chance, pause = random.Random(1), threading.Event()
    for _ in range(100):
        stage.write(20)
        child = started(stage, SEALING)
        assert child.stdout is not None
        for _ in range(chance.randrange(4)):
            child.stdout.readline()
        pause.wait(chance.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert stage.ask("SELECT count(*) > 100 FROM journal_leaf") == [True], (
        "killed before it had sealed anything"
    )
    stage.seal()
    covered(stage, 2_000)


def test_only_read_committed_seals(stage: Stage) -> None:
    stage.write(1)
    with sealer(stage.address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(errors.RaiseException, match="a head follows the last one"):
            seal(connection, stage.key)
    assert stage.ask("SELECT count(*) FROM journal_pending") == [1]


def test_nobody_alters_a_seal_not_even_the_owner(stage: Stage) -> None:
    stage.write(1)
    stage.seal()
    for table, column in (("journal_leaf", "hash"), ("journal_head", "root"), ("journal_key", "public")):
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with (
                psycopg.connect(stage.server.owner_url(stage.name)) as owner,
                pytest.raises(errors.RaiseException, match="the_journal_is_never_altered"),
            ):
                owner.execute(statement)
            with sealer(stage.address) as connection, pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_head_that_does_not_follow_is_refused_by_the_database(stage: Stage) -> None:
    stage.write(2)
    stage.seal()
    add = (
        "INSERT INTO journal_head (size, previous, root, at, key, signature) VALUES (%s, %s, %s, {}, '', '')"
    )
    with sealer(stage.address) as connection:
        for size, previous, at in ((3, 2, "now()"), (3, 0, "now()"), (2, 2, "now()")):
            with pytest.raises(psycopg.DatabaseError, match=r"a head follows|larger_than"):
                connection.execute(add.format(at), [size, previous, b"r" * 32])


def test_a_clock_set_back_takes_no_head_back_with_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.write(1)
    with monkeypatch.context() as ahead:
        ahead.setattr(
            sealing, "NOW", sealing.NOW.replace("clock_timestamp()", "(clock_timestamp() + interval '50 s')")
        )
        stage.seal()
    stage.write(1)
    stage.seal()
    # The verifier refuses heads that go back in time.
    covered(stage, 2)


def test_the_lock_of_the_head_changes_nothing(stage: Stage) -> None:
    stage.write(1)
    stage.seal()
    with sealer(stage.address) as connection, pytest.raises(errors.RaiseException, match="never_altered"):
        connection.execute("UPDATE journal_head SET size = 9")


def test_the_sealer_goes_no_further_on_what_it_does_not_recognise(stage: Stage) -> None:
    stage.write(5)
    stage.seal()
    stage.write(1)
    before = stage.ask("SELECT hash FROM journal_leaf WHERE position = 4")[0]
    stage.spoil("UPDATE journal_leaf SET hash = sha256('x') WHERE position = 4")
    with pytest.raises(Unsound, match="do not give the root"):
        stage.seal()
    stage.spoil("UPDATE journal_leaf SET hash = %s WHERE position = 4", before)
    stage.spoil("UPDATE journal_head SET at = at - interval '1 day' WHERE size = 5")
    with pytest.raises(Unsound, match="signature"):
        stage.seal()
    stage.spoil("UPDATE journal_head SET at = at + interval '1 day' WHERE size = 5")
    assert stage.seal() == [1]
    covered(stage, 6)


def test_what_waits_and_is_no_entry_goes_on_waiting(stage: Stage) -> None:
    [first, *_] = stage.write(2)
    stage.seal()
    stage.spoil("INSERT INTO journal_pending (entry_id) VALUES (%s), (gen_random_uuid())", first)
    stage.write(1)
    assert stage.seal() == [1]
    assert stage.ask("SELECT count(*) FROM journal_pending") == [2]


def test_another_key_seals_nothing_until_it_is_announced(stage: Stage) -> None:
    stage.write(1)
    stage.seal()
    stage.write(1)
    other = new_key(stage.folder / "other.key")
    with pytest.raises(AnotherKey):
        stage.seal(key=other)
    with sealer(stage.address) as connection:
        with pytest.raises(AnotherKey):
            change_key(connection, stage.key, other)
        assert change_key(connection, other, stage.key).since == 1
        with pytest.raises(AnotherKey, match="served already"):
            change_key(connection, stage.key, other)
    with pytest.raises(AnotherKey):
        stage.seal()
    assert stage.seal(key=other) == [1]
    covered(stage, 2)


def test_a_key_is_its_owner_s_alone(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "journal.key"
    key = new_key(place)
    assert place.stat().st_mode & 0o777 == 0o600
    assert key.name == hashlib.sha256(key.public).digest()
    assert not seal_key(place), "a key is never written over"
    assert keys.read(place).public == key.public
    place.chmod(0o640)
    with pytest.raises(KeyUnfit, match="chmod 600"):
        keys.read(place)
    place.write_text("not a key")
    place.chmod(0o600)
    with pytest.raises(KeyUnfit, match="PEM"):
        keys.read(place)
    with pytest.raises(KeyUnfit, match="No such file"):
        keys.read(tmp_path / "absent")


def test_a_key_made_elsewhere_serves_too(tmp_path: Path) -> None:
    place = tmp_path / "made.key"
    # RFC 8410, 10.3.
    lines = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
    place.write_text(f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n")
    place.chmod(0o600)
    key: SealKey = keys.read(place)
    assert key.public.hex() == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
    Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b"text"), b"text")
