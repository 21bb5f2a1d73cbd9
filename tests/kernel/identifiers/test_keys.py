"""Row keys: UUIDv7 as RFC 9562 writes it, drawn anew in every process (decisions 5)."""

from __future__ import annotations

import os
import time
from uuid import RFC_4122, UUID

from gruppetto.kernel.identifiers import drawn_at, new_id

RANDOM = (1 << 62) - 1


def test_a_key_is_of_version_seven_and_says_when_it_was_drawn() -> None:
    before = time.time_ns() // 1_000_000
    keys = [new_id() for _ in range(1_000)]
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert before <= min(map(drawn_at, keys)) <= max(map(drawn_at, keys)) <= time.time_ns() // 1_000_000
    assert len({key.int & RANDOM for key in keys}) == len(keys)
    assert keys == sorted(keys)


def test_a_forked_process_never_repeats_its_parent() -> None:
    new_id()
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.write(writing, b"".join(new_id().bytes for _ in range(100)))
        os._exit(0)
    ours = {new_id().int & RANDOM for _ in range(100)}
    os.waitpid(child, 0)
    drawn = os.read(reading, 1_600)
    os.close(reading)
    os.close(writing)
    theirs = {UUID(bytes=drawn[start : start + 16]).int & RANDOM for start in range(0, 1_600, 16)}
    assert len(ours | theirs) == 200
