"""What the launcher remembers of a folder, and the lock that makes its steps one at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from gruppetto.launcher.ladder import Mode, Rung

STATE = "server.json"
LOCK = "lock"


@dataclass
class State:
    """Contents of ``server.json`` (0600: it holds the passwords)."""

    mode: Mode | None = None
    home: str = ""
    """Where the data folder and the log are; elsewhere than the folder for mode "nobody"."""
    binaries: str = ""
    version: str = ""
    port: int = 0
    durable: bool = True
    guarded: bool = False
    """True when the server must stop with the last process that asked for it."""
    initialised: bool = False
    passwords: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> State:
        """The state of a folder; a fresh one if nothing was ever started there."""
        try:
            known = json.loads((folder / STATE).read_text())
        except FileNotFoundError:
            return cls()
        names = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in known.items() if name in names})

    def write(self, folder: Path) -> None:
        """Replace the file in one step, kept by whoever owns the folder."""
        place = folder / STATE
        draft = place.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=1)
        if os.geteuid() == 0:
            owner = folder.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        draft.replace(place)

    def data_remains(self) -> bool:
        """Whether a finished data folder is really there (a temporary folder may have been swept)."""
        return self.initialised and (Path(self.home) / "data" / "PG_VERSION").exists()

    def remember(self, rung: Rung) -> None:
        """Keep the mode that worked, and where its data are."""
        self.mode, self.home = rung.mode, str(rung.home)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one process at a time starts, stops or leaves the server of this folder."""
    with open(folder / LOCK, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
