"""``gruppetto journal``: seal, export, verify, prove, forget, and the key; each as the role that needs least."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from gruppetto.launcher import LauncherError
from gruppetto.launcher.roles import VARIABLES
from gruppetto.launcher.sealing import seal_key

if TYPE_CHECKING:
    from gruppetto.kernel.journal.sealing import Connection


def main(argv: Sequence[str]) -> int:
    """Do one of the words; 1 when it is refused, 2 when what is asked is not understood.

    ``verify`` is the stranger's verifier itself: it needs no settings and no database.
    """
    if argv and argv[0] == "verify":
        from gruppetto.kernel.journal.verifier import main as verify

        return verify(argv[1:])
    asked = _words().parse_args(argv)
    # Looks at the database as the sealer does; forgetting is the owner's alone.
    os.environ["GRUPPETTO_AS"] = "owner" if asked.word == "forget" else "sealer"
    import django

    django.setup()
    from gruppetto.kernel.errors import Refused
    from gruppetto.kernel.journal.keys import KeyUnfit
    from gruppetto.kernel.journal.sealing import AnotherKey, Unsound

    try:
        return int(asked.do(asked) or 0)
    except (Refused, KeyUnfit, AnotherKey, Unsound) as refusal:
        sys.stderr.write(f"gruppetto journal {asked.word}: {refusal}\n")
        return 1


def _words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gruppetto journal")
    words = parser.add_subparsers(dest="word", required=True)
    seal = words.add_parser("seal", help="seal all that waits, now")
    seal.set_defaults(do=_seal)
    export = words.add_parser("export", help="write it all as files that any tool reads")
    export.add_argument("folder", type=Path, help="where; must not exist")
    export.add_argument("--bodies", action="store_true", help="with what entries say beyond identifiers")
    export.set_defaults(do=_export)
    words.add_parser("verify", help="verify an export or a proof; needs no database", add_help=False)
    prove = words.add_parser("prove", help="print the proof of an entry, or that a head continues another")
    prove.add_argument("entry", nargs="?", type=UUID, help="the entry's identifier")
    prove.add_argument("--size", type=int, help="under the head of that many leaves (default: the last one)")
    prove.add_argument("--from", dest="older", type=int, help="without an entry: the size of the older head")
    prove.set_defaults(do=_prove)
    forget = words.add_parser("forget", help="forget the body of an entry, for good")
    forget.add_argument("entry", type=UUID, help="the entry's identifier")
    forget.add_argument("--why", required=True, help="kept beside it; names nobody")
    forget.set_defaults(do=_forget)
    key = words.add_parser("key", help="make the key where there is none, and print its name")
    key.add_argument("--rotate", action="store_true", help="a new one, announced by the one in force")
    key.add_argument("--lost", action="store_true", help="a new one, when the one in force is lost")
    key.set_defaults(do=_key)
    return parser


@contextmanager
def _sealer() -> Iterator[Connection]:
    from django.conf import settings

    from gruppetto.kernel.journal.sealing import sealer

    if not settings.GRUPPETTO_SEALER:
        raise LauncherError(f"Set {VARIABLES['sealer']} first.")
    with sealer(settings.GRUPPETTO_SEALER) as connection:
        yield connection


def _seal(asked: argparse.Namespace) -> None:
    from django.conf import settings

    from gruppetto.kernel.journal import keys
    from gruppetto.kernel.journal.sealing import seal

    key, total = keys.read(settings.GRUPPETTO_SEAL_KEY_FILE), 0
    with _sealer() as connection:
        while done := seal(connection, key):
            total += done
    print(f"{total} sealed")


def _export(asked: argparse.Namespace) -> None:
    from gruppetto.kernel.journal.exporting import export

    with _sealer() as connection:
        written = export(connection, asked.folder, bodies=asked.bodies)
    print(", ".join(f"{name}: {count}" for name, count in written.items()))


def _prove(asked: argparse.Namespace) -> int:
    from gruppetto.kernel.journal.exporting import prove, prove_growth

    if (asked.entry is None) == (asked.older is None):
        sys.stderr.write("gruppetto journal prove: an entry, or --from.\n")
        return 2
    with _sealer() as connection:
        if asked.entry is not None:
            proof = prove(connection, asked.entry, asked.size)
        else:
            proof = prove_growth(connection, asked.older, asked.size)
    print(json.dumps(proof, ensure_ascii=False, indent=1))
    return 0


def _forget(asked: argparse.Namespace) -> None:
    from gruppetto.kernel.actors import Actor, acting
    from gruppetto.kernel.journal.forgetting import forget

    with acting(Actor.command("journal forget")):
        done = forget(asked.entry, asked.why)
    print("forgotten" if done else "was forgotten already")


def _key(asked: argparse.Namespace) -> None:
    from django.conf import settings

    from gruppetto.kernel.journal import keys
    from gruppetto.kernel.journal.rotation import rotate

    place = settings.GRUPPETTO_SEAL_KEY_FILE
    if asked.rotate or asked.lost:
        with _sealer() as connection:
            key = rotate(connection, place, lost=asked.lost)
    else:
        seal_key(place)
        key = keys.read(place)
    print(f"{place}: {key.name.hex()}")
