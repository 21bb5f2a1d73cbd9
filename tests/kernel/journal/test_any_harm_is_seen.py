"""Whatever is done to an export, with its counts made right again: seen against a head and a key kept elsewhere."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gruppetto.kernel.journal.verifier import FILES, Report, check_export
from tests.kernel.journal.staging import Stage, words

# What a sealed journal is made of; the other files tell nothing that is believed alone.
SEALED = ("keys.txt", "heads.txt", "leaves.txt", "entries.txt")
Lines = list[bytes]


def altered(chance: random.Random, lines: Lines) -> Lines:
    """One sign of one line is another: not the same in capitals, which is the same number."""
    rank = chance.randrange(len(lines))
    line = bytearray(lines[rank])
    place = chance.randrange(len(line))
    others = [sign for sign in range(32, 127) if chr(sign).lower() != chr(line[place]).lower()]
    line[place] = chance.choice(others)
    return [*lines[:rank], bytes(line), *lines[rank + 1 :]]


def taken_away(chance: random.Random, lines: Lines) -> Lines:
    rank = chance.randrange(len(lines))
    return lines[:rank] + lines[rank + 1 :]


def put_in(chance: random.Random, lines: Lines) -> Lines:
    """One line, once more, somewhere."""
    rank = chance.randrange(len(lines) + 1)
    return [*lines[:rank], chance.choice(lines), *lines[rank:]]


def moved(chance: random.Random, lines: Lines) -> Lines:
    """Two lines have each other's place (of two that differ)."""
    a, b = chance.sample(range(len(lines)), 2)
    swapped = list(lines)
    swapped[a], swapped[b] = lines[b], lines[a]
    return swapped


def cut(chance: random.Random, lines: Lines) -> Lines:
    return lines[: chance.randrange(len(lines))]


HARMS: tuple[Callable[[random.Random, Lines], Lines], ...] = (altered, taken_away, put_in, moved, cut)


def seen(folder: Path, key: str, kept: list[str]) -> bool:
    """As ``main`` does: what cannot be read is a fault too."""
    report = Report()
    try:
        check_export(folder, report, [key], kept)
    except (ValueError, LookupError, TypeError):
        return True
    return report.wrong


def play(journal: Stage, times: int, seed: int) -> None:
    sound, harmed = journal.export("sound"), journal.folder / "harmed"
    key, kept = journal.key.name.hex(), (sound / "heads.txt").read_text().splitlines()[-1:]
    assert not seen(sound, key, kept)
    shutil.copytree(sound, harmed)
    contents = {name: (sound / name).read_bytes().splitlines(keepends=True) for name in FILES}
    chance, unseen, done = random.Random(seed), [], 0
    while done < times:
        name, harm = chance.choice(SEALED), chance.choice(HARMS)
        # The order of the lines of entries says nothing: they are found by their name. One key has one place.
        if harm is moved and name in ("entries.txt", "keys.txt"):
            continue
        bare = [line[:-1] for line in contents[name]]
        lines = [line + b"\n" for line in harm(chance, bare)]
        (harmed / name).write_bytes(b"".join(lines))
        counts = {one: len(contents[one]) for one in FILES} | {name: len(lines)}
        (harmed / "whole.json").write_text(json.dumps({"lines": counts, "bodies": True}))
        if not seen(harmed, key, kept):
            unseen.append((name, harm.__name__, set(lines) ^ set(contents[name])))
        (harmed / name).write_bytes(b"".join(contents[name]))
        done += 1
    assert unseen == []


def test_two_hundred_harms_are_seen(journal: Stage) -> None:
    play(journal, 200, seed=1)
    assert words(journal.verify()) == {"valide": 12}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_harms_are_seen(journal: Stage, seed: int) -> None:
    play(journal, 1_000, seed)
