"""Under which identity PostgreSQL runs, since it refuses to be root (decisions 28).

A plain user runs it directly. Root first tries a user namespace, where root is seen as ``nobody``
and no file changes hands; where containers forbid that, a real ``nobody`` runs it from a folder of the
system's temporary folder, with the wheel copied beside since root's own folders are closed to it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gruppetto.launcher.binaries import WHEEL, Binaries
from gruppetto.launcher.errors import LauncherError

Mode = Literal["direct", "namespace", "nobody"]
NOBODY = 65534
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")


@dataclass(frozen=True)
class Rung:
    """One way to run the programs: a prefix of the command, or another user, and where data lives."""

    mode: Mode
    home: Path
    prefix: tuple[str, ...] = ()
    user: tuple[int, int] | None = None

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL itself."""
        return self.home / "data"

    def own(self, path: Path) -> None:
        """Give a file to whoever runs the server on this rung."""
        if self.user:
            os.chown(path, *self.user)

    def run(self, command: Sequence[str]) -> str:
        """Run a program to its end and return what it printed; raises LauncherError with its last words.

        Its output goes to a file, not a pipe: a server left behind would hold a pipe open for ever.
        """
        user, group = self.user or (None, None)
        with tempfile.TemporaryFile("w+") as output:
            try:
                answer = subprocess.run(
                    [*self.prefix, *command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env=clean_environment(),
                    user=user,
                    group=group,
                    extra_groups=[] if self.user else None,
                    check=False,
                )
            except OSError as refused:
                raise LauncherError(f"{command[0]} cannot run in mode {self.mode}: {refused}") from refused
            output.seek(0)
            said = output.read().strip()
        if answer.returncode:
            raise LauncherError(f"{command[0]} failed in mode {self.mode}: {said[-800:]}")
        return said


def clean_environment() -> dict[str, str]:
    """The environment without PG… variables, which would send the programs to another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def modes() -> Iterator[Mode]:
    """The modes worth trying for a fresh data folder, best first."""
    if os.geteuid() != 0:
        yield "direct"
        return
    if shutil.which(NAMESPACE[0]):
        yield "namespace"
    yield "nobody"


def rung(mode: Mode, folder: Path, home: Path | None = None) -> Rung:
    """The rung for a mode; ``home`` is where data already lives, None to choose (and make) the place."""
    if mode == "namespace":
        return Rung(mode, home or folder, prefix=NAMESPACE)
    if mode == "nobody":
        account = pwd.getpwnam("nobody")
        return Rung(mode, home or _nobody_home(account), user=(account.pw_uid, account.pw_gid))
    place = home or folder
    if os.geteuid() != 0:
        return Rung(mode, place)
    # Root on a folder that a plain user made: go on as that user.
    owner = place.stat()
    return Rung(mode, place, user=(owner.st_uid, owner.st_gid))


def programs_for(used: Rung, binaries: Binaries) -> Binaries:
    """The binaries as that rung can read them: ``nobody`` gets its own copy of the wheel."""
    if used.mode != "nobody" or binaries.wheel is None:
        return binaries
    copy = used.home / WHEEL / "pginstall"
    if not (copy / "complete").exists():
        shutil.rmtree(used.home / WHEEL, ignore_errors=True)
        shutil.copytree(binaries.wheel / WHEEL / "pginstall", copy)
        # The programs look for their libraries here, by a path relative to themselves.
        shutil.copytree(binaries.wheel / f"{WHEEL}.libs", used.home / f"{WHEEL}.libs", dirs_exist_ok=True)
        for place in (used.home / WHEEL, used.home / f"{WHEEL}.libs"):
            for path in (place, *place.rglob("*")):
                os.lchown(path, *used.user or (-1, -1))
        (copy / "complete").touch()
    return Binaries(copy / "bin", binaries.version)


def _nobody_home(account: pwd.struct_passwd) -> Path:
    home = Path(tempfile.mkdtemp(prefix="gruppetto-postgres-"))
    os.chown(home, account.pw_uid, account.pw_gid)
    return home
